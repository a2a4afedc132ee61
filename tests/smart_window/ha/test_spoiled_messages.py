"""Messages spoiled by chance, on the whole integration: what is refused changes nothing, and nothing is an error."""

import logging
import os
from random import Random

import pytest

from tests.contract.contract_files import examples
from tests.fuzz.engine.mutator import Mutator

from .house import House, PlayedWindow, Sent
from .test_bad_messages import ROOTS, seen

MESSAGES = {"nightly": 2_000}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 60)
_LONGEST = 20_000


@pytest.mark.parametrize("kind", ROOTS)
async def test_what_is_refused_changes_nothing_and_what_is_taken_breaks_nothing(
    house: House, window: PlayedWindow, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    await window.appear()
    await window.measure("temperature", 21.5)
    known = [one.payload for one in examples(kind) if len(one.payload) < _LONGEST]
    mutator = Mutator(known, Random(f"1 {kind}"), _LONGEST)
    topic = ROOTS[kind].format("ml-1" if kind == "status" else "bedroom")
    router = house.hub.router
    refused = 0
    before, guard = seen(house), house.sent("/guard")[-1]
    for _ in range(MESSAGES):
        house.forget_sent()
        dropped = sum(router.dropped.values())
        payload = mutator.payload()
        await house.hear(topic, payload)
        now = seen(house)
        if sum(router.dropped.values()) > dropped:
            refused += 1
            assert now == before, payload
            # Thousands take longer than a minute, in which the guard is said once more.
            assert [one for one in house.sent() if not repeats(guard, one)] == [], payload
        before, guard = now, (house.sent("/guard") or [guard])[-1]
    assert refused > MESSAGES / 3
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR or one.exc_info]
    assert len(house.hub.roster.shown) <= 1


def repeats(guard: Sent, one: Sent) -> bool:
    return one.topic == guard.topic and one.json | {"ts": 0} == guard.json | {"ts": 0}
