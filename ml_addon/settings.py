"""Reads settings from several layers and collects every mistake, so that one start shows them all.

Pure, but for secrets that lie in files of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .strict_json import Json

ENV_PREFIX = "SMART_WINDOW_"
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


class ConfigError(ValueError):
    """The configuration has mistakes; the message names each of them."""

    exit_code = 78  # EX_CONFIG of sysexits.h


@dataclass(frozen=True, slots=True)
class Layer:
    """Values by dotted name (`mqtt.host`), and where they come from, for the messages."""

    origin: str
    values: Mapping[str, Json]


class Reader:
    """Looks each setting up in the layers; the first that has it wins."""

    def __init__(self, layers: Sequence[Layer], env: Mapping[str, str]) -> None:
        self._layers = layers
        self._env = env
        self.asked: set[str] = set()
        self._errors: list[str] = []
        self._variables: set[str] = set()

    def text(self, name: str, default: str) -> str:
        """Return a text that is not empty."""
        return self.optional_text(name) or default

    def optional_text(self, name: str) -> str | None:
        """Return a text, None where there is none."""
        value, origin = self._find(name)
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)  # YAML reads `password: 1234` as a number
        self.refuse(name, origin, "a text", value)
        return None

    def secret(self, name: str) -> str | None:
        """Return a text, None where there is none. The variable …_FILE may name a file that holds it."""
        variable = f"{env_name(name)}_FILE"
        self._variables.add(variable)
        if not (path := self._env.get(variable)):
            return self.optional_text(name)
        self.asked.add(name)
        if self._env.get(env_name(name)):
            self._errors.append(f"{name}: {variable} and {env_name(name)} are both given; expected one of them")
        try:
            return Path(path).read_text("utf-8").rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError) as error:
            self._errors.append(f"{name} (environment variable {variable}): {path} cannot be read: {error}")
            return None

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return one of the choices."""
        value, origin = self._find(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.refuse(name, origin, " or ".join(choices), value)
            return default
        return value

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """Return a number within the bounds."""
        value, origin = self._find(name)
        if value is None:
            return default
        number = _number(value)
        if number is None or not low <= number <= high:
            self.refuse(name, origin, f"a number from {low:g} to {high:g}", value)
            return default
        return number

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Return an integer within the bounds."""
        value, origin = self._find(name)
        if value is None:
            return default
        number = _number(value)
        if number is None or number % 1 or not low <= number <= high:
            self.refuse(name, origin, f"an integer from {low} to {high}", value)
            return default
        return int(number)

    def boolean(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value, origin = self._find(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        word = str(value).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        self.refuse(name, origin, "true or false", value)
        return default

    def refuse(self, name: str, origin: str, expected: str, value: object) -> None:
        """Note a mistake. A secret's value is not repeated."""
        shown = "something else" if "password" in name or "token" in name else repr(value)
        self._errors.append(f"{name} ({origin}): expected {expected}, got {shown}")

    def origin_of(self, name: str) -> str:
        """Say where a setting came from."""
        return self._find(name)[1]

    def finish(self) -> None:
        """Raise ConfigError when anything was wrong, unknown names included."""
        for layer in self._layers:
            for name in layer.values:
                if name not in self.asked:
                    self._errors.append(f"{name} ({layer.origin}): there is no such setting")
        if self._errors:
            raise ConfigError("\n".join(("the configuration has mistakes:", *(f"  - {e}" for e in self._errors))))

    def env_names(self) -> set[str]:
        """The environment variables that name a setting."""
        return {env_name(name) for name in self.asked} | self._variables

    def _find(self, name: str) -> tuple[Json, str]:
        self.asked.add(name)
        variable = env_name(name)
        if text := self._env.get(variable):
            return text, f"environment variable {variable}"
        for layer in self._layers:
            if (value := layer.values.get(name)) is not None:
                return value, layer.origin
        return None, "default"


def env_name(name: str) -> str:
    """`mqtt.host` → `SMART_WINDOW_MQTT_HOST`."""
    return ENV_PREFIX + flat_name(name).upper()


def flat_name(name: str) -> str:
    """`mqtt.host` → `mqtt_host`, as the app's options are called."""
    return name.replace(".", "_")


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
