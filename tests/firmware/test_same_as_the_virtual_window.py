"""The C++ core and the virtual window's Python core make the same of any history."""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path

import pytest

from tests.firmware.core import Answer, play
from tests.firmware.histories import History, Played, history

_BATCH = 500
_WITHIN = 1e-3  # percent: both reckon the same place, one in millionths of a percent, one in doubles


def differences(seeds: range, program: Path) -> Iterator[str]:
    """Play these histories on both; say where they part."""
    for batch in batched(seeds, _BATCH, strict=False):
        histories = [history(seed) for seed in batch]
        answers = play(program, [(made.setup, made.steps) for made in histories])
        for seed, made, said in zip(batch, histories, answers, strict=True):
            yield from _parting(seed, made, said)


def _parting(seed: int, made: History, said: list[Answer]) -> Iterator[str]:
    for number, (played, answer) in enumerate(zip(made.played, said, strict=True)):
        wrong = [name for name, (ours, theirs) in _pairs(played, answer).items() if not _same(ours, theirs)]
        if wrong:
            yield f"seed {seed}, step {number}: {', '.join(wrong)}\n  {played}\n  {answer}"
            return


def _pairs(played: Played, answer: Answer) -> dict[str, tuple[object, object]]:
    state, result = played.state, played.result
    names = ("session", "rev", "hand_id", "operation", "source", "rain", "obstacle", "fault", "lock", "command_id")
    pairs: dict[str, tuple[object, object]] = {name: (getattr(state, name), answer.state[name]) for name in names}
    said = None if result is None else [result.command_id, result.verdict, result.reason]
    heard = None if answer.result is None else [answer.result[name] for name in ("command_id", "result", "reason")]
    return pairs | {
        "position": (state.position, answer.position),
        "target": (state.target, answer.target),
        "result": (said, heard),
        "microphone": (played.microphone, answer.microphone),
    }


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= _WITHIN
    return ours == theirs


@pytest.mark.timeout(1800)
def test_both_cores_make_the_same_of_any_history(runner: Path, histories: int) -> None:
    parted = list(differences(range(histories), runner))
    assert not parted, f"{len(parted)} of {histories} histories part, the first: {parted[0]}"


def test_histories_reach_every_answer_and_state(histories: int) -> None:
    results: set[tuple[str, str | None]] = set()
    states: set[tuple[str, object]] = set()
    for seed in range(min(histories, 2000)):
        for played in history(seed).played:
            if played.result is not None:
                results.add((played.result.verdict.value, played.result.reason))
            states |= {("fault", played.state.fault), ("source", played.state.source), ("lock", played.state.lock)}
            states |= {("obstacle", played.state.obstacle), ("unknown", played.state.position is None)}
    reasons = {
        "retained",
        "fields",
        "session",
        "rev",
        "no_guard",
        "link",
        "machines",
        "band",
        "not_a_person",
        "obstacle",
    }
    assert reasons <= {reason for _, reason in results}
    assert {"accepted", "duplicate", "stale", "guard", "locked", "rain", "fault", "invalid"} == {v for v, _ in results}
    assert len(states) == 3 + 6 + 3 + 2 + 2
