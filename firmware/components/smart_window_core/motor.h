// SPDX-License-Identifier: Apache-2.0
// The sash and its motor: where it is, where it goes, when the motor must run and when it must not.
//
// The place is reckoned from running time; an encoder, an end stop or a jam correct it. An unknown place is learnt by
// closing for the whole way. A jammed sash is driven for as long as the whole way takes, then the motor gives up and the
// target stays. The motor itself is nobody's but drive()'s: whoever owns the outputs sets them to what it says.
#pragma once
#include "duty.h"
#include "units.h"
#include "words.h"

namespace window_core {

enum class Drive : uint8_t { kOff, kOpen, kClose };

struct MotorConfig {
  Micros open_time{20 * kSecond}, close_time{20 * kSecond};  // of the whole way
  Micros overrun{0};   // pushed on at an end, so that closed is closed
  Micros pause{0};     // off between two directions, and after a start of the device
  Place end_zone{0};   // a stall so near to the end that it is driven to is that end
  DutyConfig duty{};
};

class Motor {
 public:
  Motor(const MotorConfig &config, MaybePlace place, Micros now)
      : config_(config), duty_(config.duty), base_(place), target_(place), now_(now), since_(now), stopped_at_(now) {}

  MaybePlace target() const { return target_; }
  bool is_driven() const { return phase_ != Phase::kStill; }
  Operation operation() const {
    if (!is_driven())
      return Operation::kIdle;
    return direction_ == Drive::kOpen ? Operation::kOpening : Operation::kClosing;
  }
  // What the outputs must be now.
  Drive drive() const { return runs() ? direction_ : Drive::kOff; }

  MaybePlace place() const {
    if (!base_ || phase_ != Phase::kRunning || jammed_)
      return base_;
    const auto way = static_cast<Place>(earliest((now_ - since_) * kOpen / travel(), distance()));
    return direction_ == Drive::kOpen ? *base_ + way : *base_ - way;
  }

  // When something happens by itself.
  Micros due() const {
    switch (phase_) {
      case Phase::kResting:
        return run_at_;
      case Phase::kRunning:
        return earliest(goal_at(), after(duty_.left()));
      case Phase::kOverrun:
        return earliest(overrun_until_, after(duty_.left()));
      case Phase::kStill:
        break;
    }
    return kNever;
  }

  // When a closing sash is no more above the limit; kNever where it is not, or stays above.
  Micros comes_down_at(Place limit) const {
    if (phase_ != Phase::kRunning || direction_ != Drive::kClose || !base_ || jammed_)
      return kNever;
    return *place() > limit && *target_ <= limit ? since_ + time_for(*base_ - limit) : kNever;
  }

  // Lets time pass, and does what is due until then.
  void advance(Micros now) {
    while (due() <= now) {
      pass(due());
      do_what_is_due();
    }
    pass(now);
  }

  void move_to(Place target) {
    settle();
    target_ = target;
    stuck_ = 0;
    if (!base_ && !is_driven())
      homed_ = 0;
    if (!base_ || *base_ != target)
      begin();
    else if (phase_ != Phase::kOverrun)
      halt();
  }

  // Forgets the place and closes to the end.
  void home() {
    settle();
    if (base_ || !is_driven())
      homed_ = 0;
    base_.reset();
    target_ = kClosed;
    stuck_ = 0;
    begin();
  }

  void stop() {
    settle();
    halt();
    target_ = base_;
  }

  // The sash does not follow although it is driven, or it follows again.
  void jam(bool on) {
    settle();
    jammed_ = on;
  }

  // The encoder's word on a known place.
  void measured(Place place) {
    settle();
    if (!base_)
      return;
    const bool passed = phase_ == Phase::kRunning && (direction_ == Drive::kOpen ? place >= *target_ : place <= *target_);
    base_ = place;
    if (passed)
      arrive();
  }

  // An end stop is pressed.
  void at_end(Drive end) {
    const Place place = end == Drive::kOpen ? kOpen : kClosed;
    settle();
    if (!is_driven()) {
      if (base_ != place)
        base_ = target_ = place;
      return;
    }
    if (direction_ != end || !runs())
      return;
    // Only a place that is being learnt goes on from here. Who came to an end sooner than reckoned stays there: turning
    // back by itself might close on an obstacle, or open in rain.
    const bool was_lost = !base_;
    base_ = place;
    if (target_ == place || !was_lost)
      halt();
    else
      begin();
  }

