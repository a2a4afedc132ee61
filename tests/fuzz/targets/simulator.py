"""What a virtual window reads: commands and guards with the window behind them, hands and weather, profiles."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from simulator.bench import decode_bench
from simulator.device.device import Device
from simulator.device.inputs import Connect, ControlArrives, GuardArrives, Unfit
from simulator.device.setup import Setup
from simulator.device.words import Verdict
from simulator.errors import SimulatorError
from simulator.messages import MAX_BYTES, decode_control, decode_guard
from simulator.profile import read_profile
from simulator.wav import read_wav
from tests.contract.contract_files import examples
from tests.fuzz.engine.target import Target

_BENCH = {
    "press": b'{"button":"open"}',
    "rain": b'{"on":true}',
    "jam": b'{"on":false}',
    "disconnect": b'{"seconds":3}',
    "temperature": b'{"value":21.5}',
    "humidity": b'{"value":55}',
    "sound": b'{"kind":"street","level":"loud"}',
}
_PROFILES = (
    (
        b"- id: bedroom\n  name: Bedroom\n  sound: street-loud\n  temperature: 24.5\n  position: null\n"
        b"  link_lost: {action: close, after_s: 60}\n  outdoor: {temperature: 3, humidity: 80, wind: 2}\n"
    ),
    b'[{"id": "a", "speed": 60, "seed": 7, "rain": true, "travel_s": 3, "clip_s": 2, "steady": true}, {"id": "b"}]',
    b"- &one {id: one, area: Attic}\n- {<<: *one, id: two, temperature: 0x1F, interval: 1e3, seed: 1_000}\n",
    b"- {id: x, temperature: 2001-12-14, humidity: !!int 5, seed: 190:20:30, speed: .inf, name: !!binary aGk=}\n",
    b"[[[[[[[[",
    b"a: b: c",
)


def targets() -> list[Target]:
    """The window's own messages, its bench, and its files."""
    return [_window(), *(_bench(name, payload) for name, payload in _BENCH.items()), _profile(), _recording()]


def _window() -> Target:
    device, now = Device(Setup(position=30.0)), 0.0
    device.handle(Connect("s1"), now)

    def feed(payload: bytes) -> bool:
        nonlocal now
        guard = decode_guard(payload)
        if guard is not None:
            device.handle(GuardArrives(guard), now)
        control = decode_control(payload)
        result = device.handle(ControlArrives(control), now).result
        assert result is not None
        if isinstance(control, Unfit):
            assert result.verdict is Verdict.INVALID
            return guard is not None
        now += 1.0
        device.advance(now)
        return True

    def state() -> object:
        return device.state(), device._link.guard, tuple(device._fence._ring), device.is_moving

    known = [one.payload for message in ("control", "guard") for one in examples(message)]
    return Target("window", (*known, *_commands()), feed, MAX_BYTES, state=state)


def _commands() -> list[bytes]:
    """What a window in session s1 obeys."""
    person = b'{"source":"user","command_id":"c%d","session":"s1","rev":%d,%s}'
    aims = (b'"position":80', b'"action":"stop"', b'"action":"home"', b'"action":"clear"')
    return [person % (10 * rev + place, rev, aim) for rev in (0, 1, 5) for place, aim in enumerate(aims)]


def _bench(name: str, payload: bytes) -> Target:
    def feed(given: bytes) -> bool:
        return _fits(lambda: decode_bench(f"bench/bedroom/{name}", given, "h1"))

    return Target(f"bench {name}", (payload, b"{}", b""), feed, MAX_BYTES)


def _profile() -> Target:
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "profile.yaml"

    def feed(payload: bytes) -> bool:
        path.write_bytes(payload)
        return _fits(lambda: read_profile(path))

    # Ours alone keeps the folder: the closure does.
    feed.__dict__["folder"] = folder
    return Target("profile", _PROFILES, feed, 4_000, one_of=20, most_memory=20_000_000)


def _recording() -> Target:
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "sound.wav"
    known = [one.payload for one in examples("audio") if one.path.suffix == ".wav" and len(one.payload) < 20_000]

    def feed(payload: bytes) -> bool:
        path.write_bytes(payload)
        return _fits(lambda: read_wav(path, 16_000))

    feed.__dict__["folder"] = folder
    return Target("recording", tuple(known), feed, 100_000, one_of=4, most_memory=20_000_000)


def _fits(read: Callable[[], object]) -> bool:
    try:
        read()
    except SimulatorError:
        return False
    return True
