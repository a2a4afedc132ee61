"""Faults strike the real stack in the order of a seed; no window is ever moved against a law, and all of it recovers.

A usual run strikes with each fault once over 1,500 messages; HYPOTHESIS_PROFILE=nightly three times over 20,000. The
time constants are shortened: a question each 5 s instead of each minute, rest after a start of 3 s instead of 30 s, no
pause between moves, outages of 2 s, a message that is late by 6 s instead of a minute. SMART_WINDOW_CHAOS_SEED repeats
a run; the nightly form draws another seed each time. What each fault came to is left in build/chaos/figures.json, for
the table of benchmarks.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from stack.demo import set_automatic, settings
from stack.json_shape import JsonObject, number, text
from stack.stack import Stack
from stack.tap import Heard, Tap
from stack.waiting import TooLateError, until
from stack.windows import WindowProfile

from ..e2e.at_work import ask
from ..e2e.clock import Clock
from ..e2e.disk_full import Disk
from ..e2e.house import House
from .figures import Came, figures_of
from .laws import Told, broken
from .schedule import Fault, Stroke, schedule
from .strokes import Strikes, stir

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
MESSAGES, ROUNDS = (20_000, 3) if NIGHTLY else (1_500, 1)
SEED = int(os.environ.get("SMART_WINDOW_CHAOS_SEED") or (Random().randrange(10**6) if NIGHTLY else 1))
FIGURES = Path(__file__).parents[2] / "build" / "chaos" / "figures.json"
RECOVERS_S = 90.0
IN_MEMORY_S = 1.5
"""A row that is not stored is on disk a second after it came: what a kill takes with it (docs/CLICKHOUSE.md)."""
LIMIT_S = 2400 if NIGHTLY else 600

ROOM: JsonObject = {"steady": True, "travel_s": 2, "interval": 0.25, "clip_interval": 0, "position": 50}
PROBE = WindowProfile("probe", "Probe", "Chaos", ROOM | {"interval": 0, "sound": "street-quiet"})
LOUD = WindowProfile("loud", "Loud window", "Chaos", ROOM | {"sound": "street-loud"})
QUIET = WindowProfile("quiet", "Quiet window", "Chaos", ROOM | {"sound": "street-quiet"})
HELD = WindowProfile("held", "Held window", "Chaos", ROOM | {"sound": "street-loud"})
WET = WindowProfile("wet", "Wet window", "Chaos", ROOM | {"sound": "street-quiet"})
ADVISED = WindowProfile("advised", "Advised window", "Chaos", ROOM | {"sound": "street-loud"})
AUTOMATIC = (LOUD, QUIET, HELD, WET)
WINDOWS = (*AUTOMATIC, ADVISED)
IDS = [window.id for window in WINDOWS]


@dataclass(frozen=True, slots=True)
class Struck:
    """A stroke: between which messages, and how long until the house was at work again."""

    stroke: Stroke
    first: int
    last: int
    recovered_s: float
    at: float
    """On the tap's clock."""

    @property
    def home_was_away(self) -> bool:
        """Home Assistant heard nothing of what passed then."""
        return self.stroke.fault in AWAY


AWAY = frozenset({Fault.BROKER_KILLED, Fault.HOME_KILLED, Fault.HOME_RESTARTED, Fault.CLOCK_JUMPED})


@dataclass(slots=True)
class Run:
    """All that happened."""

    house: House
    strikes: Strikes
    struck: list[Struck]


def say(line: str) -> None:
    """For the person who repeats a run: it takes minutes."""
    sys.stderr.write(f"{line}\n")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    """The whole schedule, once."""
    clock, disk = Clock(tmp_path_factory.mktemp("clock")), Disk(tmp_path_factory.mktemp("disk"))
    await clock.build()
    await disk.build()
    say(f"chaos: seed {SEED}, {MESSAGES} messages; SMART_WINDOW_CHAOS_SEED={SEED} repeats it")
    chosen = settings(tmp_path_factory.mktemp("stack"), (PROBE, *WINDOWS))
    async with Stack(chosen, say) as stack, Tap(stack.broker.host, stack.broker.port) as tap:
        clock.give_to(stack.home_assistant.child)
        disk.give_to(stack.home_assistant.child, stack.home_assistant.settings.configuration / ".storage")
        await stack.restart_home_assistant()
        await keep_models(stack, disk, tmp_path_factory.mktemp("models"))
        await set_automatic(stack.home, AUTOMATIC)
        house = House(stack, tap)
        await ask(house, PROBE.id)
        await house.bench(HELD.id, "press", {"button": "open"})
        await house.bench(WET.id, "rain", {"on": True})
        strikes = Strikes(stack, tap, clock.set, disk, Random(SEED), IDS)
        made = Run(house, strikes, [])
        await play(made)
        yield made


async def keep_models(stack: Stack, disk: Disk, models: Path) -> None:
    """Let the service keep its models in a folder of its own, as the container does, and on this disk."""
    service = stack.service
    program = service.child.program
    environment = {**program.environment, "SMART_WINDOW_MODEL_PATH": str(models)}
    service.child.program = replace(program, command=(*program.command, "--keep-models"), environment=environment)
    disk.give_to(service.child, models)
    await service.stop()
    since = stack.tap.mark
    await service.start()
    await service.ready(stack.tap, since)


