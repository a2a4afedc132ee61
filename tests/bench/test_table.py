"""The table of benchmarks: what it says of figures, aims and rivals, and which ratios it calls worse."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from benchmarks.table.__main__ import BenchmarkError, last_object
from benchmarks.table.figures import FIGURES, Better, figures_of
from benchmarks.table.page import page, times_better
from benchmarks.table.picture import draw
from benchmarks.table.rows import Row, RowsError, Run, rows_of, text_of, worsened

ROOT = Path(__file__).parents[2]
RUN = Run("2026-11-25", "abc1234", "A processor, 2 cores, 24 GiB, Debian", {"Python": "3.14.2", "torch": "2.13.0"})
HUB = {"ratio": 0.4, "ratio_hard": 0.9, "longest_callback_ms": 12.0, "us_per_message": 31.5, "bytes_per_window": 20_000}
FEATURES = {"speedup": 10.0, "max_relative_error": 1e-5, "ms_5s_clip": 6.0}


def row(printed: Mapping[str, object], run: Run = RUN) -> Row:
    return Row(run, 12.3, printed)


def lines_of(text: str, section: str) -> list[str]:
    return [
        line
        for line in text.partition(f"## {section}\n")[2].partition("\n## ")[0].splitlines()
        if line.startswith("| ")
    ]


def test_each_figure_stands_beside_its_rival_and_its_aim() -> None:
    lines = lines_of(page({"hub": row(HUB)}, None), "hub")
    assert lines[1] == (
        "| CPU per message, realistic readings | 0.4× | Home Assistant's own MQTT sensors, the same stream "
        "| at most 0.5× | reached |"
    )
    assert lines[4] == "| CPU per message | 31.5 µs |  |  |  |"
    assert lines[5] == "| memory of a window | 20,000 bytes |  |  |  |"


def test_an_aim_that_is_missed_is_said_in_its_line_and_at_the_top() -> None:
    text = page({"hub": row(HUB | {"ratio": 0.51})}, None)
    assert "Aims missed: `hub`: CPU per message, realistic readings.\n" in text
    assert lines_of(text, "hub")[1].endswith("| at most 0.5× | **missed** |")
    assert "Every aim is reached." in page({"hub": row(HUB)}, None)


def test_the_aim_itself_is_reached_from_both_sides() -> None:
    for name, figures in FIGURES.items():
        for figure in figures:
            if figure.aim is None:
                continue
            step = abs(figure.aim) * 0.01 or 1
            beyond = figure.aim + (step if figure.better is Better.LOWER else -step)
            assert (figure.reached(figure.aim), figure.reached(beyond)) == (True, False), f"{name} {figure.name}"


def test_what_was_not_measured_is_said_and_counts_for_nothing() -> None:
    text = page({"model": row({"cost_vs_tuned_rule": 0.7, "rain_auc": None})}, None)
    assert "| hears rain (AUC) | not measured |  | at least 0.98 |  |" in text
    assert "Every aim is reached." in text


def test_machine_versions_date_and_commit_are_said() -> None:
    other = replace(RUN, date="2026-11-20", machine="Another one", note="Others ran beside it.")
    text = page({"hub": row(HUB), "features": row(FEATURES, other)}, "images/benchmarks.png")
    assert "Machine: A processor, 2 cores, 24 GiB, Debian.\n" in text
    assert "Versions: Python 3.14.2, torch 2.13.0.\n" in text
    assert "2026-11-25, commit abc1234, 12 s." in text
    assert "2026-11-20, commit abc1234, 12 s. Others ran beside it. On another machine: Another one." in text
    assert "(images/benchmarks.png)" in text


def test_a_benchmark_that_nobody_described_is_shown_whole() -> None:
    assert lines_of(page({"new": row({"a": 1, "b": "text", "c": True, "d": 0.00001})}, None), "new")[1:] == [
        "| `a` | 1 |  |  |  |",
        "| `d` | 1.0e-05 |  |  |  |",
    ]


def test_what_no_run_measured_is_named() -> None:
    everything = {name: row({}) for name in FIGURES}
    assert "Not measured yet" not in page(everything, None)
    del everything["panels"], everything["image"]
    assert "Not measured yet: `panels`, `image`.\n" in page(everything, None)


def test_an_empty_table_says_so() -> None:
    assert page({}, None).endswith("Nothing was measured yet.\n")


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [
        (0.4, 0.5, False),
        (0.4, 0.501, True),
        (0.4, 0.1, False),
        (0.4, None, False),
        (None, 0.4, False),
        (0, 0.1, True),
    ],
)
def test_a_ratio_that_should_be_low_is_worse_above_a_quarter_more(
    before: float | None, now: float | None, worse: bool
) -> None:
    found = list(worsened({"hub": row(HUB | {"ratio": before})}, {"hub": row(HUB | {"ratio": now})}))
    assert bool(found) is worse


@pytest.mark.parametrize(("before", "now", "worse"), [(10, 8, False), (10, 7.9, True), (10, 20, False), (10, 0, True)])
def test_a_ratio_that_should_be_high_is_worse_below_four_fifths(before: float, now: float, worse: bool) -> None:
    found = list(worsened({"features": row({"speedup": before})}, {"features": row({"speedup": now})}))
    assert bool(found) is worse


def test_what_is_worse_is_told_in_a_line() -> None:
    (found,) = worsened({"hub": row(HUB)}, {"hub": row(HUB | {"ratio": 0.6})})
    assert str(found) == (
        "hub: CPU per message, realistic readings (`ratio`) is 0.6, was 0.4: worse by 50% beside "
        "Home Assistant's own MQTT sensors, the same stream"
    )


def test_times_alone_and_new_benchmarks_are_never_worse() -> None:
    slow = {"hub": row(HUB | {"us_per_message": 500, "longest_callback_ms": 90})}
    assert not list(worsened({"hub": row(HUB)}, slow))
    assert not list(worsened({}, slow))


def test_a_ratio_of_two_figures_is_worse_when_its_quotient_is() -> None:
    before, now = ({"us_per_command": 3, "us_per_command_python": python} for python in (90, 60))
    (found,) = worsened({"firmware": row(before)}, {"firmware": row(now)})
    assert (found.figure.name, round(found.by, 2)) == ("us_per_command/us_per_command_python", 0.5)


@given(st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_worse_one_way_is_never_worse_the_other_way(before: float, now: float) -> None:
    for name, key in (("hub", "ratio"), ("features", "speedup")):
        there = list(worsened({name: row({key: before})}, {name: row({key: now})}))
        back = list(worsened({name: row({key: now})}, {name: row({key: before})}))
        assert not (there and back)


def test_rows_come_back_from_their_text() -> None:
    rows = {"hub": row(HUB), "features": row(FEATURES)}
    assert rows_of(text_of(rows)) == rows
    assert text_of(rows_of(text_of(rows))) == text_of(rows)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"hub": 1}', '{"hub": {"run": {}, "seconds": 1, "printed": {}}}'])
def test_a_file_that_holds_no_rows_is_told(text: str) -> None:
    with pytest.raises(RowsError):
        rows_of(text)


def test_only_the_last_line_counts_and_must_be_an_object() -> None:
    assert last_object('{"a": 1}\n{"b": 2}\n') == {"b": 2}
    for output in ("", "text\n", "[1]\n", '{"a": 1}\nmore\n'):
        with pytest.raises(BenchmarkError):
            last_object(output)


def test_a_picture_is_drawn_of_ratios_alone(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    assert not draw({"decide": row({"us_per_decision": 30})}, path)
    assert not path.exists()
    assert draw({"hub": row(HUB), "features": row(FEATURES)}, path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_times_better_reads_the_same_both_ways() -> None:
    speedup, ratio = figures_of("features", {})[0], figures_of("hub", {})[0]
    assert (times_better(speedup, 8), times_better(ratio, 0.125), times_better(ratio, 0)) == (8, 8, None)
    assert times_better(figures_of("decide", {})[0], 5) is None


def test_every_benchmark_is_described_and_names_its_rivals() -> None:
    there = {path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")}
    assert there <= set(FIGURES)


def test_the_committed_page_is_what_the_committed_figures_say() -> None:
    kept = ROOT / "docs" / "benchmarks.json"
    rows = rows_of(kept.read_text("utf-8"))
    picture = ROOT / "docs" / "images" / "benchmarks.png"
    assert picture.exists()
    assert (ROOT / "docs" / "BENCHMARKS.md").read_text("utf-8") == page(rows, "images/benchmarks.png")
    assert json.loads(kept.read_text("utf-8"))
