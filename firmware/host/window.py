"""One window that runs the real firmware as a process."""

from dataclasses import dataclass
from pathlib import Path

from stack.process import Child, Program


@dataclass(frozen=True, slots=True)
class LinuxWindowSettings:
    """Who it is and where its broker is. Its flash and its log lie in `folder`. Times in seconds, 0: only by bench."""

    program: Path
    folder: Path
    id: str
    name: str
    host: str
    port: int
    area: str = ""
    wav: Path | None = None
    travel_s: float = 20.0
    interval: float = 5.0
    clip_interval: float = 30.0
    position: float = 0.0
    link_lost_s: float | None = None
    sends_sound: bool = False


def linux_window(settings: LinuxWindowSettings) -> Child:
    """Return the process, not started yet."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "SMART_WINDOW_ID": settings.id,
        "SMART_WINDOW_NAME": settings.name,
        "SMART_WINDOW_AREA": settings.area,
        "SMART_WINDOW_BROKER": f"{settings.host}:{settings.port}",
        "SMART_WINDOW_TRAVEL_S": str(settings.travel_s),
        "SMART_WINDOW_INTERVAL": str(settings.interval),
        "SMART_WINDOW_CLIP_INTERVAL": str(settings.clip_interval),
        "SMART_WINDOW_POSITION": str(settings.position),
        "SMART_WINDOW_SEND": "sound" if settings.sends_sound else "features",
        "ESPHOME_PREFDIR": str(settings.folder),
    }
    if settings.wav is not None:
        environment["SMART_WINDOW_WAV"] = str(settings.wav)
    if settings.link_lost_s is not None:
        environment["SMART_WINDOW_LINK_LOST_S"] = str(settings.link_lost_s)
    return Child(
        Program(
            name=f"window {settings.id}",
            command=(str(settings.program),),
            log=settings.folder / "window.log",
            folder=settings.folder,
            environment=environment,
            grace_s=5.0,
        )
    )
