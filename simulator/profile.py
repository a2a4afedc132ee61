"""What a virtual window is: read from a profile file (YAML or JSON), or made up for `--count`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import yaml

from .device.setup import LinkLost, LinkLostAction, Setup
from .errors import SimulatorError
from .fields import Fields
from .sounds import Sound, SoundKind, sound_named

_DEEPEST = 20
_NAMES = ("Living room", "Bedroom", "Kitchen", "Study", "Bathroom", "Attic", "Nursery", "Hall")


@dataclass(frozen=True, slots=True)
class Outdoor:
    """The weather outside. Temperature in °C, humidity in % relative, wind in m/s."""

    temperature: float = 12.0
    humidity: float = 60.0
    wind: float = 2.0


@dataclass(frozen=True, slots=True)
class WindowProfile:
    """One virtual window and its room. Intervals in seconds; 0 means never by itself."""

    id: str
    name: str
    area: str | None = None
    sound: Sound = SoundKind.STREET_QUIET
    temperature: float = 24.0
    humidity: float = 50.0
    outdoor: Outdoor = field(default_factory=Outdoor)
    steady: bool = False
    speed: float = 1.0
    seed: int = 0
    interval: float = 5.0
    clip_interval: float = 30.0
    clip_s: float = 5.0
    setup: Setup = field(default_factory=Setup)


def read_profile(path: Path) -> list[WindowProfile]:
    """Read a profile file: a list of windows.

    Raises SimulatorError that names everything that is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if _depth(text) > _DEEPEST:
            raise SimulatorError(f"the profile {path} nests its brackets more than {_DEEPEST} deep")
        content: object = yaml.safe_load(text)
    except OSError as error:
        raise SimulatorError(f"cannot read the profile {path}: {error.strerror}") from error
    # PyYAML lets out what Python's own readers of numbers and dates raise, and nests as deep as the file.
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise SimulatorError(f"the profile {path} is neither YAML nor JSON: {error}") from error
    return parse_profile(content, path)


def _depth(text: str) -> int:
    """How many brackets are open at once, at most. PyYAML takes their square: 5,000 are 13 s of CPU."""
    steps = (1 if sign in "[{" else -1 for sign in text if sign in "[]{}")
    return max(accumulate(steps), default=0)


def parse_profile(content: object, path: Path) -> list[WindowProfile]:
    """Make windows of a profile's content; `path` is named in errors, and sound files are looked for beside it."""
    if not isinstance(content, list) or not content:
        raise SimulatorError(f"the profile {path} must be a list of windows, each with at least an id")
    complaints: list[str] = []
    windows = [_window(number, entry, path.parent, complaints) for number, entry in enumerate(content)]
    ids = [window.id for window in windows]
    complaints += [
        f"the id {name} occurs twice" for name in sorted({name for name in ids if name and ids.count(name) > 1})
    ]
    if complaints:
        raise SimulatorError("\n  ".join((f"the profile {path} does not fit:", *complaints)))
    return windows


def invent(count: int, names: Sequence[str] = (), template: WindowProfile | None = None) -> list[WindowProfile]:
    """Make up `count` windows that differ in id, name and seed: `names` first, then names of rooms, then numbers."""
    template = template or WindowProfile("window", "Window")
    given = [*names, *_NAMES[len(names) :]][:count]
    given += [f"Window {number}" for number in range(len(given) + 1, count + 1)]
    made = [_named(template, name, number) for number, name in enumerate(given)]
    # The same road as a file's entries: one place says what an id may be.
    parse_profile([{"id": window.id} for window in made], Path("--names"))
    return made


def _named(template: WindowProfile, name: str, number: int) -> WindowProfile:
    return replace(
        template,
        id=name.lower().replace(" ", "-"),
        name=name.replace("-", " ").capitalize(),
        seed=template.seed + number,
    )


def _window(number: int, entry: object, folder: Path, complaints: list[str]) -> WindowProfile:
    where = f"window {number + 1}"
    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
        where += f" ({entry['id']})"
    fields = Fields(where, entry, complaints)
    window_id = fields.device_id("id")
    window = WindowProfile(
        id=window_id,
        name=fields.line("name", window_id.replace("-", " ").replace("_", " ").capitalize() or "Window"),
        area=fields.line("area", "") or None,
        sound=_sound(fields, folder),
        temperature=fields.number("temperature", 24.0, -60, 85),
        humidity=fields.number("humidity", 50.0, 0, 100),
        outdoor=_outdoor(fields.within("outdoor")),
        steady=fields.flag("steady", default=False),
        speed=fields.number("speed", 1.0, 0, 10_000),
        seed=int(fields.number("seed", number, 0, 2**32 - 1)),
        interval=fields.number("interval", 5.0, 0, 86_400),
        clip_interval=fields.number("clip_interval", 30.0, 0, 86_400),
        clip_s=fields.number("clip_s", 5.0, 0.25, 20),
        setup=_setup(fields),
    )
    fields.close()
    return window


def _sound(fields: Fields, folder: Path) -> Sound:
    value = fields.raw("sound")
    if value is None:
        return SoundKind.STREET_QUIET
    try:
        return sound_named(value, folder)
    except SimulatorError as error:
        fields.complain(str(error))
        return SoundKind.STREET_QUIET


def _outdoor(fields: Fields) -> Outdoor:
    outdoor = Outdoor(
        temperature=fields.number("temperature", 12.0, -60, 60),
        humidity=fields.number("humidity", 60.0, 0, 100),
        wind=fields.number("wind", 2.0, 0, 60),
    )
    fields.close()
    return outdoor


def _setup(fields: Fields) -> Setup:
    lost = fields.within("link_lost")
    link_lost = LinkLost(
        lost.choice("action", LinkLostAction.STAY),
        lost.number("after_s", 600.0, 0, 86_400),
    )
    lost.close()
    position: float | None = fields.number("position", 0.0, 0, 100)
    if fields.has("position") and fields.raw("position") is None:
        position = None
    return Setup(
        position=position,
        travel_s=fields.number("travel_s", 20.0, 0.1, 600),
        rain=fields.flag("rain", default=False),
        link_lost=link_lost,
    )
