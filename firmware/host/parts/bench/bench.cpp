// SPDX-License-Identifier: GPL-3.0-only
#include "bench.h"

#include <fstream>

namespace esphome::bench {

using namespace window_core;

static const char *const TAG = "bench";
static constexpr uint64_t SENSE_MS = 20;
static constexpr int COUNTS = 10'000;  // of the whole way; virtual_window.yaml says the same

static std::string from_environment(const char *name, const char *otherwise) {
  const char *value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}
static double number_from_environment(const char *name, double otherwise) {
  const char *value = std::getenv(name);
  return value == nullptr ? otherwise : std::atof(value);
}

// A member of a flat JSON object; absent where the payload is none.
static JsonValue member(const std::string &payload, std::string_view wanted) {
  JsonValue found;
  JsonReader(payload).read([&](std::string_view name, const JsonValue &value) {
    if (json_says(name, wanted))
      found = value;
  });
  return found;
}
static double number(const JsonValue &value, double otherwise) {
  const bool is_below = value.kind == JsonValue::Kind::kNumber && !value.number.millionths(0, 100'000);
  if (value.kind != JsonValue::Kind::kNumber || is_below)
    return otherwise;
  return static_cast<double>(*value.number.millionths(0, 100'000)) / 1e6;
}
static bool is_on(const std::string &payload) {
  const auto on = member(payload, "on");
  return on.kind != JsonValue::Kind::kFlag || on.flag;
}

void Bench::setup() {
  this->name_window_();
  this->listen_();
  interval_ms_ = static_cast<uint64_t>(number_from_environment("SMART_WINDOW_INTERVAL", 5) * 1000);
  sash_.travel_s = number_from_environment("SMART_WINDOW_TRAVEL_S", 20);
  sash_.place = number_from_environment("SMART_WINDOW_POSITION", 0);
  std::ifstream(this->place_file_()) >> sash_.place;
  last_ms_ = millis_64();
  rain_->publish_state(from_environment("SMART_WINDOW_RAIN", "") == "1");
}

void Bench::name_window_() {
  id_ = from_environment("SMART_WINDOW_ID", "virtual");
  window_->set_identity(id_, from_environment("SMART_WINDOW_NAME", id_.c_str()), from_environment("SMART_WINDOW_AREA", ""),
                        "Virtual window, firmware");
  DeviceConfig config;
  config.motor.open_time = static_cast<Micros>(number_from_environment("SMART_WINDOW_TRAVEL_S", 20) * 1e6);
  config.motor.close_time = config.motor.open_time;
  config.motor.overrun = 300 * kMillisecond;
  config.motor.pause = 200 * kMillisecond;
  const double lost_s = number_from_environment("SMART_WINDOW_LINK_LOST_S", -1);
  if (lost_s >= 0)
    config.close_after_loss = static_cast<Micros>(lost_s * 1e6);
  window_->set_device_config(config);
  window_->set_clip_interval(static_cast<Micros>(number_from_environment("SMART_WINDOW_CLIP_INTERVAL", 30) * 1e6));
  window_->set_sends_sound(from_environment("SMART_WINDOW_SEND", "features") == "sound");

  auto *client = mqtt::global_mqtt_client;
  const std::string broker = from_environment("SMART_WINDOW_BROKER", "localhost:1883");
  const auto colon = broker.rfind(':');
  client->set_broker_address(broker.substr(0, colon));
  client->set_broker_port(static_cast<uint16_t>(std::atoi(broker.c_str() + colon + 1)));
  client->set_client_id("window-" + id_);
  const auto availability = [this](const char *word) { return mqtt::MQTTMessage{this->topic_("availability"), word, 1, true}; };
  client->set_birth_message(availability("online"));
  client->set_last_will(availability("offline"));
  client->set_shutdown_message(availability("offline"));
}

void Bench::listen_() {
  this->on_("press", [this](const std::string &payload) {
    if (const auto button = reading::word<Button>(member(payload, "button")))
      window_->press(*button);
  });
  this->on_("rain", [this](const std::string &payload) { rain_->publish_state(is_on(payload)); });
  this->on_("stall", [this](const std::string &) { sash_.is_blocked = sash_.direction != 0; });
  this->on_("jam", [this](const std::string &payload) { sash_.is_jammed = is_on(payload); });
  this->on_("record", [this](const std::string &) { window_->record(); });
  this->on_("power_cut", [this](const std::string &) { this->power_cut_(); });
  this->on_("disconnect", [this](const std::string &payload) { leaves_for_ms_ = static_cast<uint64_t>(number(member(payload, "seconds"), 1) * 1000); });
  this->on_("temperature", [this](const std::string &payload) {
    const auto value = member(payload, "value");
    room_.temperature_is_fixed = value.kind == JsonValue::Kind::kNumber;
    room_.temperature = number(value, room_.temperature);
    this->read_();
  });
  this->on_("humidity", [this](const std::string &payload) {
    const auto value = member(payload, "value");
    room_.humidity_is_fixed = value.kind == JsonValue::Kind::kNumber;
    room_.humidity = number(value, room_.humidity);
    this->read_();
  });
}

void Bench::on_(const char *what, std::function<void(const std::string &)> &&then) {
  mqtt::global_mqtt_client->subscribe(
      "bench/" + id_ + "/" + what,
      [then = std::move(then)](const std::string &, const std::string &payload) { then(payload.empty() ? "{}" : payload); }, 1);
}

void Bench::loop() {
  const uint64_t now = millis_64();
  const double seconds = static_cast<double>(now - last_ms_) / 1000;
  last_ms_ = now;
  sash_.pass(seconds);
  room_.pass(seconds, sash_.place);
  this->keep_place_();
  if (now - sensed_ms_ >= SENSE_MS) {
    sensed_ms_ = now;
    if (sash_.direction != 0)
      current_->publish_state(static_cast<float>(sash_.current));
    const float counts = static_cast<float>(std::lround(sash_.place * COUNTS / 100));
    if (!counter_->has_state() || counter_->state != counts)
      counter_->publish_state(counts);
  }
  if (interval_ms_ > 0 && now - read_ms_ >= interval_ms_)
    this->read_();
  if (leaves_for_ms_)
    this->leave_();
  if (back_at_ms_ != 0 && now >= back_at_ms_) {
    back_at_ms_ = 0;
    mqtt::global_mqtt_client->enable();
  }
}

void Bench::read_() {
  read_ms_ = millis_64();
  temperature_->publish_state(static_cast<float>(room_.temperature));
  humidity_->publish_state(static_cast<float>(room_.humidity));
}

// From the loop: a client that is at work on a message must not be taken away. ESPHome says goodbye in order.
void Bench::leave_() {
  auto *client = mqtt::global_mqtt_client;
  client->disable();
  back_at_ms_ = millis_64() + *leaves_for_ms_ + 1;
  leaves_for_ms_.reset();
}

// The program begins anew; only what lies in flash is left, and the sash is where it is.
void Bench::power_cut_() {
  ESP_LOGW(TAG, "The power is cut");
  kept_place_ = -1;
  this->keep_place_();
  for (int descriptor = 3; descriptor < 256; descriptor++)
    ::close(descriptor);  // the broker must see the connection end, not a second one begin
  ::execv("/proc/self/exe", host::get_argv());
  std::_Exit(1);
}

std::string Bench::place_file_() const { return from_environment("ESPHOME_PREFDIR", ".") + "/sash"; }

void Bench::keep_place_() {
  if (std::abs(sash_.place - kept_place_) < 1 && !(sash_.direction == 0 && sash_.place != kept_place_))
    return;
  kept_place_ = sash_.place;
  std::ofstream(this->place_file_()) << kept_place_;
}

}  // namespace esphome::bench
