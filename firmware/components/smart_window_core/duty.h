// SPDX-License-Identifier: Apache-2.0
// How long a motor may run before it must cool: a budget that running spends and standing fills again.
#pragma once
#include "units.h"

namespace window_core {

struct DutyConfig {
  Micros budget{kNever};     // running time from cold; kNever: no limit
  int32_t rest_per_run{3};   // standing seconds that give back one second: 3 is a duty of 25 %
  int32_t resume_percent{25};  // of the budget that must be there before an exhausted motor goes on
};

class Duty {
 public:
  explicit Duty(const DutyConfig &config) : config_(config), left_(config.budget) {}

  // How long it may run from now on.
  Micros left() const { return left_; }

  // How long it must stand before it may run; 0: it may run now.
  Micros rest_needed() const {
    if (!is_limited() || !exhausted_)
      return 0;
    return latest(0, resume_at() - left_) * config_.rest_per_run - spare_;
  }

  void run(Micros time) {
    if (!is_limited())
      return;
    left_ -= time;
    if (left_ <= 0)
      left_ = 0, exhausted_ = true, spare_ = 0;
  }

  void rest(Micros time) {
    if (!is_limited() || left_ == config_.budget)
      return;
    // Microseconds that do not yet make a whole one are kept: many short rests count as much as one long one.
    const Micros whole = earliest(time, kMaxRest) + spare_;
    left_ = earliest(config_.budget, left_ + whole / config_.rest_per_run);
    spare_ = whole % config_.rest_per_run;
    if (left_ >= resume_at())
      exhausted_ = false;
  }

 private:
  static constexpr Micros kMaxRest = 24 * 60 * kMinute;
  bool is_limited() const { return config_.budget != kNever; }
  Micros resume_at() const { return config_.budget / 100 * config_.resume_percent; }

  DutyConfig config_;
  Micros left_;
  Micros spare_{0};
  bool exhausted_{false};
};

}  // namespace window_core
