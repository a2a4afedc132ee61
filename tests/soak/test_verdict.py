"""What a soak calls a leak."""

from dataclasses import replace

import pytest

from .verdict import Count, leaks, least, most_grown

WARM = Count(
    traced=1_000_000,
    tasks=40,
    listeners=90,
    signals=12,
    subscriptions=15,
    files=60,
    service_files=20,
    service_threads=8,
)


def test_the_same_or_less_is_no_leak() -> None:
    assert not list(leaks(WARM, WARM, WARM))
    assert not list(leaks(WARM, WARM, replace(WARM, tasks=39, files=58, traced=900_000)))


@pytest.mark.parametrize(
    "name", ["tasks", "listeners", "signals", "subscriptions", "files", "service_files", "service_threads"]
)
def test_one_more_is_a_leak_that_is_named(name: str) -> None:
    (told,) = leaks(WARM, WARM, replace(WARM, **{name: getattr(WARM, name) + 1}))
    assert told.startswith(f"{name}: ")


@pytest.mark.parametrize(("end", "is_leak"), [(1_009_999, False), (1_010_000, True), (2_000_000, True)])
def test_memory_may_grow_by_less_than_a_hundredth_over_the_second_half(end: int, is_leak: bool) -> None:
    warm = replace(WARM, traced=500_000)
    assert bool(list(leaks(warm, WARM, replace(WARM, traced=end)))) is is_leak


def test_what_passes_by_does_not_count() -> None:
    busy = replace(WARM, tasks=44, files=57)
    assert least([busy, WARM]) == replace(WARM, files=57)


def test_who_grew_most_is_told_first_and_who_did_not_grow_is_not() -> None:
    before, after = {"a": 5, "b": 5, "c": 5}, {"a": 6, "b": 5, "c": 9, "d": 2}
    assert most_grown(before, after) == [("c", 4), ("d", 2), ("a", 1)]
    assert most_grown(before, after, 1) == [("c", 4)]
