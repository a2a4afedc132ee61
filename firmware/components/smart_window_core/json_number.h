// SPDX-License-Identifier: Apache-2.0
// A JSON number as decimal digits: the C library's strtod may allocate, and a place wants millionths anyway.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace window_core {

class JsonNumber {
 public:
  // Reads a number at `at` and moves on behind it. False: there is none, or it is beyond a double.
  bool read(std::string_view text, size_t &at) {
    *this = {};
    const auto is = [&](char c) { return at < text.size() && text[at] == c; };
    const auto is_digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (is('-'))
      is_negative_ = true, at++;
    if (!is_digit())
      return false;
    if (is('0'))
      at++;
    else
      while (is_digit())
        take(text[at++], false);
    if (is('.')) {
      at++;
      if (!is_digit())
        return false;
      while (is_digit())
        take(text[at++], true);
    }
    if (is('e') || is('E')) {
      at++;
      const bool is_down = is('-');
      if (is('-') || is('+'))
        at++;
      if (!is_digit())
        return false;
      int32_t shift = 0;
      while (is_digit()) {
        const int32_t digit = text[at++] - '0';
        shift = shift > kFar ? shift : shift * 10 + digit;
      }
      exponent_ += is_down ? -shift : shift;
    }
    return fits_a_double();
  }

  // Millionths, rounded, where low <= number <= high; nothing elsewhere.
  std::optional<int64_t> millionths(int64_t low, int64_t high) const {
    if (digits_ == 0)
      return low <= 0 && 0 <= high ? std::optional<int64_t>(0) : std::nullopt;
    uint64_t whole = 0, rest = 0, half = 1;
    if (!scale(whole, rest, half))
      return std::nullopt;
    const auto size = static_cast<int64_t>(whole);
    if (is_negative_)  // no number of the contract is negative but within a range from 0
      return std::nullopt;
    if (size < low * kMillion || size > high * kMillion || (size == high * kMillion && rest != 0))
      return std::nullopt;
    return size + (rest >= half ? 1 : 0);
  }

  // A whole number from 0 to high; 1.0 is one.
  std::optional<uint32_t> whole(uint32_t high) const {
    if (digits_ == 0)
      return 0;
    uint64_t size = 0, rest = 0, half = 1;
    if (is_negative_ || !scale(size, rest, half) || rest != 0 || size % kMillion != 0 || size / kMillion > high)
      return std::nullopt;
    return static_cast<uint32_t>(size / kMillion);
  }

 private:
  static constexpr int32_t kFar = 100'000;      // an exponent from which on its size does not matter
  static constexpr int kDigits = 17;            // a double tells no more of them apart
  static constexpr int64_t kMillion = 1'000'000;

  void take(char c, bool is_fraction) {
    if (count_ == kDigits) {
      exponent_ += is_fraction ? 0 : 1;
      return;
    }
    exponent_ -= is_fraction ? 1 : 0;
    digits_ = digits_ * 10 + static_cast<uint64_t>(c - '0');
    count_ += digits_ != 0 ? 1 : 0;
  }

  // The number is 0.d1d2d3… times ten to the power of this.
  int32_t lead() const { return count_ + exponent_; }

  bool fits_a_double() {
    constexpr int32_t greatest = 309, least = -323;
    constexpr uint64_t greatest_digits = 17'976'931'348'623'158u;
    if (digits_ == 0)
      return true;
    if (lead() < least)
      digits_ = 0;
    if (lead() != greatest)
      return lead() < greatest;
    uint64_t digits = digits_;
    for (int i = count_; i < kDigits; i++)
      digits *= 10;
    return digits <= greatest_digits;
  }

  // Splits the number times a million into whole and rest; `half` is half of what the rest is counted in.
  bool scale(uint64_t &whole, uint64_t &rest, uint64_t &half) const {
    constexpr int32_t most = 12;  // 999,999,999,999 times a million fits easily
    if (lead() > most)
      return false;
    const int32_t shift = exponent_ + 6;
    whole = digits_;
    for (int32_t i = 0; i < shift; i++)
      whole *= 10;
    if (shift >= 0)
      return true;
    if (shift < -18) {
      whole = 0, rest = 1, half = 2;
      return true;
    }
    uint64_t unit = 1;
    for (int32_t i = 0; i < -shift; i++)
      unit *= 10;
    rest = whole % unit, whole /= unit, half = unit / 2;
    return true;
  }

  uint64_t digits_{0};
  int32_t exponent_{0};
  int32_t count_{0};  // of significant digits in digits_
  bool is_negative_{false};
};

}  // namespace window_core
