// Random histories of a window whose sash is a body of its own: what must never happen, whatever the core believes.
//   safety COUNT [FIRST]   prints each thing that happened although it must not; exits 1 where there was one
#include <cstdio>
#include <cmath>
#include <cstdlib>
#include <random>

#include "device.h"
#include "stall.h"

using namespace window_core;

namespace {

constexpr Micros kTick = 16 * kMillisecond;

// The real sash: it moves while it is driven, stands at its ends and at what is in its way, and the motor's current says so.
struct Body {
  double place;         // percent
  double speed;         // percent a second
  double blocked_below{-1};
  bool is_held{false};  // by a hand: it moves neither way
  double current_ma{0};

  void pass(Drive drive, double seconds) {
    if (drive == Drive::kOff) {
      current_ma = 0;
      return;
    }
    const double before = place;
    double next = place + (drive == Drive::kOpen ? speed : -speed) * seconds;
    if (is_held || (drive == Drive::kClose && before >= blocked_below && next < blocked_below))
      next = before;
    place = next < 0 ? 0 : next > 100 ? 100 : next;
    // The drive's own end switches cut its current; what holds it in between does not.
    const bool stands = place == before, at_end = place <= 0 || place >= 100;
    current_ma = !stands ? 800 : at_end ? 0 : 3000;
  }
};

class History {
 public:
  explicit History(uint32_t seed) : chance_(seed), seed_(seed) {
    config_.motor.open_time = seconds(5 + pick(20));
    config_.motor.close_time = config_.motor.open_time;
    config_.motor.overrun = pick(2) * kSecond;
    config_.motor.pause = pick(2) * 500 * kMillisecond;
    config_.motor.duty.budget = pick(3) == 0 ? config_.motor.open_time * 3 : kNever;
    config_.close_after_loss = pick(2) == 0 ? kNever : 120 * kSecond;
    stall_config_ = {1500, 300 * kMillisecond, 60 * kMillisecond};
    has_end_stops_ = pick(3) == 0;
    body_.speed = 100.0 / (config_.motor.open_time / 1e6);
    body_.place = pick(3) == 0 ? 0 : pick(101);
    saved_.place = pick(4) == 0 ? std::nullopt : MaybePlace(static_cast<Place>(body_.place * kPercent));
    device_ = Device(config_, saved_, false, 0);
    stall_ = StallWatch(stall_config_);
  }

  bool play() {
    for (int i = 0; i < 20 && !failed_; i++) {
      act();
      run(pick(4) == 0 ? pick(200) : pick(12));
    }
    settle();
    return !failed_;
  }

 private:
  int pick(int count) { return static_cast<int>(chance_() % static_cast<uint32_t>(count)); }
  static Micros seconds(int count) { return count * kSecond; }
  Token draw() { return Token::from_number(chance_()); }
  void must(bool holds, const char *what) {
    if (holds || failed_)
      return;
    failed_ = true;
    std::printf("history %u at %.3f s: %s\n", seed_, now_ / 1e6, what);
  }

  void act() {
    const State before = device_.state();
    const Saved kept = device_.saved();
    is_by_hand_ = is_commanded_ = is_cleared_ = false;
    switch (pick(12)) {
      case 0: case 1: case 2: command(before); break;
      case 3: case 4: press(before); break;
      case 5: guard(); break;
      case 6: device_.rain(pick(2) == 0, now_); break;
      case 7: body_.blocked_below = pick(2) == 0 ? -1 : body_.place * pick(100) / 100; break;
      case 8: device_.connect(draw(), now_); break;
      case 9: device_.disconnect(now_); break;
      case 10: if (pick(3) == 0) cut_power(); break;
      default: break;
    }
    const State after = device_.state();
    if (is_commanded_ || is_by_hand_)
      pushed_for_ = 0;  // who is told anew learns the place anew
    if (after.rain != before.rain)
      leave_until_ = 0;
    else if (is_by_hand_ && !is_cleared_)
      leave_until_ = now_ + 30 * kMinute;
    must(!(before.obstacle && !after.obstacle && !is_by_hand_), "an obstacle ended without a person");
    must(kept.hand_id == device_.saved().hand_id || is_by_hand_, "a hand came from nowhere");
  }

