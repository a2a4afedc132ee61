// SPDX-License-Identifier: Apache-2.0
// Whether a command is obeyed: rules 3 to 9 of contract/README.md, in their order. Nothing here changes anything.
#pragma once
#include "guard.h"

namespace window_core {

// A command that fits the contract: a position or an action.
struct Control {
  Token command_id;
  Token session;                  // empty: there is none
  std::optional<uint32_t> rev;
  std::optional<Action> action;   // nothing: it is a position
  Place position{kClosed};
  Source source{Source::kUser};

  bool is(Action wanted) const { return action == wanted; }
  // The position that it names; home counts as 0, stop and clear have none.
  MaybePlace goal() const {
    if (!action)
      return position;
    return *action == Action::kHome ? MaybePlace(kClosed) : std::nullopt;
  }
};

// A control message as it was read: one that does not fit says why (kJson, kFields); it has a command_id where that fits.
struct ReadControl {
  Control control;
  Reason unfit{Reason::kNone};
};

// The window as the rules look at it.
struct View {
  const Token &session;
  uint32_t rev, floor;
  const std::optional<Guard> &guard;
  bool link_is_up;
  MaybePlace place, target;
  bool wet, obstacle;
};

struct Judgement {
  Verdict verdict{Verdict::kAccepted};
  Reason reason{Reason::kNone};
  bool is_fresh{true};  // made for the window as it stands; a late stop was not
};

// Whether obeying would drive the sash towards closed: an unknown place is learnt by closing.
inline bool closes(const Control &control, const View &view) {
  const auto goal = control.goal();
  return goal && (control.is(Action::kHome) || !view.place || *goal < *view.place);
}

namespace rules {

using MaybeJudgement = std::optional<Judgement>;

inline MaybeJudgement stale(const Control &control, const View &view) {
  if (control.session.empty() || control.session != view.session)
    return Judgement{Verdict::kStale, Reason::kSession, false};
  const bool is_old = control.source == Source::kUser ? !control.rev || *control.rev < view.floor
                                                      : control.rev != view.rev;
  if (is_old)
    return Judgement{Verdict::kStale, Reason::kRev, false};
  return std::nullopt;
}

inline MaybeJudgement guarded(const Control &control, const View &view) {
  if (!is_machine(control.source))
    return std::nullopt;
  const auto refuse = [](Reason reason) { return Judgement{Verdict::kGuard, reason}; };
  if (!view.guard)
    return refuse(Reason::kNoGuard);
  if (!view.link_is_up)
    return refuse(Reason::kLink);
  if (!view.guard->machines)
    return refuse(Reason::kMachines);
  const auto goal = control.goal();
  if (goal && (*goal < view.guard->min || *goal > view.guard->max))
    return refuse(Reason::kBand);
  return std::nullopt;
}

inline MaybeJudgement clearing(const Control &control) {
  if (!control.is(Action::kClear))
    return std::nullopt;
  if (control.source == Source::kUser)
    return Judgement{};
  return Judgement{Verdict::kInvalid, Reason::kNotAPerson};
}

inline MaybeJudgement locked(const Control &control, const View &view) {
  if (!view.guard || view.guard->lock != Lock::kFull)
    return std::nullopt;
  // Where place or target are unknown, only closing whole is sure to open nothing.
  const Place place = view.place.value_or(kClosed), target = view.target.value_or(kClosed);
  const auto goal = control.goal();
  if (control.source == Source::kSafety && goal && *goal <= place && *goal <= target)
    return std::nullopt;
  return Judgement{Verdict::kLocked};
}

inline MaybeJudgement in_rain(const Control &control, const View &view) {
  if (!view.wet || control.source == Source::kUser)
    return std::nullopt;
  const auto goal = control.goal();
  if (!goal || *goal > view.target.value_or(kClosed) || (view.place && *goal > *view.place))
    return Judgement{Verdict::kRain};
  return std::nullopt;
}

inline MaybeJudgement against_obstacle(const Control &control, const View &view) {
  if (!view.obstacle || control.source == Source::kUser || !closes(control, view))
    return std::nullopt;
  return Judgement{Verdict::kFault, Reason::kObstacle};
}

}  // namespace rules

// What is to be made of a command that is no repeat.
inline Judgement judge(const Control &control, const View &view) {
  const auto stale = rules::stale(control, view);
  if (control.is(Action::kStop) && control.source == Source::kUser)
    return {Verdict::kAccepted, Reason::kNone, !stale};
  if (stale)
    return *stale;
  if (const auto refused = rules::guarded(control, view))
    return *refused;
  if (const auto decided = rules::clearing(control))
    return *decided;
  if (const auto refused = rules::locked(control, view))
    return *refused;
  if (const auto refused = rules::in_rain(control, view))
    return *refused;
  if (const auto refused = rules::against_obstacle(control, view))
    return *refused;
  return {};
}

}  // namespace window_core
