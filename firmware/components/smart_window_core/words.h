// SPDX-License-Identifier: Apache-2.0
// The closed sets of words that a window and its messages share. contract/asyncapi.yaml defines them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace window_core {

enum class Source : uint8_t { kMl, kUser, kAutomation, kSafety, kFallback };
enum class Action : uint8_t { kStop, kHome, kClear };
enum class Lock : uint8_t { kNone, kChild, kFull };
enum class Button : uint8_t { kOpen, kClose, kStop };
enum class Operation : uint8_t { kIdle, kOpening, kClosing };
enum class Fault : uint8_t { kStall, kRain };
enum class Verdict : uint8_t { kAccepted, kDuplicate, kStale, kGuard, kLocked, kRain, kFault, kInvalid };
enum class Reason : uint8_t {
  kNone,
  kRetained,
  kJson,
  kFields,
  kSession,
  kRev,
  kNoGuard,
  kLink,
  kMachines,
  kBand,
  kNotAPerson,
  kObstacle
};

// The words of each set, in the order of its values.
template<typename Set> struct Words;
template<> struct Words<Source> {
  static constexpr std::array<std::string_view, 5> all{"ml", "user", "automation", "safety", "fallback"};
};
template<> struct Words<Action> { static constexpr std::array<std::string_view, 3> all{"stop", "home", "clear"}; };
template<> struct Words<Lock> { static constexpr std::array<std::string_view, 3> all{"none", "child", "full"}; };
template<> struct Words<Button> { static constexpr std::array<std::string_view, 3> all{"open", "close", "stop"}; };
template<> struct Words<Operation> {
  static constexpr std::array<std::string_view, 3> all{"idle", "opening", "closing"};
};
template<> struct Words<Fault> { static constexpr std::array<std::string_view, 2> all{"stall", "rain"}; };
template<> struct Words<Verdict> {
  static constexpr std::array<std::string_view, 8> all{"accepted", "duplicate", "stale", "guard",
                                                       "locked",   "rain",      "fault", "invalid"};
};
template<> struct Words<Reason> {
  static constexpr std::array<std::string_view, 12> all{"",     "retained", "json",     "fields", "session",      "rev",
                                                        "no_guard", "link", "machines", "band",   "not_a_person", "obstacle"};
};

template<typename Set> constexpr std::string_view word(Set value) {
  return Words<Set>::all[static_cast<size_t>(value)];
}

// Nothing where the text is none of the set's words.
template<typename Set> constexpr std::optional<Set> from_word(std::string_view text) {
  for (size_t i = 0; i < Words<Set>::all.size(); i++) {
    if (Words<Set>::all[i] == text)
      return static_cast<Set>(i);
  }
  return std::nullopt;
}

constexpr bool is_machine(Source source) {
  return source == Source::kMl || source == Source::kAutomation || source == Source::kFallback;
}

}  // namespace window_core
