from time import time

import pytest
from homeassistant.core import HomeAssistant

from custom_components.smart_window.inputs import Absence
from custom_components.smart_window.outdoors import Outdoors, read_outdoors

WEATHER = "weather.home"


def test_units_become_the_contracts(hass: HomeAssistant) -> None:
    hass.states.async_set(
        WEATHER,
        "sunny",
        {
            "temperature": 50,
            "temperature_unit": "°F",
            "humidity": 61,
            "wind_speed": 36,
            "wind_gust_speed": 72,
            "wind_speed_unit": "km/h",
        },
    )
    outdoors = read_outdoors(hass, WEATHER, time())
    assert outdoors.temperature == pytest.approx(10)
    assert outdoors.humidity == 61
    assert outdoors.wind_speed == pytest.approx(10)
    assert outdoors.gust_speed == pytest.approx(20)
    assert (outdoors.rain, outdoors.hail) == (False, False)


@pytest.mark.parametrize(
    ("condition", "rain", "hail"),
    [("pouring", True, False), ("snowy", True, False), ("hail", True, True), ("cloudy", False, False)],
)
def test_a_condition_tells_rain_and_hail(hass: HomeAssistant, condition: str, rain: bool, hail: bool) -> None:
    hass.states.async_set(WEATHER, condition, {})
    outdoors = read_outdoors(hass, WEATHER, time())
    assert (outdoors.rain, outdoors.hail) == (rain, hail)
    assert outdoors.temperature is Absence.NOT_CHOSEN


@pytest.mark.parametrize("state", ["unavailable", "unknown"])
def test_a_silent_weather_entity_says_nothing(hass: HomeAssistant, state: str) -> None:
    hass.states.async_set(WEATHER, state, {"temperature": 20, "temperature_unit": "°C", "humidity": 40})
    assert read_outdoors(hass, WEATHER, time()) == Outdoors(*[Absence.UNAVAILABLE] * 6)


def test_a_weather_entity_that_reports_no_more_is_stale(hass: HomeAssistant) -> None:
    hass.states.async_set(WEATHER, "rainy", {"humidity": 40})
    assert read_outdoors(hass, WEATHER, time() + 7100).rain is True
    assert read_outdoors(hass, WEATHER, time() + 7300) == Outdoors(*[Absence.STALE] * 6)


def test_none_chosen_and_one_that_is_gone_say_nothing(hass: HomeAssistant) -> None:
    assert read_outdoors(hass, None, time()) == Outdoors()
    assert read_outdoors(hass, WEATHER, time()) == Outdoors(*[Absence.REMOVED] * 6)


@pytest.mark.parametrize(
    ("attributes", "cause"),
    [
        ({"temperature": 20}, Absence.UNIT),
        ({"temperature": 20, "temperature_unit": "furlong"}, Absence.UNIT),
        ({"temperature": 20, "temperature_unit": 7}, Absence.UNIT),
        ({"temperature": "warm", "temperature_unit": "°C"}, Absence.UNAVAILABLE),
        ({"temperature": True, "temperature_unit": "°C"}, Absence.UNAVAILABLE),
        ({"temperature": float("nan"), "temperature_unit": "°C"}, Absence.UNAVAILABLE),
        ({"temperature": 999, "temperature_unit": "°C"}, Absence.UNAVAILABLE),
        ({"humidity": 101}, Absence.UNAVAILABLE),
        ({"humidity": None}, Absence.UNAVAILABLE),
        ({"wind_speed": -1, "wind_speed_unit": "m/s"}, Absence.UNAVAILABLE),
        ({"wind_speed": 5000, "wind_speed_unit": "km/h"}, Absence.UNAVAILABLE),
    ],
)
def test_what_does_not_fit_is_left_out(hass: HomeAssistant, attributes: dict[str, object], cause: Absence) -> None:
    hass.states.async_set(WEATHER, "sunny", attributes)
    found = read_outdoors(hass, WEATHER, time())
    assert cause in {found.temperature, found.humidity, found.wind_speed}
