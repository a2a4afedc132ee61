"""Files of the recorder's spool, and rows of the record that replay asks again."""

import gzip
import json
import os
import tempfile
from pathlib import Path

from custom_components.smart_window.frozen_json import to_json
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.spool_file import DamagedFileError, Entry, pack, thin, unpack
from custom_components.smart_window.recorder.spool_folder import SpoolFolder
from replay import recorded
from tests.contract.contract_files import examples
from tests.fuzz.engine.target import Target
from tests.smart_window.pure.scenes import FREE, IN_THE_WAY

_ROWS = tuple((1000 * number, f"w{number % 2}", float(number)) for number in range(4))
_READINGS = Batch("sensor_temperature", "token1", _ROWS, ("ts", "device_id", "value"))
_ENTRY = Entry(1, 1, len(_ROWS), 0, _READINGS.token, _READINGS.table)
_PLAIN = gzip.decompress(pack(_READINGS))


def targets() -> list[Target]:
    """A spool's file as it lies there, what is packed in it, its name, and a row that is replayed."""
    return [_file(), _content(), _folder(), _snapshot(), _request()]


def _read(payload: bytes) -> bool:
    try:
        batch = unpack(_ENTRY, payload)
    except DamagedFileError:
        return False
    thin(_ENTRY, batch)
    return pack(batch) != b""


def _file() -> Target:
    bomb = gzip.compress(bytes(20_000_000), 9)
    return Target("spool file", (pack(_READINGS), b"", bomb), _read, 30_000, one_of=8, most_memory=40_000_000)


def _content() -> Target:
    other = json.dumps({"columns": ["ts", "device_id"], "values": [[1, 2, 3, 4], ["a", [], None, {}]]}).encode()
    return Target("spool content", (_PLAIN, other), lambda payload: _read(gzip.compress(payload, 1)), 100_000, one_of=4)


def _folder() -> Target:
    """Names of files, one a line, as somebody may leave them: each is ours, or stays where it is."""
    good = pack(_READINGS)

    def feed(payload: bytes) -> bool:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            left = [line for line in payload.split(b"\n") if line and b"/" not in line and b"\0" not in line]
            made = {line for line in left[:8] if len(line) < 250 and line not in {b".", b".."}}
            for line in made:
                Path(os.fsdecode(os.path.join(os.fsencode(folder), line))).write_bytes(good)  # noqa: PTH118 - bytes
            spool = SpoolFolder(folder, limit_bytes=10_000_000, merge_rows=100, token=lambda: "merged")
            spool.open()
            rows = 0
            while (batch := spool.first()) is not None:
                rows += len(batch.rows)
                spool.remove(batch.token)
            assert spool.rows == 0
        return rows > 0

    names = [
        _ENTRY.name,
        Entry(1, 4, 4, 0, "t", "sensor_humidity").name,
        Entry(2, 2, 4, 1, "t2", "window_actions").name,
        Entry(3, 3, 9, 0, "t3", "unknown_table").name,
        f"{_ENTRY.name}.part",
        f"{_ENTRY.name}.damaged",
        "lost+found",
    ]
    seeds = [name.encode() for name in names] + ["\n".join(names).encode()]
    return Target("spool folder", tuple(seeds), feed, 4_000, one_of=20)


def _row(request: str, snapshot: str) -> bool:
    return recorded._read("bedroom", (1, "c1", request, 10.0, 0.5, "m", 1, "ok", None, snapshot)) is not None


_SNAPSHOT = json.dumps(to_json(FREE))


def _snapshot() -> Target:
    seeds = tuple(json.dumps(to_json(scene)).encode() for scene in (FREE, *IN_THE_WAY.values()))
    return Target("snapshot", seeds, lambda payload: _row('{"a":1}', payload.decode("utf-8", "replace")), one_of=8)


def _request() -> Target:
    seeds = tuple(one.payload for one in examples("request") if len(one.payload) < 20_000)
    return Target("request", seeds, lambda payload: _row(payload.decode("utf-8", "replace"), _SNAPSHOT), one_of=8)
