"""The spool on disk: keeps order, survives a crash anywhere, stays inside its limit, and thins readings alone."""

import contextlib
import gzip
import itertools
import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from custom_components.smart_window.recorder.loss import Loss, LossKind
from custom_components.smart_window.recorder.outbox import Batch, OutboxError
from custom_components.smart_window.recorder.spool_file import DamagedFileError, Entry, entry_of, pack, unpack
from custom_components.smart_window.recorder.spool_folder import SpoolFolder

ROOMY = 100_000_000
READING, ACTION = "sensor_temperature", "window_actions"


def tokens() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"merged{next(numbers)}"


def not_synced(handle: int) -> None:
    """Spare the disk: these tests end a process, no power."""


@pytest.fixture(autouse=True)
def spared_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", not_synced)


def folder(path: Path, limit: int = ROOMY, merge_rows: int = 5_000) -> SpoolFolder:
    made = SpoolFolder(path, limit_bytes=limit, merge_rows=merge_rows, token=tokens())
    made.open()
    return made


def reading(token: str, *numbers: int, devices: int = 1) -> Batch:
    rows = tuple((number * 1000, f"w{number % devices}", float(number)) for number in numbers)
    return Batch(READING, token, rows, ("ts", "device_id", "value"))


def action(token: str, *numbers: int) -> Batch:
    return Batch(
        ACTION, token, tuple((number * 1000, "w0", "moved") for number in numbers), ("ts", "device_id", "kind")
    )


def drained(spool: SpoolFolder) -> Iterator[Batch]:
    while batch := spool.first():
        yield batch
        spool.remove(batch.token)


