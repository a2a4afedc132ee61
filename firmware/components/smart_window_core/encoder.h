// SPDX-License-Identifier: Apache-2.0
// A counter on the motor's shaft: where the sash is, and whether it moves at all while it is driven.
#pragma once
#include "units.h"

namespace window_core {

struct EncoderConfig {
  int32_t counts{0};                        // of the whole way; 0: there is no encoder
  Micros stands_after{500 * kMillisecond};  // driven so long without a count: the sash does not follow
};

class Encoder {
 public:
  explicit Encoder(const EncoderConfig &config) : config_(config) {}

  bool exists() const { return config_.counts > 0; }

  // The sash is known to be here: from now on counts are read against this place.
  void is_at(Place place) { zero_ = count_ - to_counts(place); }

  // The counter's reading, upwards while opening.
  void read(int32_t count, bool driven, Micros now) {
    if (count != count_ || driven != is_driven_)
      moved_at_ = now;
    count_ = count;
    is_driven_ = driven;
  }

  // Nothing counted for long although it was driven all the time.
  bool stands(Micros now) const { return exists() && is_driven_ && now - moved_at_ >= config_.stands_after; }

  Place place() const {
    const int64_t steps = int64_t{count_} - zero_;
    const int64_t place = steps * kOpen / config_.counts;
    return static_cast<Place>(place < kClosed ? kClosed : place > kOpen ? kOpen : place);
  }

 private:
  int64_t to_counts(Place place) const { return int64_t{place} * config_.counts / kOpen; }

  EncoderConfig config_;
  int64_t zero_{0};
  Micros moved_at_{0};
  int32_t count_{0};
  bool is_driven_{false};
};

}  // namespace window_core
