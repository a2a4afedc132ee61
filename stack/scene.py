"""The scene of the check: four windows, played on a running stack, and what each of them shows.

Loud and quiet differ in their street alone and end apart; one in advise stays; one that is pressed during its question
keeps the hand's position.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from . import chain
from .chain import Link, Rows, Seen
from .clickhouse_client import ClickHouseClient
from .endpoints import Endpoints
from .home_assistant.home import Home
from .home_assistant.registry import Window
from .json_shape import optional_number, text, whole
from .profiles import SCENE
from .tap import Heard, Tap
from .waiting import TooLateError, until
from .windows import VirtualWindows, WindowProfile, WindowsSettings

type Say = Callable[[str], None]

_APPEAR_S = 30.0
_QUESTION_S = 60.0
_ANSWER_S = 30.0
_MOVE_S = 30.0
_ROWS_S = 20.0
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Act:
    """What is expected of one window, and what it shows."""

    title: str
    links: tuple[Link, ...]


async def check(endpoints: Endpoints, say: Say) -> int:
    """Play the scene on windows that already run; prints the chains and returns the exit code."""
    async with (
        aiohttp.ClientSession() as session,
        Tap(endpoints.mqtt_host, endpoints.mqtt_port) as tap,
        Home(session, endpoints.home_assistant_url, endpoints.home_assistant_token) as home,
    ):
        clickhouse = ClickHouseClient(
            session,
            endpoints.clickhouse_url,
            endpoints.clickhouse_user,
            endpoints.clickhouse_password,
            endpoints.clickhouse_database,
        )
        acts = await Scene(tap, home, clickhouse, say).play()
    return _report(acts)


async def check_with_own_windows(endpoints: Endpoints, root: Path, run: Path, python: Path, say: Say) -> int:
    """Play the scene on a running demo: its windows join the others, and are forgotten afterwards."""
    windows = VirtualWindows(
        WindowsSettings(root, run / "windows", python, endpoints.mqtt_host, endpoints.mqtt_port, SCENE)
    )
    async with Tap(endpoints.mqtt_host, endpoints.mqtt_port) as tap:
        try:
            await windows.start()
            await windows.ready(tap)
            return await check(endpoints, say)
        finally:
            await windows.stop()
            for profile in SCENE:
                for topic in ("announce", "state", "availability", "guard"):
                    await tap.publish(f"window/{profile.id}/{topic}", b"", retain=True)


def _report(acts: list[Act]) -> int:
    lost: list[str] = []
    for act in acts:
        print(f"\n{act.title}")
        for link in act.links:
            mark, words = ("✓", link.evidence) if link.evidence is not None else ("✗", f"MISSING: {link.missing}")
            print(f"  {mark} {link.step:<28}{words}")
        lost += [f"{act.title}: {link.step}" for link in chain.missing(act.links)]
    if lost:
        print("\n✗ the chain is broken: " + "; ".join(lost), flush=True)
        return 1
    print("\n✓ every link is there", flush=True)
    return 0


class Scene:
    """Plays it. All waiting ends at a limit, after which the chain shows what did not come."""

    def __init__(self, tap: Tap, home: Home, clickhouse: ClickHouseClient, say: Say) -> None:
        self._tap, self._home, self._clickhouse, self._say = tap, home, clickhouse, say

    async def play(self) -> list[Act]:
        """Return the acts in the order of their telling."""
        began = text((await self._clickhouse.rows("SELECT toString(now64(3, 'UTC')) AS now"))[0], "now", "ClickHouse")
        loud, quiet, advised, pressed = [await self._player(profile) for profile in SCENE]
        self._say("the windows of the scene are in Home Assistant")
        await asyncio.gather(*(self._advise(player) for player in (loud, quiet, advised, pressed)))
        self._say("all four were asked in advise")
        await asyncio.gather(self._move(loud), self._move(quiet), self._press(pressed))
        self._say("three of them were asked in automatic")
        seen = [await self._seen(player, began) for player in (loud, quiet, advised, pressed)]
        return [
            Act("A loud street", chain.moved(seen[0])),
            Act("A quiet street", chain.moved(seen[1])),
            Act("Loud and quiet differ in nothing else", chain.compared(seen[0], seen[1])),
            Act("In advise, a window never moves", chain.advised(seen[2])),
            Act("A hand during the question wins", chain.kept_by_hand(seen[3])),
        ]

    async def _player(self, profile: WindowProfile) -> _Player:
        window = await self._home.window(profile.id, _APPEAR_S)
        cover = window.entity("cover").entity_id
        state = await self._home.state_when(
            f"the position of {cover}", cover, lambda now: now.position is not None, _APPEAR_S
        )
        return _Player(window, cover, state.position)

    async def _advise(self, player: _Player) -> None:
        """Every new window starts in advise: let it hear its street, and wait for the advice."""
        await self._tap.publish(f"bench/{player.id}/record", {})
        with contextlib.suppress(TooLateError):
            request = await self._asked(player, acts=False)
            await self._answered(player, request)

    async def _move(self, player: _Player) -> None:
        """Set it to automatic; its next reading asks again, and the window goes where the model says."""
        player.since, player.acts = self._tap.mark, True
        await self._choose(player, "automatic")
        with contextlib.suppress(TooLateError):
            request = await self._asked(player, acts=True)
            await self._answered(player, request)
            command = chain.command_of(self._of(player), request)
            target = optional_number(command.content, "position") if command else None
            if target is not None:
                await self._stands(player, target)

    async def _press(self, player: _Player) -> None:
        """Press the window's own button as soon as its question is on the wire.

        An answer that overtook the hand proves nothing: then the owner lets go, and it is tried again.
        """
        for _ in range(_TRIES):
            player.since, player.acts = self._tap.mark, True
            await self._choose(player, "automatic")
            with contextlib.suppress(TooLateError):
                request = await self._asked(player, acts=True)
                await self._tap.publish(f"bench/{player.id}/press", {"button": "open"})
                await self._answered(player, request)
                await self._follows_hand(player, request)
                result = chain.result_of(self._of(player), request)
                if result is None or result.content.get("result") != "accepted":
                    return
            release = player.window.entity("button", "release_hold").entity_id
            await self._choose(player, "advise")
            await self._home.rest.call("button.press", {"entity_id": release})

    async def _follows_hand(self, player: _Player, request: Heard) -> None:
        """Wait for the state that shows the hand, and until the window stands where it was sent."""
        await self._tap.heard(
            f"the hand at {player.id}",
            lambda _: chain.hand_after(self._of(player), request) is not None,
            _ANSWER_S,
            request.number,
        )
        hand = chain.hand_after(self._of(player), request)
        if hand is not None and (target := optional_number(hand.content, "target")) is not None:
            await self._stands(player, target)

    async def _choose(self, player: _Player, mode: str) -> None:
        await self._home.choose(player.window.entity("select", "mode").entity_id, mode)

    async def _asked(self, player: _Player, *, acts: bool) -> Heard:
        return await self._tap.heard(
            f"a question about {player.id}",
            lambda message: chain.question([message], player.since, acts=acts) is not None and player.owns(message),
            _QUESTION_S,
            player.since,
        )

    async def _answered(self, player: _Player, request: Heard) -> None:
        """Wait for the answer, and where it acted for the window's word on the command."""
        cid = chain.correlation_id(request)
        answer = await self._tap.heard(
            f"the answer to {cid}",
            lambda message: player.owns(message) and chain.response_to([message], request) is not None,
            _ANSWER_S,
            request.number,
        )
        if answer.content.get("acted") is True:
            await self._tap.heard(
                f"the window's word on {cid}",
                lambda message: player.owns(message) and chain.result_of([message], request) is not None,
                _ANSWER_S,
                request.number,
            )

    async def _stands(self, player: _Player, target: float) -> None:
        await self._home.state_when(
            f"{player.cover} at {target:g}",
            player.cover,
            lambda now: now.position is not None and abs(now.position - target) <= chain.SAME_POSITION,
            _MOVE_S,
        )

    async def _seen(self, player: _Player, began: str) -> Seen:
        messages = self._of(player)
        prediction = await self._home.state(player.window.entity("sensor", "prediction").entity_id)
        request = chain.question(messages, player.since, acts=player.acts)
        return Seen(
            device_id=player.id,
            messages=messages,
            since=player.since,
            start=player.start,
            end=(await self._home.state(player.cover)).position,
            suggestion=float(prediction.state) if _is_number(prediction.state) else None,
            rows=await self._rows(player.id, chain.correlation_id(request) if request else "", began),
        )

    async def _rows(self, device_id: str, correlation_id: str, began: str) -> Rows:
        """Read until the writer's last batch is in, or the time is over."""
        last = Rows(0, 0, 0, {})

        async def complete() -> bool:
            nonlocal last
            last = await read_rows(self._clickhouse, device_id, correlation_id, began)
            return bool(last.predictions) and all(last.sensors.values())

        with contextlib.suppress(TooLateError):
            await until(f"rows of {device_id}", complete, _ROWS_S)
        return last

    def _of(self, player: _Player) -> list[Heard]:
        return self._tap.all(player.owns)


