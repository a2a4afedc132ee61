// SPDX-License-Identifier: Apache-2.0
// Rain as a level: how often closing was tried, and how long a hand's leave to be open lasts.
#pragma once
#include "units.h"

namespace window_core {

class RainWatch {
 public:
  static constexpr Micros kLeave = 30 * kMinute, kRetry = 60 * kSecond;
  static constexpr uint8_t kTries = 3;

  explicit RainWatch(bool wet) : wet_(wet) {}

  bool wet() const { return wet_; }
  uint8_t tries() const { return tries_; }
  bool is_exhausted() const { return tries_ >= kTries; }
  bool has_leave() const { return leave_until_ != kNever; }
  Micros leave_until() const { return leave_until_; }
  Micros next_try_at() const { return next_try_at_; }
  // Whether it is too early for the next try.
  bool waits(Micros now) const { return next_try_at_ != kNever && now < next_try_at_; }

  // The sensor changed its mind: leave and tries begin anew.
  void edge(bool wet) {
    wet_ = wet;
    end_leave();
    forget_tries();
  }
  // A hand came; in rain it has its way for half an hour.
  void give_leave(Micros now) {
    leave_until_ = wet_ ? now + kLeave : kNever;
    forget_tries();
  }
  void end_leave() { leave_until_ = kNever; }
  // It is closed, or somebody cleared the way: the next time counts from one.
  void forget_tries() {
    tries_ = 0;
    next_try_at_ = kNever;
  }
  void begin_try(Micros now) {
    tries_++;
    next_try_at_ = now + kRetry;
  }
  // A late stop holds until the next try: a person's stop is obeyed, and it is no leave.
  void pause(Micros now) {
    if (wet_ && !has_leave() && !waits(now))
      next_try_at_ = now + kRetry;
  }

 private:
  Micros leave_until_{kNever}, next_try_at_{kNever};
  uint8_t tries_{0};
  bool wet_;
};

}  // namespace window_core
