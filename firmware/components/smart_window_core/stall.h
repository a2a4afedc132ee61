// SPDX-License-Identifier: Apache-2.0
// Is the sash blocked? A motor that is held draws more current; one that just started does so too, for a moment.
#pragma once
#include "units.h"

namespace window_core {

struct StallConfig {
  int32_t limit_ma{0};                     // 0: there is no current sensor
  Micros blanking{300 * kMillisecond};     // after each start: the inrush is no obstacle
  Micros hold{60 * kMillisecond};          // above the limit for so long without a break
};

class StallWatch {
 public:
  explicit StallWatch(const StallConfig &config) : config_(config) {}

  // The output of the motor changed. Each start begins a new blanking.
  void driven(bool on, Micros now) {
    is_driven_ = on;
    since_ = now;
    above_since_ = kNever;
    told_ = false;
  }

  // One measurement; true once for each stall. A negative current (the other direction) counts as its size.
  bool sample(int32_t current_ma, Micros now) {
    if (config_.limit_ma <= 0 || !is_driven_ || now - since_ < config_.blanking)
      return false;
    const int64_t size = current_ma < 0 ? -int64_t{current_ma} : current_ma;
    if (size < config_.limit_ma) {
      above_since_ = kNever;
      return false;
    }
    if (above_since_ == kNever)
      above_since_ = now;
    if (told_ || now - above_since_ < config_.hold)
      return false;
    told_ = true;
    return true;
  }

 private:
  StallConfig config_;
  Micros since_{0};
  Micros above_since_{kNever};
  bool is_driven_{false};
  bool told_{false};
};

}  // namespace window_core
