"""What looks on waits for everybody, keeps little, and harms nothing."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from ml_addon.feedback_messages import Feedback
from ml_addon.messages import Grant, Request
from ml_addon.onlooker import Onlooker
from ml_addon.prediction import Prediction
from ml_addon.wav import Encoding, make_clip

from .sounds import RATE, street

GRANT = Grant(act=False, low=0, high=100, min_confidence=1, ttl_s=8)
SAID = Prediction(20, 0.8, (), "v1", {})


class Model:
    """Says 70 % to everything, unless it is broken."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.broken = False

    def look_on(self, request: Request, said: Prediction) -> tuple[float, float] | None:
        self.asked.append(request)
        if self.broken:
            raise RuntimeError(said.model_version)
        return 70, 0.6

    def compare(self, asked: Request) -> tuple[float, float] | None:
        return (20, 70) if asked.correlation_id else None


class House:
    """An onlooker whose service is busy or not, as the test says."""

    def __init__(self) -> None:
        self.busy = False
        self.model = Model()
        self.onlooker = Onlooker(self._run, lambda: not self.busy)
        self.onlooker.watch(self.model, "v1", "v2")

    async def _run(self, call: Callable[[], tuple[float, float] | None]) -> tuple[float, float] | None:
        return call()

    def ask(self, count: int) -> None:
        for number in range(count):
            self.onlooker.saw("bedroom", Request(f"q{number}", GRANT), SAID, 1.0)

    async def settle(self) -> None:
        self.onlooker.wake()
        for _ in range(1000):
            await asyncio.sleep(0)

    @property
    def counts(self) -> dict[str, int]:
        assert self.onlooker.comparison is not None
        return self.onlooker.comparison.report().counts()


async def test_it_is_asked_only_while_nobody_waits_and_then_all_that_waited() -> None:
    house = House()
    house.busy = True
    house.ask(5)
    await house.settle()
    assert house.model.asked == []
    house.busy = False
    await house.settle()
    assert house.counts["questions"] == house.counts["differed"] == 5


async def test_a_flood_is_shed_and_counted() -> None:
    house = House()
    house.busy = True
    house.ask(100)
    house.busy = False
    await house.settle()
    assert (house.counts["questions"], house.counts["shed"]) == (64, 36)


async def test_no_sound_waits_for_it() -> None:
    house = House()
    clip = make_clip(Encoding.S16, RATE, 1, street(1, -40).astype("<i2").tobytes())
    house.onlooker.saw("bedroom", Request("q", GRANT, audio=clip), SAID, 1.0)
    await house.settle()
    assert [request.audio for request in house.model.asked] == [None]


async def test_a_correction_is_judged_by_what_was_said_or_asked_again() -> None:
    house = House()
    house.ask(1)
    for name in ("q0", "of another service"):
        house.onlooker.corrected(Feedback(name, 75, Request(name, GRANT)))
    await house.settle()
    assert (house.counts["corrections"], house.counts["nearer"]) == (2, 2)


async def test_a_broken_one_is_told_once_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    house = House()
    house.model.broken = True
    with caplog.at_level(logging.WARNING):
        house.ask(10)
        await house.settle()
    assert len(house.model.asked) == 10
    assert house.counts["questions"] == 0
    assert len(caplog.records) == 1


async def test_other_models_begin_a_new_comparison_and_the_same_ones_go_on() -> None:
    house = House()
    house.ask(3)
    await house.settle()
    house.onlooker.watch(house.model, "v1", "v2")
    assert house.counts["questions"] == 3
    house.onlooker.watch(house.model, "v1", "v3")
    assert house.counts["questions"] == 0
    # An answer of a model that served before says nothing of the one that serves now.
    house.onlooker.watch(house.model, "v0", "v3")
    house.ask(2)
    await house.settle()
    assert house.counts["questions"] == 0


async def test_without_a_second_model_nothing_is_kept_and_after_the_end_nothing_is_asked() -> None:
    house = House()
    house.onlooker.watch(house.model, "v1", None)
    house.ask(3)
    await house.settle()
    assert house.onlooker.comparison is None
    house.onlooker.watch(house.model, "v1", "v2")
    house.onlooker.stop()
    house.ask(3)
    await house.settle()
    assert house.model.asked == []
