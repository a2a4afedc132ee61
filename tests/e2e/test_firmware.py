"""The real firmware, as a process, in the house: found, moved, rained on, blocked, cut off, and killed in a move."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from firmware.host.program import linux_program
from firmware.host.window import LinuxWindowSettings, linux_window
from simulator.sounds import RATE, SoundKind, clip
from simulator.wav import wav_bytes
from stack.home_assistant.home import EntityState
from stack.home_assistant.registry import Window
from stack.json_shape import member
from stack.process import Child
from stack.tap import Heard
from stack.waiting import TooLateError, until

from .at_work import ATTEMPTS, ask, settle
from .house import House
from .wire import Wire, each

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
PORCH = "porch"


@dataclass(slots=True)
class Porch:
    """The window that runs the firmware, and the house that it is in."""

    house: House
    child: Child

    async def near(self, position: float) -> EntityState:
        """Wait until it rests there, within what it moves between two looks at it."""

        def rests(now: EntityState) -> bool:
            return now.position is not None and abs(now.position - position) <= 2 and now.state in {"open", "closed"}

        return await self.house.cover_when(PORCH, f"near {position:g}", rests)

    async def says(self, what: str, since: int, within_s: float = 30, **fields: object) -> Heard:
        """Wait until it says all this of itself."""
        return await self.house.tap.heard(
            what,
            lambda heard: (
                heard.topic == f"window/{PORCH}/state"
                and not heard.retained
                and all(heard.content.get(name) == value for name, value in fields.items())
            ),
            within_s,
            since,
        )

    async def goes(self, target: float, what: str, /, **fields: object) -> None:
        """Let a person command it until it says all this; Home Assistant refuses while the window connects anew."""
        since = self.house.tap.mark
        for attempt in range(ATTEMPTS):
            await self.house.cover_when(PORCH, "available", lambda now: now.is_available, 30)
            await self.call("set_cover_position", position=target)
            try:
                await self.says(what, since, 5, **fields)
            except TooLateError:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return

    async def moves(self, since: int) -> None:
        """Wait until its sash is under way: what is blocked before it moves is no obstacle."""
        await self.house.tap.heard(
            "it moves",
            lambda heard: heard.topic == f"window/{PORCH}/state" and 10 < _number(heard.content.get("position")) < 80,
            30,
            since,
        )

    async def session(self) -> object:
        """The session of its present connection."""
        topic = f"window/{PORCH}/state"
        return self.house.tap.all(lambda heard: heard.topic == topic)[-1].content["session"]

    async def call(self, service: str, **data: float) -> None:
        """Let a person command it in Home Assistant."""
        entity_id = await self.house.entity_id(PORCH, "cover")
        await self.house.home.rest.call(f"cover.{service}", {"entity_id": entity_id, **data})


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else -1.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def porch(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Porch]:
    folder = tmp_path_factory.mktemp("porch")
    sound = folder / "street.wav"
    await asyncio.to_thread(sound.write_bytes, wav_bytes(clip(SoundKind.STREET_LOUD, 5.0, 0), RATE))
    broker = house.stack.broker
    child = linux_window(
        LinuxWindowSettings(
            program=await asyncio.to_thread(linux_program, ROOT),
            folder=folder / PORCH,
            id=PORCH,
            name="Porch window",
            host=broker.host,
            port=broker.port,
            wav=sound,
            travel_s=3.0,
            interval=0,
            clip_interval=0,
            position=30,
        )
    )
    await child.start()
    yield Porch(house, child)
    await child.stop()


async def test_it_announces_itself_and_home_assistant_has_it(porch: Porch) -> None:
    async def is_there() -> Window | None:
        window = (await porch.house.home.windows()).get(PORCH)
        return window if window is not None and window.has("cover") and window.has("select") else None

    await until("the porch window in Home Assistant", is_there, 30)
    await settle(porch.house, PORCH)
    cover = await porch.house.cover_when(PORCH, "available", lambda now: now.is_available)
    assert cover.position is None  # it was never closed, so nobody knows


async def test_a_person_moves_it_and_a_press_at_it_is_a_hand(porch: Porch) -> None:
    await porch.goes(90, "it closes first, to learn its place", operation="closing", position=None)
    await porch.near(90)
    pressed = porch.house.tap.mark
    await porch.house.bench(PORCH, "press", {"button": "close"})
    said = await porch.says("the hand", pressed, source="user", operation="closing")
    assert said.content["hand_id"] is not None
    await porch.near(0)
    held = await porch.house.entity_id(PORCH, "binary_sensor", "held")
    await porch.house.home.state_when("the hold", held, lambda now: now.state == "on", 20)
    await porch.call("set_cover_position", position=90)
    await porch.near(90)
    await porch.house.release(PORCH)


async def test_a_prediction_from_its_own_features_moves_it(porch: Porch) -> None:
    house = porch.house
    since = house.tap.mark
    await house.set_mode(PORCH, "automatic")
    answer = await ask(house, PORCH)
    wire = Wire.of(house.tap, PORCH, since)
    audio = member(wire.questions[-1], "audio", "the question")
    assert (audio["format"], audio["schema"]) == ("features", "smart-window-57.v2")
    assert answer.content["error"] is None
    assert answer.content["acted"] is True
    await porch.near(_number(answer.content["position"]))
    wire = Wire.of(house.tap, PORCH, since)
    assert each(wire.commands, "command_id") == [answer.content["correlation_id"]]
    assert each(wire.results, "result") == ["accepted"]
    assert all(
        heard.payload.startswith(b"{") for heard in house.tap.all(lambda m: m.topic == f"sensor/{PORCH}/audio", since)
    )  # and no sound left it
    await house.set_mode(PORCH, "advise")


async def test_rain_closes_it_and_the_end_of_rain_opens_nothing(porch: Porch) -> None:
    await porch.call("set_cover_position", position=90)
    await porch.near(90)
    since = porch.house.tap.mark
    await porch.house.bench(PORCH, "rain", {"on": True})
    await porch.says("it closes by itself", since, source="safety", operation="closing", rain=True)
    await porch.near(0)
    dry = porch.house.tap.mark
    await porch.house.bench(PORCH, "rain", {"on": False})
    await porch.says("dry", dry, rain=False, operation="idle", target=0)
    assert porch.house.commands(since) == []


async def test_what_blocks_it_stays_an_obstacle_until_a_person_says_so(porch: Porch) -> None:
    await porch.call("set_cover_position", position=90)
    await porch.near(90)
    since = porch.house.tap.mark
    await porch.call("close_cover")
    await porch.moves(since)
    await porch.house.bench(PORCH, "stall")
    await porch.says("an obstacle", since, obstacle=True, operation="idle")
    stopped = await porch.house.cover(PORCH)
    assert stopped.position != 0
    again = porch.house.tap.mark
    await porch.call("close_cover")
    await porch.says("a person closes", again, obstacle=False, operation="idle", target=0, position=0)


async def test_a_clip_that_was_cut_off_is_heard_when_the_link_is_back(porch: Porch) -> None:
    house = porch.house
    since, before = house.tap.mark, await porch.session()
    await house.bench(PORCH, "record")
    await house.bench(PORCH, "disconnect", {"seconds": 8})  # longer than the clip, which ends meanwhile
    back = await house.tap.heard(
        "a new session",
        lambda m: m.topic == f"window/{PORCH}/state" and m.content.get("session") not in {None, before},
        30,
        since,
    )
    assert house.tap.all(lambda m: m.topic == f"sensor/{PORCH}/audio" and m.number < back.number, since) == []
    heard = await house.tap.heard("its features", lambda m: m.topic == f"sensor/{PORCH}/audio", 30, since)
    assert heard.content["format"] == "features"
    assert await house.position(PORCH) == 0
    assert house.commands(since) == []


async def test_killed_in_a_move_it_is_lost_and_moves_only_when_it_is_told(porch: Porch) -> None:
    house = porch.house
    await settle(house, PORCH)
    since = house.tap.mark
    await porch.goes(100, "it opens", operation="opening")
    await porch.moves(since)
    await porch.child.kill()
    await house.cover_when(PORCH, "unavailable", lambda now: not now.is_available, 60)
    back = house.tap.mark
    await porch.child.start()
    await porch.says("lost", back, position=None, operation="idle", rev=1)
    await settle(house, PORCH)
    assert all(state["operation"] == "idle" for state in Wire.of(house.tap, PORCH, back).states)
    await porch.goes(20, "it closes first", operation="closing", position=None)
    await porch.near(20)
