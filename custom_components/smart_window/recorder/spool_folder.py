"""The folder of the spool: writes, reads, merges and thins its files. Blocks: everything here is called in a thread.

A file appears whole or not at all (written aside, synced, renamed), and a file that takes the place of others says so
in its name, so that a crash between its appearance and their end leaves nothing twice.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .loss import Loss, LossKind
from .outbox import Batch, OutboxError
from .spool_file import DamagedFileError, Entry, entry_of, merge, pack, thin, unpack
from .tables import READINGS

_BLOCK: Final = 4096  # what a file takes on the usual file systems is a multiple of it
_PART: Final = ".part"
_ASIDE: Final = (".rejected", ".damaged")
_MERGED_AT_ONCE: Final = 16  # small files: each row is then written anew about once per doubling of its file


@dataclass(slots=True)
class _File:
    entry: Entry
    size: int
    sent: bool


class SpoolFolder:
    """Not thread-safe: one call at a time."""

    def __init__(self, folder: Path, *, limit_bytes: int, merge_rows: int, token: Callable[[], str]) -> None:
        """Use `folder`, made when missing. `token` gives new tokens; merged files have at most `merge_rows`."""
        self._folder = folder
        self._limit = limit_bytes
        self._merge_rows = merge_rows
        self._token = token
        self._files: deque[_File] = deque()  # by place
        self._aside: deque[tuple[Path, int]] = deque()  # oldest first
        self._next = 0
        self._is_open = False
        self.rows = 0
        self.size = 0
        self.lost: list[Loss] = []

    def open(self) -> None:
        """Read the folder, unless that was done. Raises OutboxError."""
        if self._is_open:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            found = [(path.name, _blocks(path.stat().st_size)) for path in self._folder.iterdir()]
        except OSError as error:
            raise OutboxError(f"{self._folder}: {error.strerror}") from error
        entries: list[tuple[Entry, int]] = []
        for name, size in sorted(found):
            if name.endswith(_PART):
                self._unlink(name)
            elif name.endswith(_ASIDE):
                self._aside.append((self._folder / name, size))
                self.size += size
            elif (entry := entry_of(name)) is not None:
                entries.append((entry, size))
        # A wider range or a thinner copy of the same place came later; it sorts away from what it replaces.
        entries.sort(key=lambda found: (found[0].first, -found[0].last, -found[0].level))
        newest: dict[str, Entry] = {}
        for entry, size in entries:
            before = newest.get(entry.table)
            if before is not None and before.replaces(entry):
                self._unlink(entry.name)
                continue
            newest[entry.table] = entry
            # Whether it was sent before the restart is not known, so that it must stay as it is.
            self._add(_File(entry, size, sent=True))
        self._next = max((file.entry.last + 1 for file in self._files), default=0)
        self._is_open = True

    def keep(self, batch: Batch, *, sent: bool) -> None:
        """Write a batch behind all others. Raises OutboxError."""
        self.open()
        entry = Entry(self._next, self._next, len(batch.rows), 0, batch.token, batch.table)
        content = pack(batch)
        while self.size + _blocks(len(content)) > self._limit:
            if not self._make_room():
                if batch.table not in READINGS:
                    detail = f"the spool's {self._limit} bytes are full of what is never thinned"
                    raise OutboxError(detail, is_full=True)
                self._lose(LossKind.THINNED, batch.table, len(batch.rows))
                return
        self._add(self._write(entry, content, sent=sent))
        self._next += 1
        if not sent:
            self._merge_tail(batch.table)

    def first(self) -> Batch | None:
        """Read the oldest batch that can be read; from now on it counts as sent. Raises OutboxError."""
        while self._files:
            file = self._files[0]
            try:
                batch = self._read(file.entry)
            except DamagedFileError:
                self._damaged(file)
                continue
            file.sent = True
            return batch
        return None

    def remove(self, token: str) -> None:
        """Forget a batch."""
        file = self._find(token)
        if file is not None:
            self._drop(file)
            self._unlink(file.entry.name)

    def set_aside(self, token: str) -> None:
        """Keep a batch under another name, where nothing sends it."""
        file = self._find(token)
        if file is not None:
            self._put_aside(file, ".rejected")

    def _make_room(self) -> bool:
        """Give up what was set aside, else thin the readings that were thinned the least, the oldest first."""
        if self._aside:
            path, size = self._aside.popleft()
            self.size -= size
            self._unlink(path.name)
            return True
        victim = min(
            (file for file in self._files if file.entry.table in READINGS),
            key=lambda file: (file.entry.level, file.entry.first),
            default=None,
        )
        if victim is None:
            return False
        try:
            thinner = thin(victim.entry, self._read(victim.entry))
        except DamagedFileError:
            self._damaged(victim)
            return True
        if thinner is None:
            self._lose(LossKind.THINNED, victim.entry.table, victim.entry.rows)
            self._drop(victim)
            self._unlink(victim.entry.name)
            return True
        entry, batch = thinner
        self._replace([victim], self._write(entry, pack(batch), sent=victim.sent))
        self._lose(LossKind.THINNED, entry.table, victim.entry.rows - entry.rows)
        return True

    def _merge_tail(self, table: str) -> None:
        """Join the newest small files of a table once there are many: a long outage of few rows leaves few files."""
        tail: list[_File] = []
        rows = 0
        for file in reversed(self._files):
            if file.entry.table == table:
                rows += file.entry.rows
                if file.sent or file.entry.level or rows > self._merge_rows:
                    return
                tail.insert(0, file)
                if len(tail) == _MERGED_AT_ONCE:
                    break
        if len(tail) < _MERGED_AT_ONCE:
            return
        try:
            batches = [self._read(file.entry) for file in tail]
        except DamagedFileError:
            return  # it is dealt with when it is its turn
        entry, batch = merge([file.entry for file in tail], batches, self._token())
        self._replace(tail, self._write(entry, pack(batch), sent=False))

    def _write(self, entry: Entry, content: bytes, *, sent: bool) -> _File:
        path = self._folder / entry.name
        part = path.with_name(f"{path.name}{_PART}")
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.rename(path)
            self._sync_folder()
        except OSError as error:
            part.unlink(missing_ok=True)
            raise OutboxError(f"{self._folder}: {error.strerror}") from error
        return _File(entry, _blocks(len(content)), sent)

    def _read(self, entry: Entry) -> Batch:
        try:
            content = (self._folder / entry.name).read_bytes()
        except OSError as error:
            raise DamagedFileError(f"{entry.name}: {error.strerror}") from error
        return unpack(entry, content)

    def _replace(self, olds: Iterable[_File], new: _File) -> None:
        """Put a new file at the place of its parts. The name of the new one makes a crash in between harmless."""
        olds = list(olds)
        place = self._files.index(olds[0])
        for old in olds:
            self._drop(old)
            self._unlink(old.entry.name)
        self._files.insert(place, new)
        self.rows += new.entry.rows
        self.size += new.size

    def _add(self, file: _File) -> None:
        self._files.append(file)
        self.rows += file.entry.rows
        self.size += file.size

    def _drop(self, file: _File) -> None:
        self._files.remove(file)
        self.rows -= file.entry.rows
        self.size -= file.size

    def _find(self, token: str) -> _File | None:
        return next((file for file in self._files if file.entry.token == token), None)

    def _damaged(self, file: _File) -> None:
        self._put_aside(file, ".damaged")
        self._lose(LossKind.DAMAGED, file.entry.table, file.entry.rows)

    def _lose(self, kind: LossKind, table: str, rows: int) -> None:
        self.lost.append(Loss(kind, table, rows))

    def _put_aside(self, file: _File, suffix: str) -> None:
        self._drop(file)
        path = self._folder / file.entry.name
        aside = path.with_name(f"{path.name}{suffix}")
        try:
            path.rename(aside)
        except FileNotFoundError:
            return
        self._aside.append((aside, file.size))
        self.size += file.size

    def _unlink(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        """Make the new name itself survive a power cut."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _blocks(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
