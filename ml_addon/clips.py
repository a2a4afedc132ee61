"""Keeps the last clips as WAV files, for owners who ask for it. Off by default."""

from collections.abc import Callable
from pathlib import Path

from .wav import RawClip, write_wav


class ClipStore:
    """A folder with at most `max_files` clips. `wall` is in Unix seconds and names the files."""

    def __init__(self, folder: Path, max_files: int, wall: Callable[[], float]) -> None:
        self._folder = folder
        self._max_files = max_files
        self._wall = wall

    def keep(self, device_id: str, clip: RawClip) -> None:
        """Write a clip and forget the oldest ones beyond the limit; raise OSError where that cannot be done."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{int(1e3 * self._wall()):015d}-{device_id}.wav").write_bytes(write_wav(clip))
        for old in sorted(self._folder.glob("*.wav"))[: -self._max_files]:
            old.unlink(missing_ok=True)
