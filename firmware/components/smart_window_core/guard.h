// SPDX-License-Identifier: Apache-2.0
// What Home Assistant's rules allow machines. Its ts is not here: it is no content.
#pragma once
#include "token.h"
#include "units.h"
#include "words.h"

namespace window_core {

struct Guard {
  Token hub;
  Place min{kClosed}, max{kOpen};
  Place rain_position{kClosed};
  Lock lock{Lock::kNone};
  bool machines{false};
  bool microphone{true};

  bool operator==(const Guard &other) const {
    return hub == other.hub && min == other.min && max == other.max && rain_position == other.rain_position &&
           lock == other.lock && machines == other.machines && microphone == other.microphone;
  }
};

}  // namespace window_core
