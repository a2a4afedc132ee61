"""What the owner chose reaches a decision in the right units; what is not known is named, and not assumed."""

from math import inf
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.inputs import Absence, ClimateRuns, Input, Missing, Surroundings

from .house import QUICK, House, PlayedWindow, set_up, with_settings


def around(house: House) -> Surroundings:
    station = house.hub.roster.get("bedroom")
    assert station is not None
    return station.window._outlook.surroundings


def causes(house: House) -> dict[Input, Absence]:
    return {one.source: one.cause for one in around(house).missing}


async def sensor(house: House, entity_id: str, state: object, unit: str | None = None) -> None:
    house.hass.states.async_set(entity_id, str(state), {} if unit is None else {"unit_of_measurement": unit})
    await house.settle()


@pytest.mark.parametrize(
    ("section", "key", "said", "unit", "expected"),
    [
        ("outdoors", "outdoor_temperature", 50, "°F", 10),
        ("outdoors", "outdoor_humidity", 61, "%", 61),
        ("outdoors", "wind_speed", 36, "km/h", 10),
        ("outdoors", "wind_speed", 6, "Beaufort", 12.3),
        ("outdoors", "gust_speed", 10, "m/s", 10),
        ("room", "co2", 812, "ppm", 812),
        ("room", "voc", 0.4, "mg/m³", 400),
        ("room", "pm25", 7, "μg/m³", 7),
        ("room", "room_temperature", 295.15, "K", 22),
        ("room", "room_humidity", 40, "%", 40),
        ("room", "noise", 61, "dBA", 61),
    ],
)
async def test_units_become_the_cores(
    quick_house: House, quick_window: PlayedWindow, section: str, key: str, said: float, unit: str, expected: float
) -> None:
    await with_settings(quick_house, "bedroom", **{section: {key: "sensor.one"}})
    await sensor(quick_house, "sensor.one", said, unit)
    assert getattr(around(quick_house), key) == pytest.approx(expected, rel=0.02)
    assert around(quick_house).missing == ()


@pytest.mark.parametrize(
    ("said", "unit", "cause"),
    [
        ("unavailable", "°C", Absence.UNAVAILABLE),
        ("unknown", "°C", Absence.UNAVAILABLE),
        ("warm", "°C", Absence.UNAVAILABLE),
        ("nan", "°C", Absence.UNAVAILABLE),
        (999, "°C", Absence.UNAVAILABLE),
        (20, "furlong", Absence.UNIT),
        (20, None, Absence.UNIT),
    ],
)
async def test_what_is_not_known_is_left_out_and_named(
    quick_house: House, quick_window: PlayedWindow, said: object, unit: str | None, cause: Absence
) -> None:
    await with_settings(quick_house, outdoors={"outdoor_temperature": "sensor.out"})
    await sensor(quick_house, "sensor.out", said, unit)
    assert around(quick_house).outdoor_temperature is None
    assert causes(quick_house) == {Input.OUTDOOR_TEMPERATURE: cause}
    await quick_window.measure("temperature", 25)
    context = quick_house.sent("/request/bedroom")[-1].json["context"]
    assert "outdoor_temperature" not in context
    station = quick_house.hub.roster.get("bedroom")
    assert station is not None
    assert station.decision is not None
    told = next(one for one in station.decision.trace if one.rule == "comfort")
    assert told.facts["missing"] == f"outdoor_temperature: {cause}"


async def test_what_is_known_goes_with_the_question(quick_house: House, quick_window: PlayedWindow) -> None:
    chosen = {"outdoor_temperature": "sensor.out", "wind_speed": "sensor.wind", "rain": ["binary_sensor.rain"]}
    await with_settings(quick_house, outdoors=chosen)
    await sensor(quick_house, "sensor.out", 12.5, "°C")
    await sensor(quick_house, "sensor.wind", 3, "m/s")
    await sensor(quick_house, "binary_sensor.rain", "off")
    await quick_window.measure("temperature", 25)
    context = quick_house.sent("/request/bedroom")[-1].json["context"]
    assert (context["outdoor_temperature"], context["wind_speed"], context["rain"]) == (12.5, 3, False)


