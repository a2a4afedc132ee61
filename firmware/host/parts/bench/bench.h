// SPDX-License-Identifier: GPL-3.0-only
// A window's world on Linux. What hands and weather do comes in on bench/{id}/…, as simulator/README.md lists it.
//
// One program is many windows; the environment says which:
//   SMART_WINDOW_ID, SMART_WINDOW_NAME, SMART_WINDOW_AREA   who it is
//   SMART_WINDOW_BROKER      host:port
//   SMART_WINDOW_TRAVEL_S    of the sash's whole way
//   SMART_WINDOW_INTERVAL    seconds between readings; 0: only by bench
//   SMART_WINDOW_CLIP_INTERVAL   seconds between clips; 0: only by bench
//   SMART_WINDOW_LINK_LOST_S     close so many seconds after the link was lost; absent: stay
//   SMART_WINDOW_POSITION    where the sash stands when there is no file about it yet
//   SMART_WINDOW_SEND        sound or features; absent: features
//   SMART_WINDOW_WAV         what the microphone hears (wav_microphone.h)
//   ESPHOME_PREFDIR          the flash, and the sash's place
#pragma once
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>

#include <unistd.h>

#include "body.h"
#include "esphome/components/binary_sensor/binary_sensor.h"
#include "esphome/components/host/core.h"
#include "esphome/components/mqtt/mqtt_client.h"
#include "esphome/components/sensor/sensor.h"
#include "esphome/components/smart_window/smart_window.h"
#include "esphome/core/component.h"
#include "esphome/core/hal.h"
#include "esphome/core/log.h"

namespace esphome::bench {

class Bench : public Component {
 public:
  Bench(smart_window::SmartWindow *window, binary_sensor::BinarySensor *rain, sensor::Sensor *current, sensor::Sensor *counter,
        sensor::Sensor *temperature, sensor::Sensor *humidity)
      : window_(window), rain_(rain), current_(current), counter_(counter), temperature_(temperature), humidity_(humidity) {}

  // Before the window and before mqtt, which take from here who they are.
  float get_setup_priority() const override { return setup_priority::BUS; }

  void setup() override;
  void loop() override;
  void drive(bool opens, bool on) { sash_.drive(opens, on); }

 protected:
  void name_window_();
  void listen_();
  void on_(const char *what, std::function<void(const std::string &)> &&then);
  void power_cut_();
  void leave_();
  void keep_place_();
  void read_();
  std::string topic_(const char *leaf) const { return "window/" + id_ + "/" + leaf; }
  std::string place_file_() const;

  smart_window::SmartWindow *window_;
  binary_sensor::BinarySensor *rain_;
  sensor::Sensor *current_, *counter_, *temperature_, *humidity_;
  Sash sash_;
  Room room_;
  std::string id_;
  uint64_t last_ms_{0}, sensed_ms_{0}, read_ms_{0}, back_at_ms_{0};
  uint64_t interval_ms_{5000};
  std::optional<uint64_t> leaves_for_ms_;
  double kept_place_{-1};
};

}  // namespace esphome::bench
