// SPDX-License-Identifier: GPL-3.0-only
// The names that ESPHome's mqtt needs to compile. The window reads and writes its JSON itself.
#pragma once
#include <functional>
#include <string>

namespace ArduinoJson {
struct JsonObject {
  template<typename Key> JsonObject operator[](const Key &) const { return {}; }
  template<typename Value> JsonObject operator=(const Value &) const { return {}; }
  template<typename Value> bool add(const Value &) const { return true; }
  template<typename As> As to() const { return {}; }
};
using JsonObjectConst = JsonObject;
using JsonArray = JsonObject;
}  // namespace ArduinoJson
using namespace ArduinoJson;

namespace esphome::json {
using json_parse_t = std::function<bool(JsonObject)>;
using json_build_t = std::function<void(JsonObject)>;
inline std::string build_json(const json_build_t &) { return "{}"; }
inline bool parse_json(const std::string &, const json_parse_t &) { return false; }
}  // namespace esphome::json
