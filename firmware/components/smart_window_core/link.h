// SPDX-License-Identifier: Apache-2.0
// The link to Home Assistant: up while connected and a guard that was not retained came within five minutes.
#pragma once
#include "guard.h"

namespace window_core {

class Link {
 public:
  static constexpr Micros kLive = 300 * kSecond;

  const std::optional<Guard> &guard() const { return guard_; }
  // The last word on the microphone outlives the guard: who said no is not overheard because the hub is away.
  bool microphone() const { return microphone_; }
  // Whether machines are heard at all; expire() ends what got old.
  bool is_up() const { return connected_ && live_at_ != kNever; }
  Lock lock() const { return guard_ ? guard_->lock : Lock::kNone; }
  // When the guard is forgotten unless another one comes.
  Micros expires_at() const { return live_at_ == kNever ? kNever : live_at_ + kLive; }
  // When the link was lost; never while it is not, or once the loss is settled.
  Micros open_loss_at() const { return loss_is_settled_ ? kNever : lost_at_; }

  void connect() {
    connected_ = true;
    if (is_up())
      lost_at_ = kNever;
  }
  void disconnect(Micros now) {
    if (!connected_)
      return;
    connected_ = false;
    lose(now);
  }
  // True where the guard's content is new.
  bool take(const Guard &guard, bool retained, Micros now) {
    const bool is_new = !guard_ || !(*guard_ == guard);
    guard_ = guard;
    microphone_ = guard.microphone;
    if (!retained) {
      live_at_ = now;
      if (connected_)
        lost_at_ = kNever;
    }
    return is_new;
  }
  void expire(Micros now) {
    live_at_ = kNever;
    guard_.reset();
    lose(now);
  }
  // A hand came after the loss, or the window did what it does then: not again for this loss.
  void settle_loss() { loss_is_settled_ = true; }

 private:
  void lose(Micros now) {
    if (lost_at_ != kNever)
      return;
    lost_at_ = now;
    loss_is_settled_ = false;
  }

  std::optional<Guard> guard_;
  Micros live_at_{kNever}, lost_at_{kNever};
  bool microphone_{true};
  bool connected_{false};
  bool loss_is_settled_{false};
};

}  // namespace window_core