async def test_a_sensor_that_reports_no_more_is_stale(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await with_settings(quick_house, outdoors={"outdoor_temperature": "sensor.out"})
    await sensor(quick_house, "sensor.out", 12, "°C")
    await quick_house.wait(freezer, 7100)
    assert around(quick_house).outdoor_temperature == 12
    await quick_house.wait(freezer, 160)
    assert causes(quick_house) == {Input.OUTDOOR_TEMPERATURE: Absence.STALE}
    await sensor(quick_house, "sensor.out", 12, "°C")
    await quick_house.wait(freezer, 60)
    assert around(quick_house).outdoor_temperature == 12


async def test_wind_beyond_its_limit_closes_the_window_at_once(quick_house: House, quick_window: PlayedWindow) -> None:
    await with_settings(quick_house, outdoors={"wind_speed": "sensor.wind"}, hazards={"wind_limit": 8.0})
    await sensor(quick_house, "sensor.wind", 20, "km/h")
    assert quick_house.moves() == []
    await sensor(quick_house, "sensor.wind", 30, "km/h")
    [sent] = quick_house.moves()
    assert (sent.json["source"], sent.json["position"]) == ("safety", 0)
    assert quick_house.shown("sensor", "reason") == "wind"


async def test_an_alarm_is_told_by_its_name(quick_house: House, quick_window: PlayedWindow) -> None:
    alarms = ["binary_sensor.smoke", "alarm_control_panel.home"]
    await with_settings(quick_house, hazards={"alarms": alarms})
    quick_house.hass.states.async_set("alarm_control_panel.home", "armed_away")
    quick_house.hass.states.async_set("binary_sensor.smoke", "off", {"friendly_name": "Smoke in the attic"})
    await quick_house.settle()
    assert around(quick_house).alarms == ()
    quick_house.hass.states.async_set("binary_sensor.smoke", "on", {"friendly_name": "Smoke in the attic"})
    await quick_house.settle()
    assert around(quick_house).alarms == ("Smoke in the attic",)
    assert quick_house.shown("sensor", "reason") == "alarm"
    quick_house.hass.states.async_set("alarm_control_panel.home", "triggered")
    quick_house.hass.states.async_set("binary_sensor.smoke", "unavailable")
    await quick_house.settle()
    assert around(quick_house).alarms == ("home",)


async def test_one_that_says_yes_is_enough_and_one_that_is_silent_leaves_it_unknown(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await with_settings(quick_house, outdoors={"rain": ["binary_sensor.a", "sensor.b"]})
    await sensor(quick_house, "binary_sensor.a", "off")
    await sensor(quick_house, "sensor.b", 0, "mm/h")
    assert around(quick_house).rain is False
    await sensor(quick_house, "binary_sensor.a", "unavailable")
    assert around(quick_house).rain is None
    assert causes(quick_house) == {Input.RAIN: Absence.UNAVAILABLE}
    await sensor(quick_house, "sensor.b", 0.3, "mm/h")
    assert around(quick_house).rain is True


@pytest.mark.parametrize(
    ("state", "attributes", "runs"),
    [
        ("heat", {"hvac_action": "heating"}, ClimateRuns.HEAT),
        ("heat", {"hvac_action": "idle"}, ClimateRuns.NONE),
        ("heat_cool", {"hvac_action": "cooling"}, ClimateRuns.COOL),
        ("heat", {}, ClimateRuns.HEAT),
        ("off", {}, ClimateRuns.NONE),
        ("heat_cool", {}, None),
        ("unavailable", {}, None),
    ],
)
async def test_a_thermostat_tells_what_runs(
    quick_house: House,
    quick_window: PlayedWindow,
    state: str,
    attributes: dict[str, object],
    runs: ClimateRuns | None,
) -> None:
    await with_settings(quick_house, room={"climate": "climate.room"})
    quick_house.hass.states.async_set("climate.room", state, attributes)
    await quick_house.settle()
    assert around(quick_house).climate is runs


@pytest.mark.parametrize(
    ("entity_id", "state", "there"),
    [("cover.shutter", "closed", True), ("cover.shutter", "open", False), ("binary_sensor.screen", "on", True)],
)
async def test_a_shutter_or_a_screen_is_in_the_way(
    quick_house: House, quick_window: PlayedWindow, entity_id: str, state: str, there: bool
) -> None:
    await with_settings(quick_house, limits={"contact": [entity_id]})
    await sensor(quick_house, entity_id, state)
    assert around(quick_house).contact is there
    assert (quick_house.shown("sensor", "reason") == "contact") is there


async def test_the_house_is_empty_when_everybody_is_away(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    hass.states.async_set("person.a", "not_home")
    hass.states.async_set("person.b", "home")
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"anybody_home": ["person.a", "person.b"]}})
    window = PlayedWindow(house)
    await window.appear()
    await house.act("select.select_option", "mode", option="automatic")
    await window.report(rev=2)
    assert around(house).anybody_home is True
    house.forget_sent()
    await sensor(house, "person.b", "Work")
    assert around(house).anybody_home is False
    assert house.sent("/guard")[-1].json["max"] == 10


