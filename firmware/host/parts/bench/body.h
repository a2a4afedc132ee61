// SPDX-License-Identifier: GPL-3.0-only
// The sash and the room as they are, whatever the firmware believes.
#pragma once
#include <algorithm>

namespace esphome::bench {

// Amperes that a motor of this kind draws: running, held, and in the moment of its start.
constexpr double kRunning = 0.8, kHeld = 3.0, kInrush = 4.0, kInrushSeconds = 0.15;

struct Sash {
  double place{0};      // percent
  double travel_s{20};  // the whole way
  int direction{0};     // 1 opens, -1 closes
  bool is_blocked{false};  // something is in the way: it stands and the motor is held
  bool is_jammed{false};   // the gear slips: it stands and the motor runs
  double current{0};

  void drive(bool opens, bool on) {
    const int wanted = opens ? 1 : -1;
    if (on && direction != wanted) {
      direction = wanted;
      started_s_ = 0;
    } else if (!on && direction == wanted) {
      direction = 0;
      is_blocked = false;  // who sees the window stop takes the hand away
    }
  }

  void pass(double seconds) {
    started_s_ += seconds;
    const double before = place;
    if (direction != 0 && !is_blocked && !is_jammed)
      place = std::clamp(place + direction * 100 / travel_s * seconds, 0.0, 100.0);
    const bool is_at_end = place == before && (place == 0 || place == 100) && !is_blocked && !is_jammed;
    current = direction == 0 || is_at_end ? 0 : started_s_ < kInrushSeconds ? kInrush : is_blocked ? kHeld : kRunning;
  }

 private:
  double started_s_{0};
};

// A well-mixed room: it nears what outdoors and its people make of it, the faster the wider the window is open.
struct Room {
  double temperature{24}, humidity{50};
  double outdoor_temperature{12}, outdoor_humidity{60};
  bool temperature_is_fixed{false}, humidity_is_fixed{false};

  void pass(double seconds, double opening) {
    constexpr double closed_s = 14'400, open_s = 600, heat = 10, vapour = 8;
    const double share = opening / 100, rate = seconds * ((1 - share) / closed_s + share / open_s);
    if (!temperature_is_fixed)
      temperature += (outdoor_temperature + heat * (1 - share) - temperature) * std::min(1.0, rate);
    if (!humidity_is_fixed)
      humidity += (outdoor_humidity - 10 + vapour * (1 - share) - humidity) * std::min(1.0, rate);
  }
};

}  // namespace esphome::bench
