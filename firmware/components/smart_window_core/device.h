// SPDX-License-Identifier: Apache-2.0
// One window: its state, and what each input makes of it. contract/README.md holds the rules.
//
// Each input takes the time at which it happened; what is due until then is done first. Times never go back.
#pragma once
#include "fence.h"
#include "link.h"
#include "motor.h"
#include "policy.h"
#include "rain.h"

namespace window_core {

// What outlives a power cut. The place is nothing while the sash moves: whoever was moving does not know where it is.
struct Saved {
  MaybePlace place;
  Place rain_position{kClosed};
  Token hand_id;
  bool obstacle{false};

  bool operator==(const Saved &other) const {
    return place == other.place && rain_position == other.rain_position && hand_id == other.hand_id &&
           obstacle == other.obstacle;
  }
  bool operator!=(const Saved &other) const { return !(*this == other); }
};

struct DeviceConfig {
  MotorConfig motor{};
  Micros close_after_loss{kNever};  // of the link; kNever: the window stays
};

// What was made of a control message. The id is empty where it could not be read.
struct Result {
  Token command_id;
  Verdict verdict{Verdict::kInvalid};
  Reason reason{Reason::kNone};
};

// What the window tells of itself. Empty tokens and absent values are null.
struct State {
  Token session, hand_id, command_id;
  uint32_t rev;
  MaybePlace place, target;
  Operation operation;
  std::optional<Source> source;
  std::optional<Fault> fault;
  Lock lock;
  bool rain, obstacle;
};

class Device {
 public:
  Device(const DeviceConfig &config, const Saved &saved, bool wet, Micros now)
      : config_(config),
        motor_(config.motor, saved.place, now),
        rain_(wet),
        now_(now),
        hand_id_(saved.hand_id),
        rain_position_(saved.rain_position),
        obstacle_(saved.obstacle) {
    keep_rain_out();
  }

  State state() const {
    return {fence_.session, hand_id_, command_id_, fence_.rev(), motor_.place(), motor_.target(), motor_.operation(),
            source_, fault_, link_.lock(), rain_.wet(), obstacle_};
  }
  Saved saved() const {
    return {motor_.is_driven() ? std::nullopt : motor_.place(), rain_position_, hand_id_, obstacle_};
  }
  Drive drive() const { return motor_.drive(); }
  bool is_moving() const { return motor_.is_driven(); }
  const Token &session() const { return fence_.session; }
  // Whether the last guard lets it listen.
  bool microphone() const { return link_.microphone(); }

  // When something will happen by itself, if nothing else does.
  Micros next_due() const {
    const Micros of_rain = earliest(rain_.leave_until(), rain_.waits(now_) ? rain_.next_try_at() : kNever);
    const Micros of_link = earliest(link_.expires_at(), closes_alone_at());
    return latest(earliest(earliest(motor_.due(), is_low_at()), earliest(of_rain, of_link)), now_);
  }

  // Does what is due until then.
  void advance(Micros now) {
    for (Micros due = next_due(); due != kNever && due <= now; due = next_due()) {
      pass_time(due);
      do_what_is_due();
    }
    pass_time(now);
  }

  // What comes from the broker

  void connect(const Token &session, Micros now) {
    advance(now);
    fence_.session = session;
    link_.connect();
    keep_rain_out();
  }

  void disconnect(Micros now) {
    advance(now);
    fence_.session = Token();
    link_.disconnect(now_);
    keep_rain_out();
  }

  void guard(const Guard &guard, bool retained, Micros now) {
    advance(now);
    rain_position_ = guard.rain_position;
    if (link_.take(guard, retained, now_))
      fence_.grow();
    keep_rain_out();
  }

  Result control(const ReadControl &read, bool retained, Micros now) {
    advance(now);
    const Reason unfit = retained ? Reason::kRetained : read.unfit;
    const Result result =
        unfit == Reason::kNone ? decide(read.control) : Result{read.control.command_id, Verdict::kInvalid, unfit};
    keep_rain_out();
    return result;
  }

  // What happens at the window

  // The id was drawn at random and is used if this is a hand.
  void press(Button button, const Token &hand_id, Micros now) {
    advance(now);
    if (link_.lock() == Lock::kNone || button == Button::kStop)
      take_press(button, hand_id);
    keep_rain_out();
  }

  void rain(bool wet, Micros now) {
    advance(now);
    if (wet != rain_.wet()) {
      rain_.edge(wet);
      fence_.grow_for_all();
      if (!wet && fault_ == Fault::kRain)
        fault_.reset();
    }
    keep_rain_out();
  }

  // The device is about to do something else for long (an update): the motor stops. It is no hand, and rain may drive it
  // again whenever somebody looks again.
  void halt(Micros now) {
    advance(now);
    motor_.stop();
  }

  // The motor's current says that the sash is blocked.
  void stall(Micros now) {
    advance(now);
    if (motor_.stall_is_end())
      motor_.at_end(motor_.drive());
    else
      take_stall();
    keep_rain_out();
  }

  // The encoder says that the sash does not follow, or follows again.
  void jam(bool on, Micros now) {
    advance(now);
    motor_.jam(on);
    keep_rain_out();
  }