@dataclass(slots=True)
class _Player:
    """A window in the scene. Its question is the first one from message `since` on that `acts` (or does not)."""

    window: Window
    cover: str
    start: float | None
    since: int = 0
    acts: bool = False

    @property
    def id(self) -> str:
        return self.window.device_id

    def owns(self, message: Heard) -> bool:
        return self.id in message.topic.split("/")


async def read_rows(clickhouse: ClickHouseClient, device_id: str, correlation_id: str, began: str) -> Rows:
    """Count what was recorded of a window since `began`, and of one of its questions."""
    parameters = {"id": device_id, "cid": correlation_id, "began": began}

    async def count(table: str, condition: str) -> int:
        query = f"SELECT toInt32(count()) AS n FROM {table} WHERE device_id = {{id:String}} AND {condition}"  # noqa: S608  # our own words
        return whole((await clickhouse.rows(query, parameters))[0], "n", table)

    since = "ts >= {began:DateTime64(3, 'UTC')}"
    of_question = "(command_id = {cid:String} OR correlation_id = {cid:String})"
    return Rows(
        predictions=await count("ml_predictions", "correlation_id = {cid:String}"),
        commands=await count("window_actions", f"kind = 'command' AND {of_question}"),
        hands=await count("window_actions", f"kind = 'hand' AND {since}"),
        sensors={table: await count(table, since) for table in chain.SENSOR_TABLES},
    )


def _is_number(state: str) -> bool:
    try:
        float(state)
    except ValueError:
        return False
    return True
