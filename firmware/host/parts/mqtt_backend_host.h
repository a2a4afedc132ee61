// SPDX-License-Identifier: GPL-3.0-only
// ESPHome's MQTT backend on libmosquitto, driven from the main loop without a thread.
#pragma once
#include "mqtt_backend.h"
#ifdef USE_MQTT
#include <mosquitto.h>

#include <string>
#include <utility>

namespace esphome::mqtt {

class MQTTBackendHost final : public MQTTBackend {
 public:
  MQTTBackendHost() { mosquitto_lib_init(); }

  void set_keep_alive(uint16_t seconds) final { keep_alive_ = seconds; }
  void set_client_id(const char *id) final { client_id_ = id; }
  void set_clean_session(bool clean) final { clean_session_ = clean; }
  void set_credentials(const char *user, const char *password) final { user_ = text(user), password_ = text(password); }
  void set_will(const char *topic, uint8_t qos, bool retain, const char *payload) final { will_ = {topic, payload, qos, retain}; }
  void set_server(network::IPAddress, uint16_t) final {}
  void set_server(const char *host, uint16_t port) final { host_ = host, port_ = port; }
  void set_on_connect(std::function<on_connect_callback_t> &&f) final { on_connect_.add(std::move(f)); }
  void set_on_disconnect(std::function<on_disconnect_callback_t> &&f) final { on_disconnect_.add(std::move(f)); }
  void set_on_subscribe(std::function<on_subscribe_callback_t> &&) final {}
  void set_on_unsubscribe(std::function<on_unsubscribe_callback_t> &&) final {}
  void set_on_message(std::function<on_message_callback_t> &&f) final { on_message_.add(std::move(f)); }
  void set_on_publish(std::function<on_publish_user_callback_t> &&) final {}

  bool connected() const final { return is_connected_; }

  void connect() final {
    this->disconnect();
    client_ = mosquitto_new(client_id_.c_str(), clean_session_, this);
    mosquitto_connect_callback_set(client_, [](mosquitto *, void *self, int refused) {
      static_cast<MQTTBackendHost *>(self)->answered(refused == 0);
    });
    mosquitto_message_callback_set(client_, [](mosquitto *, void *self, const mosquitto_message *message) {
      static_cast<MQTTBackendHost *>(self)->arrived(*message);
    });
    if (!user_.empty())
      mosquitto_username_pw_set(client_, user_.c_str(), password_.c_str());
    if (!will_.topic.empty())
      mosquitto_will_set(client_, will_.topic.c_str(), static_cast<int>(will_.payload.size()), will_.payload.data(), will_.qos,
                         will_.retain);
    // A failure is told from loop(): the caller sets its own state only after this returns.
    is_lost_ = mosquitto_connect(client_, host_.c_str(), port_, keep_alive_) != MOSQ_ERR_SUCCESS;
  }

  void disconnect() final {
    if (client_ == nullptr)
      return;
    if (is_connected_)
      mosquitto_disconnect(client_);
    mosquitto_destroy(client_);
    client_ = nullptr;
    is_connected_ = is_lost_ = false;
  }

  bool subscribe(const char *topic, uint8_t qos) final {
    return client_ != nullptr && mosquitto_subscribe(client_, nullptr, topic, qos) == MOSQ_ERR_SUCCESS;
  }
  bool unsubscribe(const char *topic) final {
    return client_ != nullptr && mosquitto_unsubscribe(client_, nullptr, topic) == MOSQ_ERR_SUCCESS;
  }
  bool publish(const char *topic, const char *payload, size_t length, uint8_t qos, bool retain) final {
    return client_ != nullptr &&
           mosquitto_publish(client_, nullptr, topic, static_cast<int>(length), payload, qos, retain) == MOSQ_ERR_SUCCESS;
  }
  using MQTTBackend::publish;

  void loop() final {
    for (int i = 0; i < 8 && client_ != nullptr && !is_lost_; i++)
      is_lost_ = mosquitto_loop(client_, 0, 1) != MOSQ_ERR_SUCCESS;
    if (!is_lost_)
      return;
    is_lost_ = is_connected_ = false;
    on_disconnect_.call(MQTTClientDisconnectReason::TCP_DISCONNECTED);
  }

 private:
  static std::string text(const char *words) { return words == nullptr ? "" : words; }
  void answered(bool taken) {
    is_connected_ = taken;
    is_lost_ = !taken;
    if (taken)
      on_connect_.call(false);
  }
  void arrived(const mosquitto_message &message) {
    const auto length = static_cast<size_t>(message.payloadlen);
    const char *payload = length == 0 ? "" : static_cast<const char *>(message.payload);
    on_message_.call(message.topic, payload, length, 0, length);
  }

  mosquitto *client_{nullptr};
  std::string host_, client_id_, user_, password_;
  MQTTMessage will_{};
  uint16_t port_{1883}, keep_alive_{15};
  bool clean_session_{true}, is_connected_{false}, is_lost_{false};
  CallbackManager<on_connect_callback_t> on_connect_;
  CallbackManager<on_disconnect_callback_t> on_disconnect_;
  CallbackManager<on_message_callback_t> on_message_;
};

}  // namespace esphome::mqtt
#endif