  void command(const State &state) {
    ReadControl read;
    Control &control = read.control;
    control.command_id = draw();
    control.session = pick(8) == 0 ? draw() : state.session;
    control.rev = pick(8) == 0 ? state.rev - 1 : state.rev;
    control.source = static_cast<Source>(pick(5));
    control.position = static_cast<Place>(pick(101)) * kPercent;
    if (pick(4) == 0)
      control.action = static_cast<Action>(pick(3));
    const auto result = device_.control(read, pick(10) == 0, now_);
    is_commanded_ = result.verdict == Verdict::kAccepted;
    is_by_hand_ = is_commanded_ && control.source == Source::kUser;
    is_cleared_ = control.is(Action::kClear);
    const State after = device_.state();
    must(is_commanded_ || after.command_id == state.command_id, "a refused command was remembered");
    if (state.lock == Lock::kFull && is_commanded_ && !control.is(Action::kStop) && !control.is(Action::kClear))
      must(control.source == Source::kSafety && after.target <= state.target.value_or(kClosed), "a command passed the full lock");
    if (state.obstacle && is_commanded_ && !is_by_hand_)
      must(after.operation != Operation::kClosing, "a machine closes on an obstacle");
  }

  void press(const State &state) {
    const auto button = static_cast<Button>(pick(3));
    device_.press(button, draw(), now_);
    is_by_hand_ = state.lock == Lock::kNone || button == Button::kStop;
    must(is_by_hand_ || device_.state().rev == state.rev, "a locked button did something");
  }

  void guard() {
    Guard guard;
    guard.hub = *Token::from("h");
    guard.machines = pick(5) != 0;
    guard.lock = pick(4) == 0 ? static_cast<Lock>(pick(3)) : Lock::kNone;
    guard.rain_position = pick(3) == 0 ? 20 * kPercent : kClosed;
    const State before = device_.state();
    device_.guard(guard, pick(4) == 0, now_);
    must(device_.state().target == before.target || before.rain, "a guard moved the window");
  }

  void cut_power() {
    device_.advance(now_);
    saved_ = device_.saved();
    const bool wet = device_.state().rain;
    must(!saved_.place || std::abs(*saved_.place / 1e6 - body_.place) < tolerance(), "flash holds a wrong place");
    device_ = Device(config_, saved_, wet, now_);
    stall_ = StallWatch(stall_config_);
    drive_ = Drive::kOff;
    leave_until_ = 0;
    must(wet || !device_.is_moving(), "a window moves after a power cut");
  }

  // Time in which a place may be wrong: a tick late at each change, and what the sash stands before a stall is told.
  double tolerance() const { return body_.speed * 0.05 * (1 + changes_) + (stalls_ > 0 || blocked_ ? 100 : 0); }

  void run(int length) {
    const Micros until = now_ + length * kSecond;
    while (now_ < until && !failed_)
      tick();
  }

