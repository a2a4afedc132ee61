"""How two models compare: what is counted, what is said of it, and what is forgotten."""

import pytest
from hypothesis import given, strategies as st

from ml_addon.comparison import APART, ENOUGH, Comparison, Pair, verdict

percents = st.integers(0, 20).map(lambda level: 5.0 * level)
shares = st.floats(0, 1)


def pair(name: str, position: float, shadow: float, sure: tuple[float, float] = (0.8, 0.6)) -> Pair:
    return Pair(name, "bedroom", 1.0, position, sure[0], shadow, sure[1])


@given(st.lists(st.tuples(percents, percents, shares, shares, percents), min_size=1, max_size=40))
def test_every_figure_is_what_all_questions_and_corrections_say(
    said: list[tuple[float, float, float, float, float]],
) -> None:
    found = Comparison("v2")
    for number, (position, shadow, sure, shadow_sure, wanted) in enumerate(said):
        found.note(pair(str(number), position, shadow, (sure, shadow_sure)))
        found.corrected(str(number), wanted, position, shadow)
    report, count = found.report(), len(said)
    assert (report.questions, report.corrections) == (count, count)
    assert report.differed == sum(abs(a - b) >= APART for a, b, *_ in said)
    assert report.difference == pytest.approx(sum(abs(a - b) for a, b, *_ in said) / count)
    assert report.confidence == pytest.approx(sum(sure for _, _, sure, _, _ in said) / count)
    assert report.shadow_confidence == pytest.approx(sum(sure for _, _, _, sure, _ in said) / count)
    assert report.distance == pytest.approx(sum(abs(a - wanted) for a, *_, wanted in said) / count)
    assert report.shadow_distance == pytest.approx(sum(abs(b - wanted) for _, b, _, _, wanted in said) / count)
    assert report.nearer == sum(abs(b - wanted) < abs(a - wanted) for a, b, _, _, wanted in said)
    assert report.farther == sum(abs(a - wanted) < abs(b - wanted) for a, b, _, _, wanted in said)


def test_before_anything_was_asked_no_mean_is_made_up() -> None:
    report = Comparison("v2").report()
    assert set(report.means().values()) == {None}
    assert set(report.counts().values()) == {0}
    assert report.better is None


def test_a_correction_that_comes_twice_counts_once() -> None:
    found = Comparison("v2")
    for _ in range(2):
        found.corrected("q1", 80, 20, 75)
    assert found.report().corrections == found.report().nearer == 1


def test_memory_is_bounded_and_the_counts_go_on() -> None:
    found = Comparison("v2")
    for number in range(5000):
        found.note(pair(str(number), 0, 100))
        found.corrected(str(number), 100, 0, 100)
    assert found.report().questions == found.report().corrections == 5000
    assert found.recall("0") is None
    assert found.recall("4999") is not None
    assert len(found.apart) == 20
    assert found.apart[0].correlation_id == "4999"


@pytest.mark.parametrize(
    ("nearer", "farther", "better"),
    # 9 of 10: Wilson's 95 % interval is 0.596 … 0.982; 8 of 10: 0.490 … 0.943.
    [
        (0, 0, None),
        (9, 0, None),
        (10, 0, True),
        (9, 1, True),
        (8, 2, None),
        (1, 9, False),
        (59, 41, None),
        (60, 40, True),
    ],
)
def test_a_verdict_needs_corrections_enough_that_lean_to_one_side(
    nearer: int, farther: int, better: bool | None
) -> None:
    assert verdict(nearer, farther) is better


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_verdict_favours_nobody(nearer: int, farther: int) -> None:
    here, there = verdict(nearer, farther), verdict(farther, nearer)
    assert (here is None) == (there is None)
    if here is not None:
        assert here is not there
        assert here is (nearer > farther)
        assert nearer + farther >= ENOUGH
