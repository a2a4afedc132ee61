"""Hazards: limits with hysteresis, unknown is not harmless, since when they reign, and what is stored."""

import json
from dataclasses import replace
from typing import Any

import pytest

from custom_components.smart_window.decision.hazards import Hazard, Hazards, levels
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.outlook import Outlook
from custom_components.smart_window.settings import HazardKind, HubSettings, WindowSettings

HOUSE = HubSettings(calm_s=100.0)
OWN = WindowSettings()


class Sky:
    """Looks at the surroundings, one after the other."""

    def __init__(self, own: WindowSettings = OWN) -> None:
        self.outlook = Outlook(Hazards())
        self.own = own

    def say(self, now: float, *, wet: bool = False, **around: Any) -> set[str]:  # noqa: ANN401 - fields of any type
        self.outlook.surround(Surroundings(**around), now)
        self.outlook.look(now, self.own, HOUSE, wet=wet)
        return {hazard.kind for hazard in self.outlook.hazards.reign}


@pytest.mark.parametrize(
    ("kind", "below", "begins", "goes_on", "over"),
    [
        ("wind", {"wind_speed": 10.9}, {"wind_speed": 11.0}, {"wind_speed": 9.0}, {"wind_speed": 8.9}),
        ("gust", {"gust_speed": 16.9}, {"gust_speed": 17.0}, {"gust_speed": 14.0}, {"gust_speed": 13.9}),
        (
            "frost",
            {"outdoor_temperature": -4.9},
            {"outdoor_temperature": -5.0},
            {"outdoor_temperature": -4.0},
            {"outdoor_temperature": -3.9},
        ),
        ("rain_soon", {"rain_soon_s": 1801.0}, {"rain_soon_s": 1800.0}, {"rain_soon_s": 0.0}, {"rain_soon_s": 1801.0}),
        ("rain", {"rain": False}, {"rain": True}, {"rain": True}, {"rain": False}),
        ("hail", {"hail": False}, {"hail": True}, {"hail": True}, {"hail": False}),
        ("alarm", {"alarms": ()}, {"alarms": ("smoke",)}, {"alarms": ("smoke", "gas")}, {"alarms": ()}),
    ],
)
def test_a_hazard_begins_at_its_limit_and_ends_when_it_was_calm_for_long(
    kind: str, below: dict[str, Any], begins: dict[str, Any], goes_on: dict[str, Any], over: dict[str, Any]
) -> None:
    sky = Sky()
    assert sky.say(0.0, **below) == set()
    assert sky.say(1.0, **begins) == {kind}
    assert sky.say(50.0, **goes_on) == {kind}
    assert sky.say(60.0, **over) == {kind}
    assert sky.say(149.9, **over) == {kind}
    assert sky.outlook.hazards.moments(HOUSE.calm_s) == (150.0, 3650.0)
    assert sky.say(150.0, **over) == set()


@pytest.mark.parametrize(
    "begins",
    [{"wind_speed": 12.0}, {"rain": True}, {"rain_soon_s": 60.0}, {"hail": True}, {"alarms": ("smoke",)}],
)
def test_while_its_source_is_silent_a_hazard_goes_on_for_an_hour(begins: dict[str, Any]) -> None:
    sky = Sky()
    found = sky.say(10.0, **begins)
    assert len(found) == 1
    assert sky.say(3609.9) == found
    assert sky.say(3610.0) == set()


def test_a_window_that_feels_no_rain_any_more_need_not_wait_for_another_sensor() -> None:
    sky = Sky()
    assert sky.say(0.0, wet=True) == {"rain"}
    assert sky.outlook.hazards.reign[0].value == "window"
    assert sky.say(99.9) == {"rain"}
    assert sky.say(100.0) == set()


def test_either_sensor_of_rain_counts() -> None:
    sky = Sky()
    assert sky.say(0.0, wet=True, rain=False) == {"rain"}
    assert sky.say(50.0, wet=False, rain=True) == {"rain"}
    assert sky.outlook.hazards.reign[0].value == "outdoors"


