// SPDX-License-Identifier: Apache-2.0
// Writes one JSON object into a buffer of fixed size. What does not fit makes the whole of it empty.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "token.h"
#include "units.h"

namespace window_core {

class JsonWriter {
 public:
  JsonWriter(char *buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) { put('{'); }

  JsonWriter &text(std::string_view name, std::string_view value) {
    key(name);
    quote(value);
    return *this;
  }
  JsonWriter &token(std::string_view name, const Token &value) {
    return value.empty() ? null(name) : text(name, value.view());
  }
  JsonWriter &null(std::string_view name) { return raw(name, "null"); }
  JsonWriter &flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonWriter &whole(std::string_view name, int64_t value) {
    key(name);
    number(value);
    return *this;
  }
  // A number of so many decimals: thousandths for 3.
  JsonWriter &decimal(std::string_view name, int64_t value, int decimals) {
    key(name);
    decimal_value(value, decimals);
    return *this;
  }
  JsonWriter &place(std::string_view name, MaybePlace place) {
    constexpr Place tenth = kPercent / 10;
    return place ? decimal(name, (*place + tenth / 2) / tenth, 1) : null(name);
  }
  // What stands ready as JSON.
  JsonWriter &raw(std::string_view name, std::string_view json) {
    key(name);
    put(json);
    return *this;
  }
  // A list of numbers of so many decimals.
  template<typename Numbers> JsonWriter &decimals(std::string_view name, const Numbers &values, int decimals) {
    key(name);
    char before = '[';
    for (const auto value : values) {
      put(before);
      decimal_value(value, decimals);
      before = ',';
    }
    put(before == '[' ? "[]" : "]");
    return *this;
  }

  std::string_view done() {
    put('}');
    return is_full_ ? std::string_view() : std::string_view(buffer_, size_);
  }

 private:
  void put(char c) {
    if (size_ == capacity_)
      is_full_ = true;
    else
      buffer_[size_++] = c;
  }
  void put(std::string_view text) {
    for (const char c : text)
      put(c);
  }
  void key(std::string_view name) {
    if (size_ > 1)
      put(',');
    quote(name);
    put(':');
  }
  void quote(std::string_view text) {
    put('"');
    for (const char c : text) {
      const auto byte = static_cast<uint8_t>(c);
      if (c == '"' || c == '\\')
        put('\\');
      if (byte >= 0x20) {
        put(c);
      } else {
        put("\\u00");
        put("0123456789abcdef"[byte >> 4]);
        put("0123456789abcdef"[byte & 15]);
      }
    }
    put('"');
  }
  void number(int64_t value) {
    if (value < 0)
      put('-');
    digits(value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value), 1);
  }
  void decimal_value(int64_t value, int decimals) {
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++)
      unit *= 10;
    const uint64_t size = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    if (value < 0)
      put('-');
    digits(size / unit, 1);
    if (decimals > 0) {
      put('.');
      digits(size % unit, decimals);
    }
  }
  void digits(uint64_t value, int least) {
    char reversed[20];
    int count = 0;
    for (; value > 0 || count < least; value /= 10)
      reversed[count++] = static_cast<char>('0' + value % 10);
    while (count > 0)
      put(reversed[--count]);
  }

  char *buffer_;
  size_t capacity_;
  size_t size_{0};
  bool is_full_{false};
};

}  // namespace window_core
