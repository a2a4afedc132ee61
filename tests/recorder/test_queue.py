"""Queue, outbox and pauses, whatever the order of things."""

from random import Random

from hypothesis import given, strategies as st

from custom_components.smart_window.recorder.backoff import Backoff
from custom_components.smart_window.recorder.outbox import Batch, MemoryOutbox
from custom_components.smart_window.recorder.queue import Cut, Queue

AGE_S = 1.0

steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(["a", "b", "c"])),
        st.tuples(st.just("cut"), st.just("")),
        st.tuples(st.just("wait"), st.sampled_from(["0.4", "1.5"])),
    ),
    max_size=60,
)


@given(steps, st.integers(1, 5), st.integers(1, 12))
def test_every_row_taken_comes_out_once_and_in_order(todo: list[tuple[str, str]], batch_rows: int, limit: int) -> None:
    queue = Queue(rows=limit, batch_rows=batch_rows, batch_age_s=AGE_S)
    taken: dict[str, list[object]] = {"a": [], "b": [], "c": []}
    came: dict[str, list[object]] = {"a": [], "b": [], "c": []}
    at: dict[object, float] = {}
    now = 0.0
    for number, (what, which) in enumerate(todo):
        if what == "add":
            waiting = sum(map(len, taken.values())) - sum(map(len, came.values()))
            at[number] = now
            assert queue.add(which, (number,), now) == (waiting < limit)
            if waiting < limit:
                taken[which].append(number)
        elif what == "cut":
            while cut := queue.cut(now):
                assert 1 <= len(cut.rows) <= batch_rows
                came[cut.table] += [value for (value,) in cut.rows]
                assert cut.since == min(at[value] for (value,) in cut.rows)
            assert queue.due is None or now < queue.due <= now + AGE_S
        else:
            now += float(which)
    while cut := queue.cut(float("inf")):
        came[cut.table] += [value for (value,) in cut.rows]
    assert came == taken
    assert (queue.rows, queue.due) == (0, None)


def test_a_batch_is_due_when_it_is_full_or_old() -> None:
    queue = Queue(rows=10, batch_rows=2, batch_age_s=AGE_S)
    queue.add("a", (1,), 5.0)
    assert (queue.due, queue.cut(5.9)) == (6.0, None)
    queue.add("b", (2,), 5.2)
    queue.add("b", (3,), 5.3)
    assert queue.cut(5.3) == Cut("b", 5.2, ((2,), (3,)))
    assert queue.cut(6.0) == Cut("a", 5.0, ((1,),))


@given(st.lists(st.integers(1, 5), max_size=30), st.integers(1, 12))
async def test_the_outbox_keeps_the_newest_and_counts_the_rest(sizes: list[int], limit: int) -> None:
    outbox = MemoryOutbox(rows=limit)
    batches = [Batch("a", str(number), ((number,),) * size) for number, size in enumerate(sizes)]
    for batch in batches:
        await outbox.keep(batch, sent=False)
    dropped = sum(loss.rows for loss in await outbox.losses())
    assert outbox.rows + dropped == sum(sizes)
    assert outbox.rows <= max(limit, sizes[-1] if sizes else 0)
    left: list[Batch] = []
    while first := await outbox.first():
        left.append(first)
        await outbox.remove(first.token)
    assert left == batches[len(batches) - len(left) :]
    assert outbox.rows == 0


async def test_removing_a_batch_that_was_dropped_meanwhile_removes_no_other() -> None:
    outbox = MemoryOutbox(rows=1)
    first, second = Batch("a", "1", ((1,),)), Batch("a", "2", ((2,),))
    await outbox.keep(first, sent=False)
    await outbox.keep(second, sent=False)
    await outbox.remove(first.token)
    assert await outbox.first() is second


@given(st.integers())
def test_pauses_grow_to_their_limit_and_begin_anew(seed: int) -> None:
    backoff = Backoff(1.0, 60.0, Random(seed))
    pauses = [backoff.pause_s() for _ in range(10)]
    for pause, whole in zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60], strict=True):
        assert whole / 2 <= pause <= whole
    backoff.reset()
    assert backoff.pause_s() <= 1.0
