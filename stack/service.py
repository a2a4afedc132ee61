"""The inference service, in its own environment, as a process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .json_shape import optional_text
from .process import Child, Program
from .tap import Heard, Tap

_START_S = 120.0
_STOP_S = 15.0


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Which broker it talks to, and its name there. `python` has torch; `root` is the clone.

    `more` are further settings, as environment variables (ml_addon/service.yaml).
    """

    root: Path
    folder: Path
    python: Path
    host: str
    port: int
    instance: str = "demo"
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def status_topic(self) -> str:
        """Where it says how it is."""
        return f"ml/status/{self.instance}"

    def another(self, number: int) -> ServiceSettings:
        """Return the settings of one that shares the questions with this one."""
        return replace(self, folder=self.folder.with_name(f"service-{number}"), instance=f"{self.instance}-{number}")


class InferenceService:
    """The service; it keeps no state, so any end is as good as another."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.child = Child(
            Program(
                name="inference service",
                command=(str(settings.python), "-m", "ml_addon", "serve"),
                log=settings.folder / "service.log",
                folder=settings.root,
                environment={
                    "SMART_WINDOW_MQTT_HOST": settings.host,
                    "SMART_WINDOW_MQTT_PORT": str(settings.port),
                    "SMART_WINDOW_INSTANCE": settings.instance,
                    **settings.more,
                },
                grace_s=_STOP_S,
            )
        )

    async def start(self) -> None:
        """Start it; it loads its model while others start."""
        await self.child.start()

    async def ready(self, tap: Tap, since: int = 0) -> None:
        """Wait until it says `ready` on its status topic."""

        def says_ready(message: Heard) -> bool:
            return message.topic == self.settings.status_topic and optional_text(message.content, "state") == "ready"

        async def is_ready() -> bool:
            return bool(tap.all(says_ready, since))

        await self.child.ready(is_ready, _START_S)

    async def stop(self) -> None:
        """End it in order."""
        await self.child.stop()
