// SPDX-License-Identifier: Apache-2.0
// Whole numbers for time and place: the smallest boards have no floating point, and whole numbers do not drift.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>

namespace window_core {

// Microseconds on the device's own clock, which never goes back; or a length of time.
using Micros = int64_t;
constexpr Micros kMillisecond = 1000, kSecond = 1'000'000, kMinute = 60 * kSecond;
constexpr Micros kNever = std::numeric_limits<Micros>::max();

// Millionths of a percent of the way: 0 closed, kOpen open.
using Place = int32_t;
constexpr Place kPercent = 1'000'000, kClosed = 0, kOpen = 100 * kPercent;

// Nothing: unknown.
using MaybePlace = std::optional<Place>;

constexpr Micros earliest(Micros a, Micros b) { return a < b ? a : b; }
constexpr Micros latest(Micros a, Micros b) { return a < b ? b : a; }

}  // namespace window_core
