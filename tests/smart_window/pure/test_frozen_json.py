"""What a decision rested on comes back from its JSON as it was, and is decided as it was."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.contract import Guard, Lock
from custom_components.smart_window.decision import OrderView, Snapshot, decide
from custom_components.smart_window.frozen_json import Json, from_json, to_json
from custom_components.smart_window.inputs import Absence, ClimateRuns, Input, Missing, Surroundings
from custom_components.smart_window.settings import HazardKind, HubSettings, Mode, WindowSettings
from custom_components.smart_window.trigger import Values

from .scenes import FREE, IN_THE_WAY, LIMITS, hold, reigns

numbers = st.none() | st.floats(-1e6, 1e6)
snapshots = st.builds(
    replace,
    st.sampled_from([FREE, *IN_THE_WAY.values(), *LIMITS.values()]),
    mode=st.sampled_from(Mode),
    hold=st.none() | st.builds(hold, st.floats(0, 5000), st.floats(1, 1e9)),
    hazards=st.lists(st.builds(reigns, st.sampled_from(HazardKind), value=st.text(max_size=5)), max_size=2).map(tuple),
    values=st.builds(Values, temperature=numbers, humidity=numbers, level=numbers, clips=st.integers(0, 9)),
    surroundings=st.builds(
        Surroundings,
        outdoor_temperature=numbers,
        rain_soon_s=st.sampled_from([None, 0.0, math.inf]),
        alarms=st.none() | st.lists(st.text(max_size=5), max_size=2).map(tuple),
        climate=st.none() | st.sampled_from(ClimateRuns),
        missing=st.lists(st.builds(Missing, st.sampled_from(Input), st.sampled_from(Absence)), max_size=2).map(tuple),
    ),
    orders=st.builds(OrderView, silent=st.booleans()),
    guard=st.none() | st.just(Guard("home", True, 0.0, 100.0, Lock.NONE, 0.0, True)),  # a guard's words
)


@given(snapshots)
def test_a_snapshot_comes_back_as_it_was_and_is_decided_as_it_was(snapshot: Snapshot) -> None:
    back = from_json(Snapshot, json.loads(json.dumps(to_json(snapshot), allow_nan=False)))
    assert back == snapshot
    assert decide(back) == decide(snapshot)


def test_what_an_older_version_did_not_know_has_its_default_and_what_a_newer_one_knows_is_ignored() -> None:
    text = to_json(FREE)
    assert isinstance(text, dict)
    assert isinstance(text["house"], dict)
    del text["pace"]
    text["moon"] = "full"
    del text["house"]["reversals"]
    text["house"]["moonlight"] = True
    back = from_json(Snapshot, text)
    assert back == FREE
    assert back.house.reversals == HubSettings().reversals


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mode", "sleepy"),
        ("now", "yesterday"),
        ("hazards", 3),
        ("online", 1),
        ("values", []),
        ("own", {"band_min": -1}),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_where(field: str, value: Json) -> None:
    text = to_json(FREE)
    assert isinstance(text, dict)
    with pytest.raises(ValueError, match=rf"{field}|Mode|band_min"):
        from_json(Snapshot, text | {field: value})
    del text["mode"]
    with pytest.raises(ValueError, match=r"Snapshot\.mode is missing"):
        from_json(Snapshot, text)


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        to_json(object())
    assert to_json(WindowSettings()) == to_json(from_json(WindowSettings, {}))


@dataclass(frozen=True)
class Shelf:
    """One field of each kind that a snapshot might come to hold."""

    books: Mapping[str, float]
    pair: tuple[str, int]
    marks: frozenset[str] = frozenset()
    room: float | bool | None = None


def test_mappings_sets_and_pairs_come_back() -> None:
    shelf = Shelf({"a": 1.0, "b": math.inf}, ("x", 2), frozenset({"q", "p"}), room=True)
    said = to_json(shelf)
    assert said == {"books": {"a": 1.0, "b": "inf"}, "pair": ["x", 2], "marks": ["p", "q"], "room": True}
    assert from_json(Shelf, said) == shelf
    assert from_json(Shelf, {"books": {}, "pair": ["x", 2]}) == Shelf({}, ("x", 2))


@pytest.mark.parametrize(
    "changes",
    [
        {"books": []},
        {"books": {"a": "much"}},
        {"pair": "x"},
        {"pair": ["x"]},
        {"pair": ["x", 2.5]},
        {"marks": "p"},
        {"marks": [1]},
        {"room": "wide"},
    ],
)
def test_what_does_not_fit_a_field_is_an_error(changes: dict[str, Json]) -> None:
    said: dict[str, Json] = {"books": {}, "pair": ["x", 2], **changes}
    with pytest.raises(ValueError, match=r"Shelf|zip"):
        from_json(Shelf, said)


def test_what_has_no_json_is_an_error() -> None:
    with pytest.raises(TypeError, match="no JSON for object"):
        to_json({"a": object()})
