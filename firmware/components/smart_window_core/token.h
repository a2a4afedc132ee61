// SPDX-License-Identifier: Apache-2.0
// A session, hand_id, command_id or hub: 1 to 64 of A-Z a-z 0-9 _ . : - in a buffer of its own. Empty: there is none.
#pragma once
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace window_core {

class Token {
 public:
  static constexpr size_t kMax = 64;

  Token() = default;
  static std::optional<Token> from(std::string_view text) {
    if (text.empty() || text.size() > kMax)
      return std::nullopt;
    Token token;
    for (const char letter : text) {
      if (!fits(letter))
        return std::nullopt;
      token.text_[token.size_++] = letter;
    }
    return token;
  }
  // 16 hexadecimal digits: for numbers drawn at random.
  static Token from_number(uint64_t number) {
    Token token;
    for (int shift = 60; shift >= 0; shift -= 4)
      token.text_[token.size_++] = "0123456789abcdef"[(number >> shift) & 15];
    return token;
  }

  static constexpr bool fits(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == ':' || c == '-';
  }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {text_, size_}; }
  bool operator==(const Token &other) const { return view() == other.view(); }
  bool operator!=(const Token &other) const { return view() != other.view(); }

 private:
  char text_[kMax]{};
  uint8_t size_{0};
};

}  // namespace window_core