  // The encoder's word on a known place.
  void measured(Place place, Micros now) {
    advance(now);
    motor_.measured(place);
    keep_rain_out();
  }

  // An end stop is pressed: Drive::kOpen or Drive::kClose.
  void at_end(Drive end, Micros now) {
    advance(now);
    motor_.at_end(end);
    keep_rain_out();
  }

 private:
  Result decide(const Control &control) {
    if (fence_.knows(control.command_id))
      return {control.command_id, Verdict::kDuplicate, Reason::kNone};
    const View view{fence_.session, fence_.rev(),    fence_.floor(),   link_.guard(), link_.is_up(),
                    motor_.place(), motor_.target(), rain_.wet(), obstacle_};
    const Judgement judgement = judge(control, view);
    if (judgement.verdict == Verdict::kAccepted) {
      const bool is_closing = closes(control, view);
      fence_.accept(control.command_id);
      command_id_ = control.command_id;
      obey(control, judgement.is_fresh, is_closing);
    }
    return {control.command_id, judgement.verdict, judgement.reason};
  }

  void obey(const Control &control, bool is_fresh, bool is_closing) {
    if (control.is(Action::kClear))
      return end_obstacle_and_fault();
    source_ = control.source;
    if (control.source == Source::kUser && is_fresh)
      hand(is_closing);
    if (control.is(Action::kStop)) {
      motor_.stop();
      if (!is_fresh)
        rain_.pause(now_);
    } else if (control.is(Action::kHome)) {
      motor_.home();
    } else {
      motor_.move_to(control.position);
    }
  }

  void take_press(Button button, const Token &hand_id) {
    const bool stops = button == Button::kStop || motor_.is_driven();
    hand_id_ = hand_id;
    source_ = Source::kUser;
    fence_.grow_for_all();
    // An unknown place is learnt by closing, so that `open` closes first, too.
    hand(!stops && (button == Button::kClose || !motor_.place()));
    if (stops)
      motor_.stop();
    else
      motor_.move_to(button == Button::kOpen ? kOpen : kClosed);
  }

  // A person decided: leave in rain, no closing alone for a lost link, and a hand that closes clears the way.
  void hand(bool is_closing) {
    rain_.give_leave(now_);
    link_.settle_loss();
    if (is_closing)
      end_obstacle_and_fault();
  }

  void end_obstacle_and_fault() {
    obstacle_ = false;
    fault_.reset();
    rain_.forget_tries();
  }

  void take_stall() {
    if (!motor_.is_driven())
      return;
    if (motor_.operation() == Operation::kClosing)
      obstacle_ = true;
    else
      fault_ = Fault::kStall;
    motor_.stop();
    fence_.grow_for_all();
  }

  void pass_time(Micros until) {
    motor_.advance(latest(now_, until));
    now_ = latest(now_, until);
  }

  void do_what_is_due() {
    if (link_.expires_at() <= now_) {
      link_.expire(now_);
      fence_.grow();
    }
    if (rain_.leave_until() <= now_)
      rain_.end_leave();
    if (closes_alone_at() <= now_) {
      link_.settle_loss();
      if (!obstacle_ && (motor_.place() != kClosed || motor_.is_driven())) {
        source_ = Source::kFallback;
        motor_.move_to(kClosed);
      }
    }
    keep_rain_out();
  }

  Micros closes_alone_at() const {
    const Micros lost_at = link_.open_loss_at();
    return lost_at == kNever || config_.close_after_loss == kNever ? kNever : lost_at + config_.close_after_loss;
  }

  // The tries to close count anew at rain_position, so the rule of rain must look when a sash comes down to it.
  Micros is_low_at() const { return rain_.wet() ? motor_.comes_down_at(rain_position_) : kNever; }

  // The rule of rain. It looks at levels alone, so it may run at any time and any number of times.
  void keep_rain_out() {
    const bool is_wet = rain_.wet() && !rain_.has_leave();
    // A hand's leave is not for a machine that came after it.
    const bool is_no_hands = is_wet || (rain_.wet() && source_ != Source::kUser);
    if (is_no_hands && motor_.operation() == Operation::kOpening) {
      source_ = Source::kSafety;
      motor_.stop();
    }
    const auto place = motor_.place();
    if (place && *place <= rain_position_)
      return rain_.forget_tries();
    if (!is_wet || fault_ == Fault::kRain)
      return;
    if (obstacle_)
      return raise_fault();
    const auto target = motor_.target();
    if (motor_.is_driven() && target && *target <= rain_position_)
      return;  // on its way
    if (motor_.is_driven() && rain_.tries() > 0)
      return motor_.move_to(rain_position_);  // a guard lowered the limit during a try
    if (rain_.waits(now_))
      return;
    if (rain_.is_exhausted())
      return raise_fault();
    rain_.begin_try(now_);
    source_ = Source::kSafety;
    motor_.move_to(rain_position_);
  }

  void raise_fault() {
    fault_ = Fault::kRain;
    fence_.grow_for_all();
  }

  DeviceConfig config_;
  Motor motor_;
  RainWatch rain_;
  Link link_;
  Fence fence_;
  Micros now_;
  Token hand_id_, command_id_;
  Place rain_position_;
  std::optional<Source> source_;
  std::optional<Fault> fault_;
  bool obstacle_;
};

}  // namespace window_core
