// SPDX-License-Identifier: Apache-2.0
// The fence: which commands were made for the window as it stands now.
#pragma once
#include <array>

#include "token.h"

namespace window_core {

class Fence {
 public:
  Token session;  // empty: there is no connection

  uint32_t rev() const { return rev_; }
  // The rev of the last press, edge of rain, obstacle or fault: what a person's command must know of.
  uint32_t floor() const { return floor_; }

  // Something changed that a machine's command must know of.
  void grow() { rev_++; }
  // Something changed that a person's command must know of, too.
  void grow_for_all() { floor_ = ++rev_; }

  // Whether the command is among the last accepted ones.
  bool knows(const Token &command) const {
    for (const auto &known : ring_) {
      if (known == command)
        return true;
    }
    return false;
  }
  void accept(const Token &command) {
    ring_[next_] = command;
    next_ = (next_ + 1) % ring_.size();
    grow();
  }

 private:
  std::array<Token, 16> ring_{};  // a command's id is never empty, so an empty place is no id
  uint32_t rev_{1}, floor_{0};
  uint8_t next_{0};
};

}  // namespace window_core
