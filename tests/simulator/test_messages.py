"""The virtual window reads and writes the contract's messages as the contract says."""

import json

import pytest

from simulator.device import Device, Result, Setup
from simulator.device.inputs import Control, Unfit
from simulator.device.words import Verdict
from simulator.messages import (
    decode_control,
    decode_guard,
    encode_announce,
    encode_reading,
    encode_result,
    encode_state,
)
from tests.contract.contract_files import Example, address, examples, validator


def on_our_topic(message: str) -> list[Example]:
    """Examples whose bad part is the topic never reach a window: it subscribes to its own."""
    return [one for one in examples(message) if one.topic == address(message).format(id="bedroom")]


@pytest.mark.parametrize("example", on_our_topic("control"), ids=lambda one: one.name)
def test_control_examples(example: Example) -> None:
    assert isinstance(decode_control(example.payload), Control if example.valid else Unfit)


@pytest.mark.parametrize("example", on_our_topic("guard"), ids=lambda one: one.name)
def test_guard_examples(example: Example) -> None:
    assert (decode_guard(example.payload) is not None) == example.valid


def test_a_refused_command_is_named_where_its_id_can_be_read() -> None:
    assert decode_control(b'{"command_id": "c1", "position": 300}') == Unfit("fields", "c1")
    assert decode_control(b'{"command_id": "c 1", "position": 30}') == Unfit("fields", None)
    assert decode_control(b'{"command_id": "c1"') == Unfit("json", None)


@pytest.mark.parametrize("position", [0.0, 33.333333, None])
def test_state_fits_the_contract(position: float | None) -> None:
    device = Device(Setup(position=position, hand_id="h1"))
    state = json.loads(encode_state(device.state(), 1.5))
    validator("state").validate(state | {"session": "s1"})
    assert state["position"] is None or round(state["position"], 1) == state["position"]


def test_results_fit_the_contract() -> None:
    for verdict in Verdict:
        validator("control_result").validate(json.loads(encode_result(Result("c1", verdict, "rev"), 1.5)))
    validator("control_result").validate(json.loads(encode_result(Result(None, Verdict.INVALID), 1.5)))


def test_announce_fits_the_contract() -> None:
    for area in (None, "Upstairs"):
        announce = json.loads(encode_announce("bedroom", "Schlafzimmer ü", area, "02:00:00:00:00:01", 16_000))
        validator("announce").validate(announce)
        assert announce.get("suggested_area") == area


def test_readings_fit_the_contract() -> None:
    validator("temperature").validate(json.loads(encode_reading(-12.345, "°C", 1.5)))
    validator("humidity").validate(json.loads(encode_reading(100.0, "%", 1.5)))
