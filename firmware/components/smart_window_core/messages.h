// SPDX-License-Identifier: Apache-2.0
// The device's half of the contract: bytes of control and guard to inputs, and what a window says to bytes.
#pragma once
#include "device.h"
#include "json_reader.h"
#include "json_writer.h"

namespace window_core {

constexpr size_t kMaxPayload = 4096;   // of a control or a guard
constexpr int64_t kMaxTs = 100'000'000'000;

namespace reading {

inline std::optional<Place> percent(const JsonValue &value) {
  if (value.kind != JsonValue::Kind::kNumber)
    return std::nullopt;
  const auto millionths = value.number.millionths(0, 100);
  return millionths ? std::optional<Place>(static_cast<Place>(*millionths)) : std::nullopt;
}

inline bool is_number(const JsonValue &value, int64_t low, int64_t high) {
  return value.kind == JsonValue::Kind::kNumber && value.number.millionths(low, high);
}

// A plain text of at most 64 letters; nothing fits where it is longer or has other letters than a token's.
inline std::optional<Token> token(const JsonValue &value) {
  if (value.kind != JsonValue::Kind::kText)
    return std::nullopt;
  char plain[Token::kMax];
  size_t size = 0;
  JsonLetters letters(value.inside);
  for (uint32_t letter = 0; letters.next(letter); plain[size++] = static_cast<char>(letter)) {
    if (size == Token::kMax || letter >= 0x80)
      return std::nullopt;
  }
  return Token::from({plain, size});
}

template<typename Set> std::optional<Set> word(const JsonValue &value) {
  const auto text = token(value);
  return text ? from_word<Set>(text->view()) : std::nullopt;
}

// 1 to 100 letters, none of them a control character.
inline bool is_line(const JsonValue &value) {
  if (value.kind != JsonValue::Kind::kText)
    return false;
  JsonLetters letters(value.inside);
  size_t count = 0;
  for (uint32_t letter = 0; letters.next(letter); count++) {
    if (letter < 0x20 || letter == 0x7F)
      return false;
  }
  return count >= 1 && count <= 100;
}

inline bool is_ts(const JsonValue &value) { return value.is_empty() || is_number(value, 0, kMaxTs); }

inline bool flag(const JsonValue &value, bool &into) {
  into = value.flag;
  return value.kind == JsonValue::Kind::kFlag;
}

template<typename From, typename To> bool take(const std::optional<From> &value, To &into) {
  if (value)
    into = *value;
  return value.has_value();
}

struct ControlFields {
  JsonValue position, action, source, command_id, session, rev, confidence, model_version, ts;

  JsonValue *named(std::string_view name) {
    if (json_says(name, "position")) return &position;
    if (json_says(name, "action")) return &action;
    if (json_says(name, "source")) return &source;
    if (json_says(name, "command_id")) return &command_id;
    if (json_says(name, "session")) return &session;
    if (json_says(name, "rev")) return &rev;
    if (json_says(name, "confidence")) return &confidence;
    if (json_says(name, "model_version")) return &model_version;
    if (json_says(name, "ts")) return &ts;
    return nullptr;
  }

  // Fills in what fits; true where all of it does.
  bool fill(Control &control) const {
    if (position.is_there() == action.is_there())
      return false;
    if (position.is_there()) {
      if (!take(percent(position), control.position))
        return false;
    } else if (!take(word<Action>(action), control.action)) {
      return false;
    }
    if (!take(word<Source>(source), control.source) || control.command_id.empty())
      return false;
    if (!session.is_empty() && !take(token(session), control.session))
      return false;
    if (!rev.is_empty() &&
        (rev.kind != JsonValue::Kind::kNumber || !take(rev.number.whole(UINT32_MAX), control.rev)))
      return false;
    return (confidence.is_empty() || is_number(confidence, 0, 1)) &&
           (model_version.is_empty() || is_line(model_version)) && is_ts(ts);
  }
};

struct GuardFields {
  JsonValue hub, machines, min, max, lock, rain_position, microphone, ts;

