"""Keeps the last clips as WAV files, for owners who ask for it. Off by default."""

from collections.abc import Callable

from .config import Storage
from .wav import RawClip, write_wav

_DAY_S = 86_400.0


class ClipStore:
    """A folder of clips within the limits on their number, bytes and age. `wall` is in Unix seconds."""

    def __init__(self, storage: Storage, wall: Callable[[], float]) -> None:
        self._storage = storage
        self._wall = wall

    def keep(self, device_id: str, clip: RawClip) -> None:
        """Write a clip and forget what is beyond the limits, the oldest first.

        Raise OSError where that cannot be done. A clip that alone is beyond the limit on bytes is not written.
        """
        content = write_wav(clip)
        self._storage.path.mkdir(parents=True, exist_ok=True)
        self._forget(len(content))
        if len(content) <= self._storage.max_bytes:
            # For whom it is meant: other users of the machine hear nothing.
            path = self._storage.path / f"{self._now_ms():015d}-{device_id}.wav"
            path.touch(mode=0o600)
            path.write_bytes(content)

    def _forget(self, coming: int) -> None:
        """Make room for one more file of so many bytes. A file's name tells its age: its times may have been copied."""
        oldest_ms = self._now_ms() - 1000 * _DAY_S * self._storage.max_days
        files, size = 1, coming
        for path in sorted(self._storage.path.glob("[0-9]*-*.wav"), reverse=True):
            files, size = files + 1, size + path.stat().st_size
            made_ms = int(path.name.partition("-")[0])
            if files > self._storage.max_files or size > self._storage.max_bytes or made_ms < oldest_ms:
                path.unlink(missing_ok=True)

    def _now_ms(self) -> int:
        return int(1000 * self._wall())