async def play(run: Run) -> None:
    """Strike by the schedule, while the rooms and streets go on changing."""
    tap, began = run.house.tap, run.house.tap.mark
    stirring = asyncio.create_task(keep_stirring(tap))
    try:
        for stroke in schedule(SEED, MESSAGES, ROUNDS, len(WINDOWS)):
            await passed(tap, began + stroke.after)
            first, struck_at = tap.mark, time.monotonic()
            await run.strikes.strike(stroke)
            await ask(run.house, PROBE.id)
            recovered = time.monotonic() - struck_at
            run.struck.append(Struck(stroke, first, tap.mark, recovered, struck_at))
            say(f"{tap.mark - began:6d} messages  {recovered:5.1f} s  {stroke.fault} ({IDS[stroke.window]})")
        await passed(tap, began + MESSAGES)
    finally:
        stirring.cancel()


async def keep_stirring(tap: Tap) -> None:
    random = Random(SEED)
    while True:
        await stir(tap, random.choice(IDS), random)
        await asyncio.sleep(random.uniform(0.5, 2.0))


async def passed(tap: Tap, mark: int) -> None:
    async def there() -> bool:
        return tap.mark >= mark

    await until(f"message {mark}", there, LIMIT_S)


def own_words(run: Run, device_id: str) -> list[Told]:
    """A window's states without those that were sent again."""
    forged, told = Counter(run.strikes.forged), []
    for message in run.house.tap.messages:
        if message.topic != f"window/{device_id}/state" or message.retained:
            continue
        if forged[message.topic, message.payload] > 0 and message.number >= run.struck[0].first:
            forged[message.topic, message.payload] -= 1
            continue
        if "session" in message.content:
            told.append(Told.of(message.number, message.content))
    return told


def commanded(run: Run) -> dict[str, list[Heard]]:
    """The commands that were heard, by their id, without those that were sent again."""
    found: dict[str, list[Heard]] = defaultdict(list)
    for message in run.house.tap.messages:
        if message.topic.endswith("/control") and not message.retained and "command_id" in message.content:
            found[text(message.content, "command_id", "a command")].append(message)
    return found


@pytest.mark.timeout(LIMIT_S)
async def test_every_fault_struck_and_the_house_was_at_work_again_in_time(run: Run) -> None:
    assert {one.stroke.fault for one in run.struck} == set(Fault)
    late = [f"{one.stroke.fault}: {one.recovered_s:.1f} s" for one in run.struck if one.recovered_s > RECOVERS_S]
    assert late == []


@pytest.mark.timeout(LIMIT_S)
async def test_no_law_was_broken(run: Run) -> None:
    commands = commanded(run).keys()
    found = {window.id: broken(own_words(run, window.id), commands, advised=window is ADVISED) for window in WINDOWS}
    assert found == {window.id: [] for window in WINDOWS}
    words = own_words(run, LOUD.id), own_words(run, QUIET.id)
    moved = sum(before.target != now.target for told in words for before, now in pairwise(told))
    say(f"{moved} moves of the two windows that nobody holds")
    assert moved >= ROUNDS, "nothing moved, so that nothing was shown"


def of_which(run: Run, messages: Collection[Heard]) -> list[Heard]:
    """Those that Home Assistant was there for since the first stroke."""
    gaps = [one for one in run.struck if one.home_was_away]
    since = run.struck[0].first
    return [one for one in messages if one.number >= since and not any(fell_into(one, gap) for gap in gaps)]


def fell_into(message: Heard, gap: Struck) -> bool:
    """Whether Home Assistant was away then, or was killed so soon that the row was in memory alone."""
    killed = gap.stroke.fault is Fault.HOME_KILLED
    in_memory = killed and message.number < gap.first and message.at > gap.at - IN_MEMORY_S
    return in_memory or gap.first <= message.number <= gap.last


def struck_before(run: Run, number: int) -> Fault:
    """The last stroke before a message."""
    return [one for one in run.struck if one.first <= number][-1].stroke.fault


@pytest.mark.timeout(LIMIT_S)
async def test_every_command_that_home_assistant_was_there_for_is_recorded_once(run: Run) -> None:
    there = {command: heard for command, heard in commanded(run).items() if len(of_which(run, heard)) == len(heard)}
    # One that was sent again was heard twice, and is recorded twice.
    wanted = {command: len(heard) for command, heard in there.items()}
    admin = run.house.stack.clickhouse.admin

    async def recorded() -> dict[str, int]:
        found = await admin.rows(
            "SELECT command_id AS id, count() AS n FROM window_actions WHERE kind = 'command' GROUP BY id"
        )
        rows = {text(row, "id", "a row"): int(number(row, "n", "a row")) for row in found}
        return {command: rows.get(command, 0) for command in wanted}

    async def all_there() -> bool:
        return await recorded() == wanted

    with suppress(TooLateError):  # the comparison below says what is missing
        await until(f"{len(wanted)} commands in the record", all_there, 60)
    found = await recorded()
    lost = Counter(
        struck_before(run, there[command][0].number)
        for command, many in wanted.items()
        for _ in range(max(0, many - found[command]))
    )
    came = [Came(one.stroke.fault, one.recovered_s) for one in run.struck]
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps({"messages": MESSAGES, "seed": SEED, **figures_of(came, lost)}), "utf-8")
    assert found == wanted
    assert wanted
