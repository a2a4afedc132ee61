// SPDX-License-Identifier: Apache-2.0
// Letters of a JSON string: UTF-8 and escapes, one code point at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace window_core {

// Reads the inside of a JSON string. A false next() is the end where at_end() holds, and bad text elsewhere.
class JsonLetters {
 public:
  explicit JsonLetters(std::string_view text, size_t at = 0) : text_(text), at_(at) {}

  size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }

  bool next(uint32_t &letter) {
    if (at_end())
      return false;
    const auto first = byte();
    if (first < 0x20)
      return false;
    if (first == '\\')
      return escape(letter);
    return first < 0x80 ? (letter = first, true) : sequence(first, letter);
  }

 private:
  uint8_t byte() { return static_cast<uint8_t>(text_[at_++]); }

  bool escape(uint32_t &letter) {
    if (at_end())
      return false;
    const char kind = text_[at_++];
    if (kind == 'u')
      return unit(letter) && (letter < 0xD800 || letter > 0xDFFF || pair(letter));
    constexpr std::string_view kinds = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const auto found = kinds.find(kind);
    if (found == kinds.npos)
      return false;
    letter = static_cast<uint8_t>(meanings[found]);
    return true;
  }

  bool unit(uint32_t &value) {
    if (text_.size() - at_ < 4)
      return false;
    value = 0;
    for (int i = 0; i < 4; i++) {
      const char c = text_[at_++];
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0)
        return false;
      value = value * 16 + static_cast<uint32_t>(digit);
    }
    return true;
  }

  // The second half of a surrogate pair; a lone half is refused.
  bool pair(uint32_t &letter) {
    uint32_t low = 0;
    if (letter >= 0xDC00 || text_.substr(at_, 2) != "\\u")
      return false;
    at_ += 2;
    if (!unit(low) || low < 0xDC00 || low > 0xDFFF)
      return false;
    letter = 0x10000 + ((letter - 0xD800) << 10) + (low - 0xDC00);
    return true;
  }

  // UTF-8 of two to four bytes: no overlong form, no surrogate, nothing beyond U+10FFFF.
  bool sequence(uint8_t first, uint32_t &letter) {
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || text_.size() - at_ < static_cast<size_t>(more))
      return false;
    letter = first & (0x3F >> more);
    for (int i = 0; i < more; i++) {
      const auto next = byte();
      if ((next & 0xC0) != 0x80)
        return false;
      letter = letter << 6 | (next & 0x3F);
    }
    constexpr uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    return letter >= least[more] && letter <= 0x10FFFF && (letter < 0xD800 || letter > 0xDFFF);
  }

  std::string_view text_;
  size_t at_;
};

// Whether a checked JSON string says this plain text.
inline bool json_says(std::string_view inside, std::string_view plain) {
  JsonLetters letters(inside);
  uint32_t letter = 0;
  for (const char wanted : plain) {
    if (!letters.next(letter) || letter != static_cast<uint8_t>(wanted))
      return false;
  }
  return letters.at_end();
}

}  // namespace window_core