def numbers(batches: Iterator[Batch]) -> list[int]:
    return [int(str(row[0])) // 1000 for batch in batches for row in batch.rows]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("keep"), st.integers(1, 4)),
            st.tuples(st.sampled_from(["deliver", "restart", "look"]), st.just(0)),
        ),
        max_size=80,
    )
)
@settings(max_examples=30, deadline=None)
def test_every_row_comes_out_once_and_in_order_whatever_happens_between(todo: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        spool = folder(Path(name), merge_rows=20)
        kept, came, after = 0, [], 0
        for number, (what, rows) in enumerate(todo):
            if what == "keep":
                spool.keep(reading(f"t{number}", *range(kept, kept + rows)), sent=False)
                kept += rows
            elif what == "deliver" and (batch := spool.first()):
                came += numbers(iter([batch]))
                spool.remove(batch.token)
            elif what == "look":
                spool.first()
            elif what == "restart":
                spool = folder(Path(name), merge_rows=20)
            after = kept - len(came)
            assert spool.rows == after
        came += numbers(drained(spool))
        assert came == list(range(kept))
        assert (spool.rows, spool.size, list(Path(name).iterdir())) == (0, 0, [])


def test_a_long_outage_of_few_rows_leaves_few_files_and_every_row(tmp_path: Path) -> None:
    spool = folder(tmp_path, merge_rows=500)
    for number in range(2000):
        spool.keep(reading(f"t{number}", number), sent=False)
    assert len(list(tmp_path.iterdir())) < 40
    assert spool.size == sum(-(-path.stat().st_size // 4096) * 4096 for path in tmp_path.iterdir())
    assert numbers(drained(folder(tmp_path))) == list(range(2000))


def test_a_batch_that_may_be_stored_already_is_never_merged(tmp_path: Path) -> None:
    spool = folder(tmp_path)
    spool.keep(reading("sent", 0), sent=True)
    spool.keep(reading("looked", 1), sent=False)
    for number in range(2, 40):
        spool.keep(reading(f"t{number}", number), sent=False)
        if number == 2:
            spool.remove("sent")
            assert spool.first() == reading("looked", 1)
    assert spool.first() == reading("looked", 1)
    assert numbers(drained(spool)) == list(range(1, 40))


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("limit", [ROOMY, 3 * 4096])
def test_a_crash_at_any_step_of_the_disk_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Every fsync, rename and unlink of a run with merging, and with thinning where there is no room, is the last."""
    for step in itertools.count():
        left = itertools.count(-step)

        def until_then[**P, T](real: Callable[P, T], left: Iterator[int] = left) -> Callable[P, T]:
            def call(*args: P.args, **kwargs: P.kwargs) -> T:
                if next(left) >= 0:
                    raise Crash
                return real(*args, **kwargs)

            return call

        promised: list[int] = []
        delivered: dict[str, list[int]] = {}
        with monkeypatch.context() as patch, contextlib.suppress(Crash):
            patch.setattr(os, "fsync", until_then(not_synced))
            patch.setattr(Path, "rename", until_then(Path.rename))
            patch.setattr(Path, "unlink", until_then(Path.unlink))
            fill(folder(tmp_path / str(step), limit, 40), promised, delivered)
        for batch in drained(folder(tmp_path / str(step))):
            # What the server has under a token, it has whole: the second copy is dropped there.
            delivered.setdefault(batch.token, numbers(iter([batch])))
        came = sorted(number for batch in delivered.values() for number in batch)
        assert len(came) == len(set(came)), f"doubled at step {step}"
        if limit == ROOMY:
            assert set(promised) <= set(came), f"lost at step {step}"
        if next(left) < 0:
            assert step > 60
            return


def fill(spool: SpoolFolder, promised: list[int], delivered: dict[str, list[int]]) -> None:
    for number in range(20):
        rows = range(number * 2, number * 2 + 2)
        spool.keep(reading(f"t{number}", *rows), sent=False)
        promised += rows
        if number == 17:
            head = spool.first()
            assert head is not None
            delivered[head.token] = numbers(iter([head]))
            spool.remove(head.token)


def test_a_batch_is_synced_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append([path.suffix for path in tmp_path.iterdir()]))
    folder(tmp_path).keep(reading("t", 1), sent=False)
    assert seen == [[".part"], [".gz"]]  # the file, then the folder that names it


def test_a_part_of_a_file_is_swept_up_and_foreign_files_stay(tmp_path: Path) -> None:
    whole = Entry(7, 7, 2, 0, "t7", READING)
    (tmp_path / f"{whole.name}.part").write_bytes(b"half of")
    (tmp_path / "notes.txt").write_text("mine")
    spool = folder(tmp_path)
    assert spool.first() is None
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        pack(reading("t", 1, 2))[:-9],
        gzip.compress(b"[]"),
        gzip.compress(b"{"),
        gzip.compress(b"[" * 100_000),
        gzip.compress(pack(reading("t", 1))),
        gzip.compress(b'{"columns":["ts"],"values":[1]}'),
        gzip.compress(b'{"columns":7,"values":[]}'),
        pack(reading("t", 1, 2)) + b"more",
        pack(reading("t", 1)),
    ],
)
def test_a_damaged_file_is_set_aside_and_counted_and_the_next_one_goes_on(tmp_path: Path, content: bytes) -> None:
    spool = folder(tmp_path)
    for number in range(3):
        spool.keep(reading(f"t{number}", number, number), sent=True)
    (damaged,) = tmp_path.glob("*-t0-*")
    damaged.write_bytes(content)
    assert numbers(drained(spool)) == [1, 1, 2, 2]
    assert spool.lost == [Loss(LossKind.DAMAGED, READING, 2)]
    assert [path.name for path in tmp_path.iterdir()] == [f"{damaged.name}.damaged"]
    assert spool.rows == 0


def test_a_file_that_unpacks_to_far_more_than_its_rows_fills_no_memory() -> None:
    bomb = gzip.compress(bytes(100_000_000), 9)
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFileError):
            unpack(Entry(0, 0, 2, 0, "t", READING), bomb)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_the_oldest_readings_are_thinned_by_device_and_nothing_else_is(tmp_path: Path) -> None:
    spool = folder(tmp_path, limit=5 * 4096)
    spool.keep(action("a0", 0, 1, 2), sent=False)
    spool.keep(reading("r0", *range(3000), devices=3), sent=False)
    before = spool.size
    spool.keep(reading("r1", *range(3000, 3300), devices=3), sent=False)
    assert spool.size <= 5 * 4096 < before + 8192
    a0, r0, r1 = drained(folder(tmp_path, limit=5 * 4096))
    assert a0.rows == action("a0", 0, 1, 2).rows
    assert r1.rows == reading("r1", *range(3000, 3300), devices=3).rows
    assert numbers(iter([r0])) == [number for number in range(3000) if number // 3 % 2 == 0]
    assert spool.lost == [Loss(LossKind.THINNED, READING, 1500)]


@given(st.lists(st.tuples(st.sampled_from([READING, ACTION]), st.integers(1, 400)), max_size=25), st.integers(3, 8))
@settings(max_examples=20, deadline=None)
def test_the_limit_holds_and_each_row_is_kept_or_counted(batches: list[tuple[str, int]], blocks: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        limit = blocks * 4096
        spool = folder(Path(name), limit=limit)
        taken, actions = 0, 0
        for number, (table, rows) in enumerate(batches):
            make = reading if table == READING else action
            refused = 0
            try:
                spool.keep(make(f"t{number}", *range(rows)), sent=True)
            except OutboxError:
                refused = rows
            assert not refused or table == ACTION
            taken += rows - refused
            actions += rows - refused if table == ACTION else 0
            assert sum(-(-path.stat().st_size // 4096) * 4096 for path in Path(name).iterdir()) == spool.size <= limit
        assert spool.rows + sum(loss.rows for loss in spool.lost) == taken
        assert {loss.table for loss in spool.lost} <= {READING}
        assert sum(len(batch.rows) for batch in drained(spool) if batch.table == ACTION) == actions


def test_what_was_set_aside_gives_way_first(tmp_path: Path) -> None:
    spool = folder(tmp_path, limit=2 * 4096)
    spool.keep(reading("bad", 0), sent=True)
    spool.set_aside("bad")
    assert [path.suffix for path in tmp_path.iterdir()] == [".rejected"]
    assert spool.first() is None
    spool = folder(tmp_path, limit=2 * 4096)
    spool.keep(reading("a", 1), sent=True)
    spool.keep(reading("b", 2), sent=True)
    assert (spool.lost, numbers(drained(spool))) == ([], [1, 2])


def test_a_folder_that_cannot_be_used_is_told_and_used_once_it_can(tmp_path: Path) -> None:
    place = tmp_path / "spool"
    place.write_text("a file is in the way")
    spool = SpoolFolder(place, limit_bytes=ROOMY, merge_rows=10, token=tokens())
    with pytest.raises(OutboxError, match=r"spool: File exists"):
        spool.open()
    with pytest.raises(OutboxError):
        spool.keep(reading("t", 1), sent=False)
    place.unlink()
    spool.keep(reading("t", 1), sent=False)
    assert numbers(drained(spool)) == [1]


scalars = st.one_of(st.none(), st.booleans(), st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(st.tuples(st.integers(0, 2**41), scalars, scalars), min_size=1, max_size=20))
def test_a_batch_is_the_same_after_the_disk(rows: list[tuple[int, object, object]]) -> None:
    batch = Batch(READING, "t0", tuple(rows), ("ts", "device_id", "value"))  # type: ignore[arg-type]  # more than a reading may hold
    entry = entry_of(Entry(1, 2, len(rows), 0, "t0", READING).name)
    assert entry is not None
    assert unpack(entry, pack(batch)) == batch


def test_names_that_are_not_ours() -> None:
    for name in ("", "x.json.gz", "1-2-3-4-t-table.json.gz", Entry(1, 1, 1, 0, "t", "a").name + ".part"):
        assert entry_of(name) is None
