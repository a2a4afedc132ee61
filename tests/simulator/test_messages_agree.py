"""The decoders of control and guard say of any message what the schema says."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from simulator.device.inputs import Control
from simulator.messages import decode_control, decode_guard
from tests.contract.contract_files import validator

CONTROL = {
    "position": 80,
    "source": "user",
    "command_id": "c1",
    "session": "s1",
    "rev": 2,
    "confidence": 0.5,
    "model_version": "m",
    "ts": 1.0,
}
GUARD = {
    "hub": "h",
    "machines": True,
    "min": 0,
    "max": 100,
    "lock": "none",
    "rain_position": 0,
    "microphone": True,
    "ts": 1,
}
VALUES = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 2.0, 2.5, 100, 100.1, 1e300, 4294967295, 4294967296, 1e11, 1.1e11]),
    st.sampled_from(
        ["", "a", "a b", "ml", "stop", "child", "x" * 64, "x" * 65, "x" * 100, "x" * 101, "\x7f", "ü", "100"]
    ),
    st.sampled_from([[], {}, [1], {"a": 1}]),
)


def changed(whole: dict[str, object], *more: str) -> st.SearchStrategy[dict[str, object]]:
    """The message with some fields replaced, and some gone."""
    names = [*whole, *more]
    changes = st.dictionaries(st.sampled_from(names), VALUES, max_size=3)
    gone = st.sets(st.sampled_from(names), max_size=2)
    return st.builds(
        lambda new, less: {name: value for name, value in (whole | new).items() if name not in less}, changes, gone
    )


@settings(max_examples=600, deadline=None)
@given(changed(CONTROL, "action", "unknown"))
def test_control(content: dict[str, object]) -> None:
    decoded = decode_control(json.dumps(content).encode())
    assert isinstance(decoded, Control) == validator("control").is_valid(content)


@settings(max_examples=600, deadline=None)
@given(changed(GUARD, "unknown"))
def test_guard(content: dict[str, object]) -> None:
    fits = validator("guard").is_valid(content)
    if fits and isinstance(low := content["min"], int | float) and isinstance(high := content["max"], int | float):
        fits = low <= high  # an x-rule of the contract
    assert (decode_guard(json.dumps(content).encode()) is not None) == fits


@pytest.mark.parametrize("name", ["command_id", "session", "model_version"])
def test_a_newline_at_the_end_does_not_fit(name: str) -> None:
    """A `$` in Python matches before a final newline; in JSON Schema it does not."""
    assert not isinstance(decode_control(json.dumps(CONTROL | {name: "a\n"}).encode()), Control)
