// SPDX-License-Identifier: GPL-3.0-only
#include "smart_window.h"

#include <sys/time.h>

#include <cmath>
#include <cstring>

#include "esphome/components/mqtt/mqtt_client.h"
#include "esphome/core/application.h"
#include "esphome/core/hal.h"
#include "esphome/core/helpers.h"
#include "esphome/core/log.h"

namespace esphome::smart_window {

using namespace window_core;

static const char *const TAG = "smart_window";
static constexpr Micros HEARTBEAT = 60 * kSecond, MOVING = 500 * kMillisecond;
// A stop that comes so soon after a connection and does not know its session is the broker's kept copy.
static constexpr Micros KEPT_CONTROL = kSecond;
static constexpr uint32_t FLASH_VERSION = 1;

// As it lies in flash.
struct Record {
  int32_t place;  // -1: unknown
  int32_t rain_position;
  char hand_id[Token::kMax + 1];
  uint8_t obstacle;
};

static Record to_record(const Saved &saved) {
  Record record{};
  record.place = saved.place.value_or(-1);
  record.rain_position = saved.rain_position;
  saved.hand_id.view().copy(record.hand_id, Token::kMax);
  record.obstacle = saved.obstacle ? 1 : 0;
  return record;
}

// What lies in flash is bytes from outside, too.
static Saved from_record(Record record) {
  Saved saved;
  record.hand_id[Token::kMax] = '\0';
  const auto fits = [](int32_t place) { return place >= kClosed && place <= kOpen; };
  if (fits(record.place))
    saved.place = record.place;
  saved.rain_position = fits(record.rain_position) ? record.rain_position : kClosed;
  saved.hand_id = Token::from(record.hand_id).value_or(Token());
  saved.obstacle = record.obstacle != 0;
  return saved;
}

static bool is_on(const binary_sensor::BinarySensor *sensor) {
  return sensor != nullptr && sensor->has_state() && sensor->state;
}

static Token draw() { return Token::from_number(uint64_t{random_uint32()} << 32 | random_uint32()); }

// 0 while the clock is not set.
static int64_t unix_ms() {
  struct timeval tv;
  gettimeofday(&tv, nullptr);
  constexpr int64_t long_ago = 1'600'000'000;
  return tv.tv_sec < long_ago ? 0 : int64_t{tv.tv_sec} * 1000 + tv.tv_usec / 1000;
}

static bool send(const std::string &topic, std::string_view payload, uint8_t qos, bool retain) {
  return mqtt::global_mqtt_client->publish(topic.c_str(), payload.data(), payload.size(), qos, retain);
}

Micros SmartWindow::now_() const { return static_cast<Micros>(millis_64()) * kMillisecond; }

void SmartWindow::setup() {
  this->set_motor_();  // both off, whatever the pins did
  state_topic_ = this->topic_("window", "state");
  result_topic_ = this->topic_("window", "control/result");
  audio_topic_ = this->topic_("sensor", "audio");
  flash_ = global_preferences->make_preference<Record>(fnv1_hash("smart_window" + id_) + FLASH_VERSION);
  Record record{};
  record.place = -1;
  if (flash_.load(&record))
    saved_ = from_record(record);
  device_ = std::make_unique<Device>(config_, saved_, is_on(rain_), this->now_());
  if (saved_.place)
    encoder_.is_at(*saved_.place);
  mqtt::global_mqtt_client->subscribe(
      this->topic_("window", "guard"), [this](const std::string &, const std::string &p) { this->on_guard_(p); }, 1);
  mqtt::global_mqtt_client->subscribe(
      this->topic_("window", "control"), [this](const std::string &, const std::string &p) { this->on_control_(p); }, 1);
#ifdef USE_MICROPHONE
  if (source_ != nullptr)
    this->set_up_clip_();
#endif
}

void SmartWindow::loop() {
  const Micros now = this->now_();
  this->follow_connection_(now);
  this->read_inputs_(now);
  device_->advance(now);
  this->set_motor_();
  this->remember_();
  this->report_(now);
#ifdef USE_MICROPHONE
  if (clip_ != nullptr)
    this->follow_clip_(now);
#endif
}

void SmartWindow::on_shutdown() {
  for (auto *output : {open_, close_})
    output->turn_off();
}

// The rising edge is told here and not by a callback: only then are the subscriptions made.
void SmartWindow::follow_connection_(Micros now) {
  const bool is_connected = mqtt::global_mqtt_client->is_connected();
  if (is_connected == is_connected_)
    return;
  is_connected_ = is_connected;
  if (!is_connected)
    return device_->disconnect(now);
  device_->connect(draw(), now);
  connected_at_ = now;
  guard_may_be_kept_ = true;
  is_reported_ = false;
  this->announce_();
}

// ESPHome does not say whether a message was retained. The broker hands out its kept copy before anything live, so the
// first guard of a connection counts for its content alone; the next one, 60 s later at most, for the link.
void SmartWindow::on_guard_(const std::string &payload) {
  const Micros now = this->now_();
  this->follow_connection_(now);
  const auto guard = decode_guard(payload);
  if (!guard) {
    ESP_LOGW(TAG, "A guard of %zu bytes does not fit the contract and is ignored", payload.size());
    return;
  }
  device_->guard(*guard, guard_may_be_kept_, now);
  guard_may_be_kept_ = false;
}

void SmartWindow::on_control_(const std::string &payload) {
  const Micros now = this->now_();
  this->follow_connection_(now);
  const auto read = decode_control(payload);
  // The fence refuses every kept command but a person's stop, which needs no session.
  const bool is_kept = read.control.is(window_core::Action::kStop) && now - connected_at_ < KEPT_CONTROL &&
                       read.control.session != device_->session();
  const Result result = device_->control(read, is_kept, now);
  this->set_motor_();
  char buffer[256];
  send(result_topic_, encode_result(result, unix_ms(), buffer, sizeof buffer), 1, false);
}

void SmartWindow::press(Button button) {
  device_->press(button, draw(), this->now_());
  this->set_motor_();
}

void SmartWindow::halt() {
  device_->halt(this->now_());
  this->set_motor_();
  this->remember_();
}

// Polled: a state callback may come before setup(), and not at all for a first state.
void SmartWindow::read_inputs_(Micros now) {
  if (rain_ != nullptr && rain_->has_state())
    device_->rain(rain_->state, now);
  const bool is_stalled = is_on(stall_input_);
  if (is_stalled && !was_stalled_)
    device_->stall(now);
  was_stalled_ = is_stalled;
  if (counter_ != nullptr && counter_->has_state() && std::isfinite(counter_->state)) {
    encoder_.read(static_cast<int32_t>(lroundf(counter_->state)), drive_ != Drive::kOff, now);
    const auto place = device_->state().place;
    if (place && !had_place_)
      encoder_.is_at(*place);  // homing or an end stop told where it is
    else if (place)
      device_->measured(encoder_.place(), now);
    had_place_ = place.has_value();
    // While the place is learnt, a sash that stands has most likely come to its end: homing goes on by time.
    const bool is_jammed = place && encoder_.stands(now);
    if (is_jammed != was_jammed_)
      device_->jam(is_jammed, now);
    was_jammed_ = is_jammed;
  }
  if (is_on(closed_endstop_)) {
    device_->at_end(Drive::kClose, now);
    encoder_.is_at(kClosed);
  }
  if (is_on(open_endstop_)) {
    device_->at_end(Drive::kOpen, now);
    encoder_.is_at(kOpen);
  }
}

void SmartWindow::set_current(sensor::Sensor *current, const StallConfig &config) {
  watch_ = StallWatch(config);
  current->add_on_state_callback([this](float amperes) {
    if (device_ == nullptr || !std::isfinite(amperes))
      return;
    const Micros now = this->now_();
    if (!watch_.sample(static_cast<int32_t>(amperes * 1000), now))
      return;
    ESP_LOGW(TAG, "The motor draws %.2f A: it is blocked", amperes);
    device_->stall(now);
    this->set_motor_();
  });
}

void SmartWindow::set_motor_() {
  const Drive drive = device_ == nullptr ? Drive::kOff : device_->drive();
  if (device_ != nullptr && drive == drive_)
    return;
  auto *on = drive == Drive::kOpen ? open_ : close_;
  auto *off = drive == Drive::kOpen ? close_ : open_;
  off->turn_off();  // never both
  drive == Drive::kOff ? on->turn_off() : on->turn_on();
  drive_ = drive;
  watch_.driven(drive != Drive::kOff, this->now_());
}

// Written through at each change: a power cut in a move must find that the place is unknown.
void SmartWindow::remember_() {
  const Saved saved = device_->saved();
  if (saved == saved_)
    return;
  saved_ = saved;
  const Record record = to_record(saved);
  flash_.save(&record);
  global_preferences->sync();
}

void SmartWindow::add_reading_(sensor::Sensor *sensor, const char *kind, const char *unit) {
  (*kind == 't' ? has_temperature_ : has_humidity_) = true;
  sensor->add_on_state_callback([this, kind, unit](float value) {
    if (!std::isfinite(value) || !is_connected_)
      return;
    char buffer[128];
    send(this->topic_("sensor", kind), encode_reading(lroundf(value * 100), unit, unix_ms(), buffer, sizeof buffer), 0, false);
  });
}

void SmartWindow::announce_() {
  char mac[MAC_ADDRESS_PRETTY_BUFFER_SIZE];
  get_mac_address_pretty_into_buffer(mac);
#ifdef ESPHOME_PROJECT_VERSION
  const char *version = ESPHOME_PROJECT_VERSION;
#else
  const char *version = "dev";
#endif
  std::string capabilities = R"(["position")";
  const auto can = [&capabilities](bool holds, const char *word) {
    if (holds)
      capabilities += std::string(",\"") + word + "\"";
  };
  can(has_temperature_, "temperature");
  can(has_humidity_, "humidity");
  can(rain_ != nullptr, "rain");
#ifdef USE_MICROPHONE
  can(clip_ != nullptr, "audio");
#endif
  char buffer[1024];
  JsonWriter json(buffer, sizeof buffer);
  json.whole("contract", 1).text("device_id", id_).text("name", name_).text("model", model_);
  json.text("sw_version", version).text("hw", ESPHOME_VARIANT).text("mac", mac);
  if (!area_.empty())
    json.text("suggested_area", area_);
  json.raw("capabilities", capabilities + "]");
#ifdef USE_MICROPHONE
  if (clip_ != nullptr && sends_sound_)
    json.raw("audio", R"({"rate":16000,"format":"pcm_s16le","framing":"SWA1"})");
#endif
  send(this->topic_("window", "announce"), json.done(), 1, true);
}

// At each change, twice a second in a move, and as a heartbeat.
void SmartWindow::report_(Micros now) {
  if (!is_connected_)
    return;
  State state = device_->state();
  char buffer[512];
  const MaybePlace place = state.place;
  state.place.reset();
  const auto rest = encode_state(state, 0, buffer, sizeof buffer);
  const bool is_news = !is_reported_ || rest != std::string_view(reported_, reported_size_);
  if (!is_news && now - reported_at_ < (device_->is_moving() ? MOVING : HEARTBEAT))
    return;
  rest.copy(reported_, sizeof reported_);
  reported_size_ = rest.size();
  state.place = place;
  is_reported_ = send(state_topic_, encode_state(state, unix_ms(), buffer, sizeof buffer), 1, true);
  reported_at_ = now;
}

#ifdef USE_MICROPHONE
void SmartWindow::set_clip(microphone::MicrophoneSource *source, const ClipConfig &config, Micros interval) {
  source_ = source, clip_config_ = config, clip_interval_ = interval;
}

void SmartWindow::set_up_clip_() {
  RAMAllocator<uint8_t> allocator;  // PSRAM where there is any
  uint8_t *buffer = allocator.allocate(clip_config_.bytes);
  if (buffer == nullptr) {
    ESP_LOGE(TAG, "No memory for a clip of %u bytes: choose a shorter duration", static_cast<unsigned>(clip_config_.bytes));
    this->status_set_warning();
  }
  clip_ = std::make_unique<Clip>(clip_config_, buffer);
  clip_id_ = random_uint32();
  clip_at_ = this->now_();
  if (sends_sound_)
    chunk_.resize(kClipHeader + clip_config_.chunk);
  else
    this->set_up_features_();
  source_->add_data_callback([this](const std::vector<uint8_t> &data) { clip_->feed(data.data(), data.size()); });
}

void SmartWindow::set_up_features_() {
  const size_t count = FeatureMaker<float>::frames_of(clip_config_.bytes / 2);
  RAMAllocator<SoundFrame<float>> allocator;
  auto *frames = allocator.allocate(count);
  if (frames == nullptr) {
    ESP_LOGE(TAG, "No memory for the features of %u frames: choose a shorter duration", static_cast<unsigned>(count));
    this->status_set_warning();
  }
  room_ = std::make_unique<FeatureRoom>();
  features_ = std::make_unique<ClipFeatures>(*room_, frames);
}

bool SmartWindow::may_listen_() const {
  return device_->microphone() && (microphone_switch_ == nullptr || is_on(microphone_switch_));
}

void SmartWindow::follow_clip_(Micros now) {
  const bool is_due = wants_clip_ || (clip_interval_ > 0 && now - clip_at_ >= clip_interval_);
  if (clip_->is_busy() && !this->may_listen_()) {
    ESP_LOGI(TAG, "The microphone was switched off: the clip is thrown away");
    clip_->give_up();
  } else if (is_due && is_connected_ && this->may_listen_() && !clip_->is_busy()) {
    is_listening_ = clip_->record(++clip_id_, static_cast<uint64_t>(unix_ms()), now);
    if (is_listening_) {
      if (features_ != nullptr)
        features_->begin(*clip_);
      source_->start();
    }
  }
  if (is_due)
    clip_at_ = now, wants_clip_ = false;
  if (is_listening_ && !clip_->wants_sound()) {
    source_->stop();
    is_listening_ = false;
  }
  this->send_clip_(now);
  if (clip_->given_up() != given_up_) {
    given_up_ = clip_->given_up();
    ESP_LOGW(TAG, "A clip was given up");
  }
}

void SmartWindow::send_clip_(Micros now) {
  if (features_ == nullptr) {
    clip_->step(is_connected_, now, [this](const uint8_t *header, const uint8_t *samples, size_t size) {
      std::memcpy(chunk_.data(), header, kClipHeader);
      std::memcpy(chunk_.data() + kClipHeader, samples, size);
      return send(audio_topic_, {chunk_.data(), kClipHeader + size}, 1, false);
    });
    return;
  }
  // Not while the motor runs: a frame holds up the loop, on a board without floating point for some 50 ms.
  const bool may_work = drive_ == Drive::kOff;
  features_->step(*clip_, is_connected_, may_work, now, [this](const FeatureMaker<float> &features) {
    char buffer[1536];
    return send(audio_topic_, encode_features(features, full_scale_, buffer, sizeof buffer), 1, false);
  });
}
#endif

void SmartWindow::dump_config() {
  ESP_LOGCONFIG(TAG,
                "Smart window %s (%s)\n"
                "  Whole way: %.1f s to open, %.1f s to close\n"
                "  When the link is lost: %s",
                id_.c_str(), name_.c_str(), config_.motor.open_time / 1e6, config_.motor.close_time / 1e6,
                config_.close_after_loss == kNever ? "stay" : "close");
}

}  // namespace esphome::smart_window
