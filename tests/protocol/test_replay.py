"""The real window core and the real core of Home Assistant do what the model does, step by step."""

from collections.abc import Callable
from random import Random

import pytest

from custom_components.smart_window.hands import Hands
from custom_components.smart_window.question import Questions
from custom_components.smart_window.trigger import Trigger
from custom_components.smart_window.window import Window
from simulator.device import Device
from simulator.device.fence import Fence
from simulator.device.link import Link
from simulator.device.rain import RainWatch

from .breaks import CASES, broken
from .real.replay import as_far_as_it_goes, replay, walks
from .scenes import SCENES
from .searched import searched
from .steps import Step

WALKS = 25
SHORTEST = 25


@pytest.mark.parametrize("scene", SCENES)
def test_reality_follows_the_model_on_any_walk(scene: str) -> None:
    start = SCENES[scene].start()
    for walk in walks(start, Random(scene), WALKS):
        apart = replay(start, walk)
        assert not apart, apart


@pytest.mark.parametrize("scene", SCENES)
def test_reality_follows_the_model_on_shortest_ways(scene: str) -> None:
    start, trail = SCENES[scene].start(small=True), searched(scene).trail
    for place in Random(scene).sample(range(len(trail)), min(SHORTEST, len(trail))):
        apart = replay(start, trail.to(place))
        assert not apart, apart


@pytest.mark.parametrize(("wording", "scene", "invariant"), CASES)
def test_what_breaks_a_weaker_contract_is_harmless_in_reality(wording: str, scene: str, invariant: str) -> None:
    start = SCENES[scene].start(small=True)
    for trace in broken(wording, scene, invariant).violations.values():
        apart = replay(start, as_far_as_it_goes(start, trace))
        assert not apart, apart


LOST_RESULT = (
    Step("event", "reading"),
    Step("ask"),
    Step("answer open"),
    Step("deliver", "service_device"),
    Step("event", "drop"),
    Step("deliver", "device_home"),
)
"""The window obeys, its result is lost, and its next state names the command."""


def _nothing(*_: object, **__: object) -> None:
    """What a broken part does."""


def _itself(part: object, *_: object, **__: object) -> object:
    return part


def _any_guard_is_live(link: Link, guard: object, now: float, *, retained: bool) -> bool:
    return _take(link, guard, now, retained=False)  # type: ignore[arg-type]


_take = Link.take


@pytest.mark.parametrize(
    ("part", "name", "broken_part", "scene"),
    [
        (Fence, "grow_for_all", Fence.grow, "hands-device"),
        (Fence, "accept", _nothing, "repeat"),
        (Link, "take", _any_guard_is_live, "guard-kept"),
        (Link, "settle_loss", _nothing, "alone"),
        (RainWatch, "give_leave", _nothing, "rain-hand"),
        (Device, "_end_obstacle_and_fault", _nothing, "obstacle"),
        (Hands, "see", _itself, "hands-home"),
        (Hands, "take", _itself, "hands-home"),
        (Hands, "release", _itself, "hands-resume"),
        (Questions, "result", _nothing, "live"),
        (Questions, "lost_as", _nothing, "again"),
        (Trigger, "answered", _nothing, "unsure"),
        (Trigger, "notice", _nothing, "guard"),
        (Window, "take_over", _nothing, "hubs"),
        (Window, "disconnected", _nothing, "guard"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_replay_notices_a_part_that_drifts(
    monkeypatch: pytest.MonkeyPatch, part: type, name: str, broken_part: Callable[..., object], scene: str
) -> None:
    monkeypatch.setattr(part, name, broken_part)
    start = SCENES[scene].start()
    assert any(replay(start, walk) for walk in walks(start, Random(scene), WALKS))


def test_a_replay_notices_a_state_that_ends_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SCENES["live"].start()
    assert not replay(start, LOST_RESULT)
    monkeypatch.setattr(Questions, "state", _nothing)
    assert "question out" in replay(start, LOST_RESULT)
