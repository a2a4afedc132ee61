"""A reading in its usual form goes a shorter way through the decoder, and comes to the same."""

import json

import pytest
from hypothesis import example, given, strategies as st

from custom_components.smart_window.contract import (
    ContractError,
    ErrorKind,
    Humidity,
    MessageKind,
    Temperature,
    decode,
    reading as readings,
)
from custom_components.smart_window.contract.reading import HIGHEST_CELSIUS, LOWEST_CELSIUS

READINGS = [MessageKind.TEMPERATURE, MessageKind.HUMIDITY]
NUMBERS = ["0", "-0", "5", "21.43", "-7.5", "-60", "-60.1", "85", "85.01", "99.9", "100", "100.1", "007", "1.", "2e1"]
UNITS = [None, '"%"', '"°C"', '"\\u00b0C"', '"°F"', '"K"', '"x"', "null", "3"]
TIMES = [None, "null", "1790000000", "1790000000.123", "0", "-1", "99999999999", "100000000001", "01", '"now"']


def payload(value: str, unit: str | None, ts: str | None, blank: str = "", end: str = "") -> bytes:
    parts = [f'"value":{blank}{value}']
    parts += [] if unit is None else [f'"unit":{blank}{unit}']
    parts += [] if ts is None else [f'"ts":{blank}{ts}']
    return ("{" + f",{blank}".join(parts) + "}" + end).encode()


def outcome(kind: MessageKind, data: bytes) -> object:
    try:
        return decode(kind, data)
    except ContractError as error:
        return error.kind, error.detail


@given(
    kind=st.sampled_from(READINGS),
    data=st.builds(
        payload,
        value=st.sampled_from(NUMBERS) | st.floats(-120, 120).map(repr) | st.decimals(-90, 110, places=2).map(str),
        unit=st.sampled_from(UNITS),
        ts=st.sampled_from(TIMES) | st.floats(0, 2e11).map(repr),
        blank=st.sampled_from(["", " ", "  "]),
        end=st.sampled_from(["", "\n", "}"]),
    ),
)
@example(kind=MessageKind.HUMIDITY, data=b'{"value":48.2,"unit":"%","ts":null}\n')
def test_the_short_way_ends_where_the_long_one_does(kind: MessageKind, data: bytes) -> None:
    short = outcome(kind, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "_USUAL", NeverFits())
        assert short == outcome(kind, data)


class NeverFits:
    def fullmatch(self, _: bytes) -> None:
        return None


@pytest.mark.parametrize("dumped", [{"separators": (",", ":")}, {}, {"ensure_ascii": False}])
def test_what_windows_send_goes_the_short_way(dumped: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: bytes) -> object:
        raise AssertionError("the long way")

    monkeypatch.setattr(readings, "parse_json", never)
    said = json.dumps({"value": 21.43, "unit": "°C", "ts": 1790000000.125}, **dumped).encode()  # type: ignore[arg-type]
    assert decode(MessageKind.TEMPERATURE, said) == Temperature(21.43, 1790000000.125)
    for celsius in (-3.0, LOWEST_CELSIUS, HIGHEST_CELSIUS):
        assert decode(MessageKind.TEMPERATURE, b'{"value":%d}' % celsius) == Temperature(celsius, None)
    said = json.dumps({"value": 48, "unit": "%", "ts": None}, **dumped).encode()  # type: ignore[arg-type]
    assert decode(MessageKind.HUMIDITY, said) == Humidity(48.0, None)


def test_a_unit_of_the_other_kind_is_refused() -> None:
    assert outcome(MessageKind.TEMPERATURE, b'{"value":20,"unit":"%"}')[0] is ErrorKind.FORMAT  # type: ignore[index]
    assert outcome(MessageKind.HUMIDITY, '{"value":20,"unit":"°C"}'.encode())[0] is ErrorKind.FORMAT  # type: ignore[index]


def test_a_temperature_that_is_too_high_is_told_in_the_unit_of_the_limit() -> None:
    told = "temperature in °C is 200.0, expected -60 to 85"
    assert outcome(MessageKind.TEMPERATURE, '{"value":392,"unit":"°F"}'.encode()) == (ErrorKind.RANGE, told)


def test_air_without_any_humidity_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: bytes) -> object:
        raise AssertionError("the long way")

    monkeypatch.setattr(readings, "parse_json", never)
    assert decode(MessageKind.HUMIDITY, b'{"value":0}') == Humidity(0.0)
