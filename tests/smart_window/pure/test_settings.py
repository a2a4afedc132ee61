"""Settings: defaults fit, what does not fit is named."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from custom_components.smart_window.contract import Lock
from custom_components.smart_window.settings import (
    BOUNDS,
    WINDOW_BOUNDS,
    AiringRule,
    Bounds,
    HoldRule,
    HubSettings,
    Mode,
    QuietRule,
    SettingsError,
    Taste,
    WindowSettings,
)
from custom_components.smart_window.window import Window

CLASSES: Mapping[type[HubSettings | WindowSettings], Mapping[str, Bounds]] = {
    HubSettings: BOUNDS,
    WindowSettings: WINDOW_BOUNDS,
}
NUMBERS = [(cls, name) for cls, bounds in CLASSES.items() for name in bounds]


def test_a_new_window_advises() -> None:
    assert Window("bedroom", "home", HubSettings()).mode is Mode.ADVISE


@pytest.mark.parametrize("cls", CLASSES)
def test_every_number_has_bounds_and_a_default_within(cls: type[HubSettings | WindowSettings]) -> None:
    default, bounds = cls(), CLASSES[cls]
    numbers = {field.name for field in fields(cls) if field.default is None or type(field.default) is float}
    assert numbers == bounds.keys()
    for name in numbers:
        value = getattr(default, name)
        assert value is None or bounds[name].low <= value <= bounds[name].high


@pytest.mark.parametrize(("cls", "name"), NUMBERS)
def test_a_number_out_of_bounds_is_named(cls: type[HubSettings | WindowSettings], name: str) -> None:
    bounds = CLASSES[cls][name]
    for value in (bounds.low - 0.01, bounds.high + 0.01, float("nan"), float("inf"), "1", True):
        with pytest.raises(SettingsError) as refused:
            cls.from_mapping({name: value})
        assert refused.value.field == name


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"band_min": 60, "band_max": 50}, "band_max"),
        ({"ttl_s": 12, "question_timeout_s": 11}, "ttl_s"),
        ({"prefix": "a/#"}, "prefix"),
        ({"prefix": 7}, "prefix"),
        ({"every_clip": 1}, "every_clip"),
        ({"microphone": "yes"}, "microphone"),
        ({"heartbeat_s": None}, "heartbeat_s"),
        ({"hold_rule": "for_ever"}, "hold_rule"),
        ({"hold_rule": 3}, "hold_rule"),
        ({"quiet": True, "quiet_begin": 60, "quiet_end": 60}, "quiet_end"),
        ({"night_begin": 60, "night_end": 60}, "night_end"),
        ({"moves_per_hour": 12, "moves_per_day": 11}, "moves_per_day"),
    ],
)
def test_what_contradicts_or_does_not_fit_is_named(values: dict[str, object], field: str) -> None:
    with pytest.raises(SettingsError) as refused:
        HubSettings.from_mapping(values)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"band_min": 60, "band_max": 50}, "band_max"),
        ({"wind_limit": 5, "wind_hysteresis": 5}, "wind_hysteresis"),
        ({"gust_limit": 5, "gust_hysteresis": 6}, "gust_hysteresis"),
        ({"taste": "salty"}, "taste"),
        ({"volume_m3": "large"}, "volume_m3"),
    ],
)
def test_what_does_not_fit_one_window_is_named(values: dict[str, object], field: str) -> None:
    with pytest.raises(SettingsError) as refused:
        WindowSettings.from_mapping(values)
    assert refused.value.field == field


def test_quiet_hours_that_are_off_may_be_of_zero_length() -> None:
    assert HubSettings(quiet_begin=60.0, quiet_end=60.0).quiet is False


def test_every_setting_of_the_house_can_be_given_and_others_are_ignored() -> None:
    _each_can_be_given(
        HubSettings(
            prefix="home/attic",
            temperature_change=1.0,
            humidity_change=2.0,
            sound_change=3.0,
            every_clip=False,
            heartbeat_s=61.0,
            min_interval_s=4.0,
            question_timeout_s=9.0,
            ttl_s=5.0,
            min_confidence=0.7,
            fallback=False,
            hold_rule=HoldRule.UNTIL_MORNING,
            hold_minutes=8.0,
            morning=400.0,
            automations_are_hands=True,
            band_min=9.0,
            band_max=10.0,
            rain_position=11.0,
            microphone=False,
            night_begin=1300.0,
            night_end=430.0,
            quiet=True,
            quiet_begin=1310.0,
            quiet_end=431.0,
            smallest_change=6.0,
            shortest_pause_s=61.0,
            moves_per_hour=7.0,
            moves_per_day=31.0,
            reversals=5.0,
            settle_s=12.0,
            calm_s=62.0,
            reading_valid_s=61.0,
            clip_valid_s=14.0,
        )
    )


def test_every_setting_of_a_window_can_be_given_and_others_are_ignored() -> None:
    numbers = {name: (bounds.low + bounds.high) / 2 + 1 for name, bounds in WINDOW_BOUNDS.items()}
    numbers |= {
        "min_confidence": 0.5,
        "band_min": 1.0,
        "band_max": 99.0,
        "night_position": 99.0,
        "wind_hysteresis": 1.0,
    }
    given: dict[str, Any] = numbers | {"lock": Lock.CHILD, "airing": AiringRule.FREE, "taste": Taste.QUIET}
    given |= {"min_confidence": 0.7, "quiet": QuietRule.KEEP, "microphone": False}
    _each_can_be_given(WindowSettings(**given))


def _each_can_be_given(given: HubSettings | WindowSettings) -> None:
    cls = type(given)
    values = {field.name: getattr(given, field.name) for field in fields(cls)}
    assert all(values[field.name] != field.default for field in fields(cls))
    assert cls.from_mapping({**values, "weather_entity": "weather.home"}) == given
    assert cls.from_mapping({}) == cls()


def test_whole_numbers_become_decimals() -> None:
    assert type(HubSettings.from_mapping({"heartbeat_s": 600}).heartbeat_s) is float


def test_a_number_that_may_be_absent_may_be_none() -> None:
    assert WindowSettings.from_mapping({"volume_m3": None}).volume_m3 is None