  // Whether a blocked motor means that it came to the end that it was driven to.
  bool stall_is_end() const {
    const auto at = place();
    if (phase_ == Phase::kOverrun)
      return true;
    if (phase_ != Phase::kRunning || !at || config_.end_zone == 0)
      return false;
    return direction_ == Drive::kOpen ? *at >= kOpen - config_.end_zone : *at <= config_.end_zone;
  }

 private:
  enum class Phase : uint8_t { kStill, kResting, kRunning, kOverrun };

  bool runs() const { return phase_ == Phase::kRunning || phase_ == Phase::kOverrun; }
  Micros travel() const { return direction_ == Drive::kOpen ? config_.open_time : config_.close_time; }
  Micros after(Micros time) const { return time == kNever ? kNever : now_ + time; }
  Micros distance() const { return *target_ > *base_ ? *target_ - *base_ : *base_ - *target_; }

  Micros goal_at() const {
    if (jammed_)
      return now_ + latest(0, travel() - stuck_);
    if (!base_)
      return now_ + latest(0, config_.close_time + config_.overrun - homed_);
    return since_ + time_for(distance());
  }
  // The first microsecond at which the sash has gone so far.
  Micros time_for(Micros distance) const { return (distance * travel() + kOpen - 1) / kOpen; }

  // From here on the way is counted anew.
  void settle() {
    base_ = place();
    since_ = now_;
  }

  void pass(Micros until) {
    const Micros time = until - now_;
    if (time <= 0)
      return;
    if (runs())
      duty_.run(time);
    else
      duty_.rest(time);
    if (phase_ == Phase::kRunning && jammed_)
      stuck_ += time;
    else if (phase_ == Phase::kRunning && !base_)
      homed_ += time;
    now_ = until;
  }

  void do_what_is_due() {
    if (phase_ == Phase::kResting) {
      run();
    } else if (phase_ == Phase::kOverrun) {
      halt();
    } else if (goal_at() <= now_) {
      settle();
      arrive();
    }
    if (phase_ == Phase::kRunning && duty_.left() == 0) {
      settle();
      release();
      rest_until(now_ + duty_.rest_needed());
    }
  }

  void arrive() {
    if (jammed_)
      return halt();
    if (!base_) {
      base_ = kClosed;
      stuck_ = 0;
      return *target_ == kClosed ? halt() : begin();
    }
    base_ = *target_;
    if (config_.overrun == 0 || (*target_ != kClosed && *target_ != kOpen))
      return halt();
    phase_ = Phase::kOverrun;
    overrun_until_ = now_ + config_.overrun;
  }

  // Towards the target, or towards closed while the place is unknown.
  void begin() {
    const Drive wanted = base_ && *target_ > *base_ ? Drive::kOpen : Drive::kClose;
    if (runs() && wanted == direction_) {
      phase_ = Phase::kRunning;
      return;
    }
    release();
    direction_ = wanted;
    const Micros turned = wanted == spun_ ? now_ : latest(now_, stopped_at_ + config_.pause);
    rest_until(latest(turned, now_ + duty_.rest_needed()));
  }

  void rest_until(Micros time) {
    phase_ = Phase::kResting;
    run_at_ = time;
    if (run_at_ <= now_)
      run();
  }

  void run() {
    phase_ = Phase::kRunning;
    spun_ = direction_;
    since_ = now_;
  }

  void halt() {
    release();
    phase_ = Phase::kStill;
  }

  void release() {
    if (runs())
      stopped_at_ = now_;
  }

  MotorConfig config_;
  Duty duty_;
  MaybePlace base_;    // where it was at since_
  MaybePlace target_;
  Micros now_, since_;
  Micros stopped_at_;
  Micros run_at_{0}, overrun_until_{0};
  Micros homed_{0}, stuck_{0};
  Phase phase_{Phase::kStill};
  Drive direction_{Drive::kOff};
  Drive spun_{Drive::kOff};  // the direction in which it ran last
  bool jammed_{false};
};

}  // namespace window_core
