// SPDX-License-Identifier: Apache-2.0
// Reads JSON as the contract wants it: UTF-8, finite numbers, no lone surrogates, nesting up to 32. It allocates nothing
// and calls itself nowhere, so that no payload can run it out of memory or stack.
#pragma once
#include "json_number.h"
#include "json_text.h"

namespace window_core {

struct JsonValue {
  enum class Kind : uint8_t { kAbsent, kNull, kFlag, kNumber, kText, kOther };

  Kind kind{Kind::kAbsent};
  bool flag{false};
  JsonNumber number{};
  std::string_view inside{};  // of a text, escapes and all

  bool is_there() const { return kind != Kind::kAbsent; }
  // Absent or null: as good as not there, where the schema says so.
  bool is_empty() const { return kind == Kind::kAbsent || kind == Kind::kNull; }
};

enum class JsonShape : uint8_t { kBroken, kOther, kObject };

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Runs over the whole text; visit(name, value) is called for each member of the outermost object, names as they stand.
  template<typename Visit> JsonShape read(Visit &&visit) {
    std::string_view name;
    bool is_object = false;
    space();
    for (bool first = true;; first = false) {
      JsonValue value;
      const int before = depth_;
      if (!begin_value(value))
        return JsonShape::kBroken;
      if (first)
        is_object = depth_ == 1 && in_object();
      else if (is_object && before == 1)
        visit(name, value);
      // A container that opened and has something inside goes on with its first member.
      const bool opened = depth_ > before;
      if (opened ? !first_inside(name) : !behind_value(name))
        return JsonShape::kBroken;
      if (depth_ == 0)
        break;
    }
    space();
    if (at_ != text_.size())
      return JsonShape::kBroken;
    return is_object ? JsonShape::kObject : JsonShape::kOther;
  }

 private:
  static constexpr int kMaxDepth = 32;

  bool in_object() const { return (objects_ >> (depth_ - 1) & 1) != 0; }
  bool eat(char c) { return at_ < text_.size() && text_[at_] == c && ++at_; }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      at_++;
  }
  bool eat_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word)
      return false;
    at_ += word.size();
    return true;
  }

  bool open(bool object) {
    if (depth_ == kMaxDepth)
      return false;
    const uint32_t bit = uint32_t{1} << depth_++;
    objects_ = object ? objects_ | bit : objects_ & ~bit;
    return true;
  }

  bool begin_value(JsonValue &value) {
    using Kind = JsonValue::Kind;
    if (at_ == text_.size())
      return false;
    switch (text_[at_]) {
      case '{':
      case '[':
        value.kind = Kind::kOther;
        return open(text_[at_++] == '{');
      case '"':
        value.kind = Kind::kText;
        return quoted(value.inside);
      case 't':
        value.kind = Kind::kFlag, value.flag = true;
        return eat_word("true");
      case 'f':
        value.kind = Kind::kFlag;
        return eat_word("false");
      case 'n':
        value.kind = Kind::kNull;
        return eat_word("null");
      default:
        value.kind = Kind::kNumber;
        return value.number.read(text_, at_);
    }
  }

  bool quoted(std::string_view &inside) {
    if (!eat('"'))
      return false;
    const size_t from = at_;
    uint32_t letter = 0;
    while (at_ < text_.size() && text_[at_] != '"') {
      JsonLetters letters(text_, at_);
      if (!letters.next(letter))
        return false;
      at_ = letters.at();
    }
    inside = text_.substr(from, at_ - from);
    return eat('"');
  }

  bool member_name(std::string_view &name) {
    std::string_view inside;
    space();
    if (!quoted(inside))
      return false;
    if (depth_ == 1)
      name = inside;
    space();
    if (!eat(':'))
      return false;
    space();
    return true;
  }

  bool first_inside(std::string_view &name) {
    space();
    if (eat(in_object() ? '}' : ']')) {
      depth_--;
      return behind_value(name);
    }
    return in_object() ? member_name(name) : true;
  }

  // Closes what ends here, and moves on to the next value, if there is one.
  bool behind_value(std::string_view &name) {
    while (depth_ > 0) {
      space();
      if (eat(',')) {
        space();
        return in_object() ? member_name(name) : true;
      }
      if (!eat(in_object() ? '}' : ']'))
        return false;
      depth_--;
    }
    return true;
  }

  std::string_view text_;
  size_t at_{0};
  int depth_{0};
  uint32_t objects_{0};  // bit n: what is open at depth n + 1 is an object
};

}  // namespace window_core
