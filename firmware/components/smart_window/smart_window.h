// SPDX-License-Identifier: GPL-3.0-only
// A smart window as an ESPHome component: it carries inputs into the core, and what the core says to outputs and MQTT.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "esphome/components/binary_sensor/binary_sensor.h"
#include "esphome/components/output/binary_output.h"
#include "esphome/components/sensor/sensor.h"
#include "esphome/components/smart_window_core/clip_features.h"
#include "esphome/components/smart_window_core/encoder.h"
#include "esphome/components/smart_window_core/messages.h"
#include "esphome/components/smart_window_core/stall.h"
#include "esphome/core/automation.h"
#include "esphome/core/component.h"
#include "esphome/core/preferences.h"
#ifdef USE_MICROPHONE
#include "esphome/components/microphone/microphone_source.h"
#endif

namespace esphome::smart_window {

class SmartWindow : public Component {
 public:
  void set_identity(const std::string &id, const std::string &name, const std::string &area, const std::string &model) {
    id_ = id, name_ = name, area_ = area, model_ = model;
  }
  void set_outputs(output::BinaryOutput *open, output::BinaryOutput *close) { open_ = open, close_ = close; }
  void set_device_config(const window_core::DeviceConfig &config) { config_ = config; }
  void set_current(sensor::Sensor *current, const window_core::StallConfig &config);
  void set_encoder(sensor::Sensor *counter, const window_core::EncoderConfig &config) {
    counter_ = counter, encoder_ = window_core::Encoder(config);
  }
  void set_temperature(sensor::Sensor *sensor) { this->add_reading_(sensor, "temperature", "°C"); }
  void set_humidity(sensor::Sensor *sensor) { this->add_reading_(sensor, "humidity", "%"); }
  void set_rain(binary_sensor::BinarySensor *sensor) { rain_ = sensor; }
  void set_stall(binary_sensor::BinarySensor *sensor) { stall_input_ = sensor; }
  void set_closed_endstop(binary_sensor::BinarySensor *sensor) { closed_endstop_ = sensor; }
  void set_open_endstop(binary_sensor::BinarySensor *sensor) { open_endstop_ = sensor; }
  void set_microphone_switch(binary_sensor::BinarySensor *sensor) { microphone_switch_ = sensor; }
#ifdef USE_MICROPHONE
  void set_clip(microphone::MicrophoneSource *source, const window_core::ClipConfig &config, window_core::Micros interval);
  // Sound leaves the window in chunks; otherwise features and levels do, and the sound stays.
  void set_sends_sound(bool sends_sound) { sends_sound_ = sends_sound; }
  // What a level of 0 dB re full scale stands for, in hundredths of dB(A).
  void set_full_scale(int32_t hundredths) { full_scale_ = hundredths; }
  // 0: only when record() says so.
  void set_clip_interval(window_core::Micros interval) { clip_interval_ = interval; }
#endif

  void setup() override;
  void loop() override;
  void on_shutdown() override;
  void dump_config() override;
  float get_setup_priority() const override { return setup_priority::DATA; }

  void press(window_core::Button button);
  void halt();
  void record() { wants_clip_ = true; }
  const std::string &id() const { return id_; }

 protected:
  window_core::Micros now_() const;
  std::string topic_(const char *root, const char *leaf) const { return std::string(root) + "/" + id_ + "/" + leaf; }
  void add_reading_(sensor::Sensor *sensor, const char *kind, const char *unit);
  void on_control_(const std::string &payload);
  void on_guard_(const std::string &payload);
  void follow_connection_(window_core::Micros now);
  void read_inputs_(window_core::Micros now);
  void set_motor_();
  void remember_();
  void announce_();
  void report_(window_core::Micros now);

  std::string id_, name_, area_, model_;
  std::string state_topic_, result_topic_, audio_topic_;
  window_core::DeviceConfig config_;
  std::unique_ptr<window_core::Device> device_;
  window_core::StallWatch watch_{{}};
  window_core::Encoder encoder_{{}};
  window_core::Drive drive_{window_core::Drive::kOff};
  window_core::Saved saved_;
  ESPPreferenceObject flash_;

  output::BinaryOutput *open_{nullptr}, *close_{nullptr};
  sensor::Sensor *counter_{nullptr};
  binary_sensor::BinarySensor *rain_{nullptr}, *stall_input_{nullptr}, *closed_endstop_{nullptr},
      *open_endstop_{nullptr}, *microphone_switch_{nullptr};
  bool has_temperature_{false}, has_humidity_{false};
  bool was_stalled_{false}, was_jammed_{false}, had_place_{false};

  bool is_connected_{false}, guard_may_be_kept_{false}, is_reported_{false};
  window_core::Micros connected_at_{0}, reported_at_{0};
  char reported_[512];
  size_t reported_size_{0};

  bool wants_clip_{false};
#ifdef USE_MICROPHONE
  void set_up_clip_();
  void set_up_features_();
  void follow_clip_(window_core::Micros now);
  void send_clip_(window_core::Micros now);
  bool may_listen_() const;
  microphone::MicrophoneSource *source_{nullptr};
  window_core::ClipConfig clip_config_;
  std::unique_ptr<window_core::Clip> clip_;
  std::vector<char> chunk_;
  window_core::Micros clip_interval_{0}, clip_at_{0};
  uint32_t clip_id_{0}, given_up_{0};
  bool is_listening_{false}, sends_sound_{false};
  std::unique_ptr<window_core::FeatureRoom> room_;
  std::unique_ptr<window_core::ClipFeatures> features_;
  int32_t full_scale_{0};
#endif
};

template<typename... Ts> class PressAction : public Action<Ts...> {
 public:
  PressAction(SmartWindow *window, window_core::Button button) : window_(window), button_(button) {}
  void play(const Ts &...) override { window_->press(button_); }

 protected:
  SmartWindow *window_;
  window_core::Button button_;
};

template<typename... Ts> class HaltAction : public Action<Ts...> {
 public:
  explicit HaltAction(SmartWindow *window) : window_(window) {}
  void play(const Ts &...) override { window_->halt(); }

 protected:
  SmartWindow *window_;
};

template<typename... Ts> class RecordAction : public Action<Ts...> {
 public:
  explicit RecordAction(SmartWindow *window) : window_(window) {}
  void play(const Ts &...) override { window_->record(); }

 protected:
  SmartWindow *window_;
};

}  // namespace esphome::smart_window
