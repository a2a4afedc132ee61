"""What a stack is made of: where it runs, with which windows, with which options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .clickhouse_users import Passwords
from .home_assistant.onboarding import Owner
from .json_shape import JsonObject
from .process import interpreter
from .windows import WindowProfile

ENDPOINTS = "endpoints.json"


@dataclass(frozen=True, slots=True)
class Environments:
    """The interpreters of the parts."""

    home_assistant: Path
    service: Path
    clickhouse: Path
    windows: Path

    @classmethod
    def of(cls, root: Path) -> Environments:
        """Return those that scripts/setup made in the clone; raises MissingPartError that names its command."""
        return cls(
            home_assistant=interpreter(root / ".venv-ha", "ha"),
            service=interpreter(root / ".venv-ml", "ml"),
            clickhouse=interpreter(root / ".venv-ch", "clickhouse"),
            windows=interpreter(root / ".venv", "test"),
        )


@dataclass(frozen=True, slots=True)
class Ports:
    """One port for each server."""

    mqtt: int
    home_assistant: int
    clickhouse_http: int
    clickhouse_tcp: int


@dataclass(frozen=True, slots=True)
class StackSettings:
    """A whole stack. `root` is the clone, `run` the folder for all that a run writes.

    `options` are changes to the integration's options, by section of its form.
    """

    root: Path
    run: Path
    environments: Environments
    ports: Ports
    owner: Owner
    passwords: Passwords
    profiles: tuple[WindowProfile, ...]
    options: dict[str, JsonObject] = field(default_factory=dict)
    log_level: str = "info"
    home_environment: Mapping[str, str] = field(default_factory=dict)
    instances: int = 1  # inference services; they share the questions
    firmware: frozenset[str] = frozenset()  # ids of the profiles that run the real firmware instead of the simulator