async def test_a_windows_own_weather_counts_before_the_houses(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    hass.states.async_set("weather.home", "sunny", {"humidity": 40})
    hass.states.async_set("weather.attic", "rainy", {"humidity": 90})
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"weather_entity": "weather.home"}})
    await PlayedWindow(house).appear()
    assert (around(house).outdoor_humidity, around(house).rain) == (40, False)
    await with_settings(house, outdoors={"weather": "weather.attic"})
    assert (around(house).outdoor_humidity, around(house).rain) == (90, True)


async def test_settings_change_without_a_reload_and_go_with_their_subentry(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    hub = quick_house.hub
    await with_settings(quick_house, limits={"band_max": 60.0})
    assert quick_house.hub is hub
    assert quick_house.sent("/guard")[-1].json["max"] == 60
    [subentry_id] = quick_house.entry.subentries
    quick_house.hass.config_entries.async_remove_subentry(quick_house.entry, subentry_id)
    await quick_house.settle()
    assert quick_house.sent("/guard")[-1].json["max"] == 100
    assert quick_house.moves() == []


async def test_an_entity_that_is_deleted_later_is_a_repair_and_the_rest_goes_on(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await with_settings(quick_house, outdoors={"outdoor_temperature": "sensor.out", "wind_speed": "sensor.wind"})
    await sensor(quick_house, "sensor.out", 12, "°C")
    await sensor(quick_house, "sensor.wind", 2, "m/s")
    await quick_house.wait(freezer, 60)
    assert quick_house.issues() == set()
    quick_house.hass.states.async_remove("sensor.out")
    await quick_house.settle()
    assert causes(quick_house) == {Input.OUTDOOR_TEMPERATURE: Absence.REMOVED}
    await quick_house.wait(freezer, 60)
    assert quick_house.issues() == {"entity_removed.bedroom"}
    assert around(quick_house).wind_speed == 2
    await sensor(quick_house, "sensor.out", 12, "°C")
    await quick_house.wait(freezer, 60)
    assert quick_house.issues() == set()


async def test_an_entity_that_is_only_not_there_yet_is_no_repair(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    made = er.async_get(quick_house.hass).async_get_or_create("sensor", "test", "out", suggested_object_id="out")
    await with_settings(quick_house, outdoors={"outdoor_temperature": made.entity_id})
    await quick_house.wait(freezer, 60)
    assert causes(quick_house) == {Input.OUTDOOR_TEMPERATURE: Absence.UNAVAILABLE}
    assert quick_house.issues() == set()


async def test_an_entity_of_the_house_that_is_deleted_is_one_repair(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    house = await set_up(hass, mqtt_mock, QUICK | {"outdoors": {"weather_entity": "weather.gone"}})
    await PlayedWindow(house).appear()
    await PlayedWindow(house, "kitchen").appear()
    await house.wait(freezer, 60)
    assert house.issues() == {"entity_removed"}


def forecast(hass: HomeAssistant, *hours: dict[str, Any] | Exception) -> None:
    """A weather integration that answers so."""

    async def get(call: ServiceCall) -> Any:  # noqa: ANN401 - as Home Assistant takes them
        if hours and isinstance(hours[0], Exception):
            raise hours[0]
        return {call.data["entity_id"]: {"forecast": list(hours)}}

    hass.services.async_register("weather", "get_forecasts", get, supports_response=SupportsResponse.ONLY)


def hour(after_h: float, **said: object) -> dict[str, Any]:
    return {"datetime": dt_util.utc_from_timestamp(dt_util.utcnow().timestamp() + after_h * 3600).isoformat()} | said


async def foreseen(house: House, *hours: dict[str, Any] | Exception) -> float | None:
    forecast(house.hass, *hours)
    house.hass.states.async_set("weather.home", "sunny")
    await with_settings(house, outdoors={"weather": "weather.home"})
    await house.hub.observer.forecasts.fetch()
    await house.settle()
    return around(house).rain_soon_s


async def test_rain_that_is_forecast_closes_the_window_before_it(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    hours = (hour(-0.5, condition="sunny"), hour(0.25, condition="rainy"), hour(1.25, condition="sunny"))
    assert await foreseen(quick_house, *hours) == pytest.approx(900, abs=1)
    assert quick_house.shown("sensor", "reason") == "rain_soon"
    assert [one.json["source"] for one in quick_house.moves()] == ["safety"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"condition": "cloudy"}, inf),
        ({"condition": "cloudy", "precipitation": 0}, inf),
        ({"condition": "cloudy", "precipitation": 0.4}, 0),
        ({"condition": "rainy", "precipitation_probability": 20}, inf),
        ({"condition": "rainy", "precipitation_probability": 70}, 0),
    ],
)
async def test_a_forecast_is_read_for_rain_that_is_likely(
    freezer: FrozenDateTimeFactory,
    quick_house: House,
    quick_window: PlayedWindow,
    said: dict[str, object],
    expected: float,
) -> None:
    assert await foreseen(quick_house, hour(-0.1, **said)) == expected


@pytest.mark.parametrize(
    "hours",
    [
        (HomeAssistantError("no internet"),),
        (),
        ({"condition": "sunny"},),
        (7,),
        ({"datetime": "2001-01-01T00:00:00+00:00", "condition": "sunny"},),
    ],
)
async def test_a_forecast_that_fails_is_unknown_and_never_dry(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow, hours: tuple[Any, ...]
) -> None:
    assert await foreseen(quick_house, *hours) is None
    assert Missing(Input.RAIN_SOON, Absence.UNAVAILABLE) in around(quick_house).missing


async def test_a_forecast_is_fetched_anew_and_its_failure_forgets_the_last_one(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    assert await foreseen(quick_house, hour(-0.1, condition="sunny"), hour(0.9, condition="sunny")) == inf
    forecast(quick_house.hass, HomeAssistantError("gone"))
    await quick_house.wait(freezer, 901)
    assert around(quick_house).rain_soon_s is None


async def test_without_a_weather_integration_the_forecast_is_unknown(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    quick_house.hass.states.async_set("weather.home", "sunny")
    await with_settings(quick_house, outdoors={"weather": "weather.home"})
    await quick_house.hub.observer.forecasts.fetch()
    assert around(quick_house).rain_soon_s is None
