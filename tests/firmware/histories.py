"""Random histories of a window, made while the Python core plays them, so that sessions and revs mostly fit."""

import json
from dataclasses import dataclass
from random import Random

from simulator.device import Device, LinkLost, LinkLostAction, Result, Setup, State
from simulator.device.inputs import (
    Connect,
    ControlArrives,
    Disconnect,
    GuardArrives,
    Input,
    Jam,
    PowerCut,
    Press,
    Rain,
    Stall,
    Wait,
)
from simulator.device.words import Button
from simulator.messages import decode_control, decode_guard
from tests.firmware.core import Step

# Times are multiples of 1/64 s, so that both cores' arithmetic is exact where two things are due at once.
_TICK_US = 15_625
_LANDMARKS_S = (0, 0, 1, 5, 10, 20, 40, 60, 120, 240, 300, 600, 1800)
# No difference between two of these is a multiple of what a sash moves in a tick: it meets them only by arriving.
_PLACES = (0, 0, 100, 20.013, 35.027, 50.041, 70.057, 85.071)
_SOURCES = ("ml", "user", "user", "automation", "safety", "fallback")
_LOCKS = ("none", "none", "none", "none", "child", "full")


@dataclass(frozen=True, slots=True)
class Played:
    """One step, and what the Python core made of it."""

    step: Step
    result: Result | None
    state: State
    microphone: bool


@dataclass(frozen=True, slots=True)
class History:
    """A window from its beginning."""

    setup: Setup
    played: tuple[Played, ...]

    @property
    def steps(self) -> list[Step]:
        return [played.step for played in self.played]


def history(seed: int, length: int = 24) -> History:
    """Return the history of this seed; the same seed gives the same one."""
    chance = Random(seed)
    setup = Setup(
        position=chance.choice((None, 0.0, 100.0, 30.019, *_PLACES)),
        travel_s=chance.choice((20.0, 20.0, 7.3, 45.0)),
        hand_id=chance.choice((None, "h0")),
        obstacle=chance.random() < 0.15,
        rain_position=chance.choice((0.0, 0.0, 0.0, 10.003, 20.013)),
        rain=chance.random() < 0.1,
        link_lost=chance.choice((LinkLost(), LinkLost(LinkLostAction.CLOSE, chance.choice((30.0, 300.0, 600.0))))),
    )
    device = Device(setup)
    played: list[Played] = []
    now_us = 0
    for number in range(length):
        now_us += _pause_us(chance)
        device.advance(now_us / 1_000_000)
        step = _step(chance, number, device.state(), now_us)
        output = device.handle(step.happened, now_us / 1_000_000)
        played.append(Played(step, output.result, device.state(), device.microphone))
    return History(setup, tuple(played))


def _pause_us(chance: Random) -> int:
    match chance.randrange(10):
        case 0:
            seconds = chance.choice(_LANDMARKS_S)
            return seconds * 64 * _TICK_US + chance.choice((-1, 0, 0, 0, 1)) * _TICK_US if seconds else 0
        case 1 | 2 | 3:
            return chance.randrange(64 * 30) * _TICK_US
        case _:
            return chance.randrange(64 * 4) * _TICK_US


def _step(chance: Random, number: int, state: State, now_us: int) -> Step:
    retained = chance.random() < 0.08
    kind = chance.choices(
        ("control", "guard", "press", "rain", "stall", "jam", "connect", "disconnect", "power_cut", "wait"),
        (40, 12, 9, 9, 6, 5, 6, 4, 2, 7),
    )[0]
    if state.session is None and chance.random() < 0.5:
        kind = "connect"
    elif state.session is not None and number < 3:
        kind = "guard"
    if kind == "control":
        payload = _control(chance, number, state)
        return Step(now_us, ControlArrives(decode_control(payload), retained), payload)
    if kind == "guard":
        payload = _guard(chance)
        guard = decode_guard(payload)
        return Step(now_us, Wait() if guard is None else GuardArrives(guard, retained), payload)
    return Step(now_us, _plain(chance, kind, number))


def _plain(chance: Random, kind: str, number: int) -> Input:
    match kind:
        case "press":
            return Press(chance.choice(list(Button)), f"h{number + 1}")
        case "rain":
            return Rain(chance.random() < 0.6)
        case "stall":
            return Stall()
        case "jam":
            return Jam(chance.random() < 0.5)
        case "connect":
            return Connect(f"s{number}")
        case "disconnect":
            return Disconnect()
        case "power_cut":
            return PowerCut()
        case _:
            return Wait()


def _control(chance: Random, number: int, state: State) -> bytes:
    content: dict[str, object] = {
        "source": chance.choice(_SOURCES),
        "command_id": f"c{number if chance.random() < 0.9 else chance.randrange(number + 1)}",
    }
    if chance.random() < 0.75:
        content["position"] = chance.choice(_PLACES)
    else:
        content["action"] = chance.choice(("stop", "stop", "home", "clear"))
    if chance.random() < 0.95:
        content["session"] = state.session if chance.random() < 0.95 else "elsewhere"
    if chance.random() < 0.97:
        content["rev"] = max(0, state.rev - (chance.randrange(4) if chance.random() < 0.2 else 0))
    if chance.random() < 0.03:
        content[chance.choice(("position", "source", "rev", "command_id"))] = chance.choice((None, -1, "x y", True))
    return json.dumps(content).encode()


def _guard(chance: Random) -> bytes:
    low, high = sorted((chance.choice((0, 0, 0, 10.003, 20.013)), chance.choice((100, 100, 70.057, 20.013))))
    content: dict[str, object] = {
        "hub": "h",
        "machines": chance.random() < 0.85,
        "min": low,
        "max": high,
        "lock": chance.choice(_LOCKS),
        "rain_position": chance.choice((0, 0, 0, 10.003, 20.013, 35.027)),
        "microphone": chance.random() < 0.8,
        "ts": chance.randrange(10**9),
    }
    if chance.random() < 0.03:
        del content["lock"]
    return json.dumps(content).encode()