  void tick() {
    const Micros step = kTick + pick(4) * kMillisecond;
    const bool is_at_end = (drive_ == Drive::kClose && body_.place <= 0) || (drive_ == Drive::kOpen && body_.place >= 100);
    pushed_for_ = is_at_end ? pushed_for_ + step : 0;
    body_.pass(drive_, step / 1e6);
    now_ += step;
    driven_for_ = drive_ == Drive::kOff ? 0 : driven_for_ + step;
    blocked_ |= body_.current_ma > 1500;
    device_.advance(now_);
    if (has_end_stops_ && body_.place <= 0)
      device_.at_end(Drive::kClose, now_);
    if (has_end_stops_ && body_.place >= 100)
      device_.at_end(Drive::kOpen, now_);
    if (stall_.sample(static_cast<int32_t>(body_.current_ma), now_)) {
      stalls_++;
      const bool was_closing = device_.state().operation == Operation::kClosing;
      device_.stall(now_);
      must(!was_closing || device_.drive() != Drive::kClose, "it closes on after a stall");
    }
    const State after = device_.state();
    const Drive drive = device_.drive();
    must(!(after.obstacle && drive == Drive::kClose), "it closes on an obstacle");
    must(drive_ == Drive::kOff || drive == Drive::kOff || drive == drive_ || config_.motor.pause == 0, "it turns without a pause");
    if (after.rain && drive == Drive::kOpen)
      must(after.source == Source::kUser && now_ <= leave_until_, "it opens in rain, and by no hand");
    const Micros longest = config_.motor.open_time + config_.motor.overrun + config_.motor.open_time / 2;
    must(driven_for_ <= longest * 3, "it is driven without an end");
    // With end stops it is off within two looks. By time it is driven on for the overrun, and for as long as its idea of the
    // place is off; where the place is learnt, for the whole way and its overrun as well.
    was_lost_ = drive_ != Drive::kOff && (was_lost_ || !after.place);
    const auto off = static_cast<Micros>(tolerance() / body_.speed * kSecond);
    const Micros by_time = config_.motor.overrun + off + (was_lost_ ? config_.motor.close_time + config_.motor.overrun : 0);
    must(pushed_for_ <= (has_end_stops_ ? 0 : by_time) + 3 * kTick, "it is driven on at its end");
    if (config_.motor.duty.budget != kNever)
      must(driven_for_ <= config_.motor.duty.budget + 2 * kTick, "it is driven beyond its duty");
    if (drive != drive_) {
      changes_++;
      stall_.driven(drive != Drive::kOff, now_);
    }
    drive_ = drive;
    const double place = after.place ? *after.place / 1e6 : body_.place;
    must(std::abs(place - body_.place) < tolerance(), "the place is wrong");
  }

  // A person closes at last, nothing in the way: the place is found within one homing.
  void settle() {
    body_.blocked_below = -1;
    device_.rain(false, now_);
    device_.connect(draw(), now_);
    Guard guard;
    guard.hub = *Token::from("h");
    guard.machines = true;
    device_.guard(guard, false, now_);
    if (device_.is_moving())
      device_.press(Button::kStop, draw(), now_);
    const State state = device_.state();
    ReadControl home;
    home.control.command_id = draw();
    home.control.session = state.session;
    home.control.rev = state.rev;
    home.control.action = Action::kHome;
    const bool taken = device_.control(home, false, now_).verdict == Verdict::kAccepted;
    must(taken, "a person's home was refused");
    stalls_ = 0, blocked_ = true;
    const Micros began = now_;
    while (device_.is_moving() && !failed_ && now_ - began < 3600 * kSecond)
      tick();
    must(device_.state().place == kClosed && body_.place < 1.5 * body_.speed * 0.05, "home did not find the end");
    if (config_.motor.duty.budget == kNever)
      must(now_ - began <= config_.motor.close_time + config_.motor.overrun + config_.motor.pause + 5 * kTick, "homing went beyond one way");
  }

  std::mt19937 chance_;
  uint32_t seed_;
  DeviceConfig config_;
  StallConfig stall_config_;
  Saved saved_;
  Body body_{};
  Device device_{{}, {}, false, 0};
  StallWatch stall_{{}};
  Micros now_{0}, driven_for_{0}, pushed_for_{0}, leave_until_{0};
  Drive drive_{Drive::kOff};
  int stalls_{0}, changes_{0};
  bool has_end_stops_{false}, was_lost_{false};
  bool blocked_{false}, failed_{false}, is_by_hand_{false}, is_commanded_{false}, is_cleared_{false};
};

}  // namespace

int main(int argc, char **argv) {
  const uint32_t count = argc > 1 ? static_cast<uint32_t>(std::atoi(argv[1])) : 1000;
  const uint32_t first = argc > 2 ? static_cast<uint32_t>(std::atoi(argv[2])) : 0;
  uint32_t failed = 0;
  for (uint32_t seed = first; seed < first + count; seed++)
    failed += History(seed).play() ? 0 : 1;
  std::printf("%u histories, %u failed\n", count, failed);
  return failed == 0 ? 0 : 1;
}