def test_a_hazard_that_may_leave_the_window_wide_open_is_none() -> None:
    assert Sky(replace(OWN, wind_position=100.0)).say(0.0, wind_speed=40.0) == set()


def test_one_that_reigns_at_the_first_look_began_at_the_start_at_the_latest() -> None:
    sky = Sky()
    assert sky.say(5.0, wind_speed=3.0) == set()
    sky.say(30.0, wind_speed=3.0, hail=True)
    sky.say(40.0, wind_speed=20.0, hail=True)
    assert {hazard.kind: hazard.since for hazard in sky.outlook.hazards.reign} == {"hail": 5.0, "wind": 40.0}


def test_a_source_that_appears_long_after_the_start_tells_of_something_new() -> None:
    sky = Sky()
    sky.say(5.0)
    sky.say(65.0, hail=True)
    sky.say(65.1, hail=True, wind_speed=20.0)
    assert {hazard.kind: hazard.since for hazard in sky.outlook.hazards.reign} == {"hail": 5.0, "wind": 65.1}


def test_what_is_stored_keeps_since_when() -> None:
    hazards = Hazards((Hazard(HazardKind.WIND, 40.0, 60.0, 12.0),), frozenset({HazardKind.WIND}))
    stored = json.loads(json.dumps(hazards.to_dict(100.0, 1000.0)))
    assert stored == {"reign": [{"kind": "wind", "since": 940.0}]}
    back = Hazards.from_dict(stored, 7.0, 1200.0)
    assert back.reign == (Hazard(HazardKind.WIND, 7.0 - 260.0, 7.0, None),)
    assert not back.same_reign(hazards)
    assert Hazards.from_dict(stored, 7.0, 10.0).reign[0].since == 7.0


@pytest.mark.parametrize(
    "data", [None, [], {}, {"reign": 3}, {"reign": [{"kind": "dragon", "since": 1}]}, {"reign": [3]}]
)
def test_a_store_that_does_not_fit_gives_none(data: object) -> None:
    assert Hazards.from_dict(data, 0.0, 0.0) == Hazards()


def test_a_hazard_from_the_store_that_is_over_ends_as_any_other() -> None:
    outlook = Outlook(Hazards.from_dict({"reign": [{"kind": "wind", "since": 0}]}, 10.0, 100.0))
    outlook.surround(Surroundings(wind_speed=1.0), 11.0)
    assert not outlook.look(11.0, OWN, HOUSE, wet=False)
    assert outlook.look(110.0, OWN, HOUSE, wet=False)
    assert outlook.hazards.reign == ()


def test_no_forecast_is_no_dry_forecast() -> None:
    found = levels(Surroundings(), OWN, HOUSE, wet=False, before=Hazards())
    assert found[HazardKind.RAIN_SOON].begins is None
    assert found[HazardKind.RAIN_SOON].goes_on is None


def test_the_time_of_the_day_goes_on_by_itself() -> None:
    outlook = Outlook(Hazards())
    assert outlook.local_minute(0.0) is None
    assert outlook.minutes_until(420.0, 0.0) is None
    assert not outlook.surround(Surroundings(local_minute=1430.0), 100.0)
    assert outlook.local_minute(100.0 + 20 * 60) == 10.0
    assert outlook.minutes_until(420.0, 100.0) == 430.0
    assert outlook.minutes_until(1430.0, 100.0) == 1440.0


def test_only_other_words_than_the_time_are_news() -> None:
    outlook = Outlook(Hazards())
    assert not outlook.surround(Surroundings(co2=500.0, local_minute=1.0), 0.0)
    assert not outlook.surround(Surroundings(co2=500.0, local_minute=2.0), 60.0)
    assert outlook.surround(Surroundings(co2=510.0, local_minute=3.0), 120.0)
