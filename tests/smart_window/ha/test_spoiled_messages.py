"""Messages spoiled by chance, on the whole integration: what is refused changes nothing, and nothing is an error."""

import logging
import os
from random import Random

import pytest

from tests.contract.contract_files import examples
from tests.fuzz.engine.mutator import Mutator

from .house import House, PlayedWindow
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
    before = seen(house)
    for _ in range(MESSAGES):
        house.forget_sent()
        dropped = sum(router.dropped.values())
        payload = mutator.payload()
        await house.hear(topic, payload, settle=False)
        left = house.sent()  # by the message itself, and not by time, which passes while thousands come
        await house.settle()
        now = seen(house)
        if sum(router.dropped.values()) > dropped:
            refused += 1
            assert now == before, payload
            assert left == house.moves() == [], payload
        before = now
    assert refused > MESSAGES / 3
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR or one.exc_info]
    assert len(house.hub.roster.shown) <= 1