  JsonValue *named(std::string_view name) {
    if (json_says(name, "hub")) return &hub;
    if (json_says(name, "machines")) return &machines;
    if (json_says(name, "min")) return &min;
    if (json_says(name, "max")) return &max;
    if (json_says(name, "lock")) return &lock;
    if (json_says(name, "rain_position")) return &rain_position;
    if (json_says(name, "microphone")) return &microphone;
    if (json_says(name, "ts")) return &ts;
    return nullptr;
  }

  bool fill(Guard &guard) const {
    return take(token(hub), guard.hub) && flag(machines, guard.machines) && take(percent(min), guard.min) &&
           take(percent(max), guard.max) && take(word<Lock>(lock), guard.lock) &&
           take(percent(rain_position), guard.rain_position) && flag(microphone, guard.microphone) && is_ts(ts) &&
           guard.min <= guard.max;
  }
};

template<typename Fields> JsonShape read(std::string_view payload, Fields &fields) {
  if (payload.size() > kMaxPayload)
    return JsonShape::kBroken;
  return JsonReader(payload).read([&fields](std::string_view name, const JsonValue &value) {
    if (JsonValue *field = fields.named(name))
      *field = value;  // of two members with one name the last one counts
  });
}

}  // namespace reading

inline ReadControl decode_control(std::string_view payload) {
  ReadControl read;
  reading::ControlFields fields;
  const auto shape = reading::read(payload, fields);
  if (shape == JsonShape::kBroken) {
    read.unfit = Reason::kJson;
    return read;
  }
  if (const auto id = reading::token(fields.command_id))
    read.control.command_id = *id;
  if (shape != JsonShape::kObject || !fields.fill(read.control))
    read.unfit = Reason::kFields;
  return read;
}

// Nothing where it does not fit: it then changes nothing.
inline std::optional<Guard> decode_guard(std::string_view payload) {
  reading::GuardFields fields;
  Guard guard;
  if (reading::read(payload, fields) != JsonShape::kObject || !fields.fill(guard))
    return std::nullopt;
  return guard;
}

// Unix milliseconds; 0 while the clock is not set, and then left out.
inline JsonWriter &write_ts(JsonWriter &json, int64_t unix_ms) {
  return unix_ms > 0 ? json.decimal("ts", unix_ms, 3) : json;
}

template<typename Set> JsonWriter &write_word(JsonWriter &json, std::string_view name, const std::optional<Set> &value) {
  return value ? json.text(name, word(*value)) : json.null(name);
}

inline std::string_view encode_state(const State &state, int64_t unix_ms, char *buffer, size_t capacity) {
  JsonWriter json(buffer, capacity);
  json.token("session", state.session).whole("rev", state.rev).token("hand_id", state.hand_id);
  json.place("position", state.place).place("target", state.target).text("operation", word(state.operation));
  write_word(json, "source", state.source).flag("rain", state.rain).flag("obstacle", state.obstacle);
  write_word(json, "fault", state.fault).text("lock", word(state.lock)).token("command_id", state.command_id);
  return write_ts(json, unix_ms).done();
}

inline std::string_view encode_result(const Result &result, int64_t unix_ms, char *buffer, size_t capacity) {
  JsonWriter json(buffer, capacity);
  json.token("command_id", result.command_id).text("result", word(result.verdict));
  result.reason == Reason::kNone ? json.null("reason") : json.text("reason", word(result.reason));
  return write_ts(json, unix_ms).done();
}

// A reading in hundredths of its unit.
inline std::string_view encode_reading(int64_t hundredths, std::string_view unit, int64_t unix_ms, char *buffer,
                                       size_t capacity) {
  JsonWriter json(buffer, capacity);
  json.decimal("value", hundredths, 2).text("unit", unit);
  return write_ts(json, unix_ms).done();
}

}  // namespace window_core
