"""What the options hold becomes a choice of entities, whatever form it was saved in."""

import pytest

from custom_components.smart_window.chosen import Chosen
from custom_components.smart_window.inputs import Input


def test_one_or_several_entities_are_read_as_they_were_saved() -> None:
    chosen = Chosen.of(
        {
            Input.CO2: "sensor.co2",
            Input.RAIN: ["binary_sensor.rain", "weather.home"],
            Input.CONTACT: "binary_sensor.shutter",
            Input.CLIMATE: "climate.bedroom",
            "weather": "weather.home",
        }
    )
    assert chosen == Chosen(
        {Input.CO2: "sensor.co2"},
        {Input.RAIN: ("binary_sensor.rain", "weather.home"), Input.CONTACT: ("binary_sensor.shutter",)},
        "weather.home",
        "climate.bedroom",
    )
    assert chosen.entities == {
        "sensor.co2",
        "binary_sensor.rain",
        "weather.home",
        "binary_sensor.shutter",
        "climate.bedroom",
    }


@pytest.mark.parametrize("value", [None, "", [], [""], [None, 3], 3])
def test_what_is_no_entity_is_left_out(value: object) -> None:
    assert Chosen.of({Input.RAIN: value, "weather": value, Input.CLIMATE: value}) == Chosen()


def test_the_house_has_what_the_window_does_not_choose() -> None:
    house = Chosen({Input.CO2: "sensor.hall", Input.VOC: "sensor.voc"}, {Input.RAIN: ("a.b",)}, "weather.home", None)
    own = Chosen({Input.CO2: "sensor.bedroom"}, {Input.CONTACT: ("c.d",)}, None, "climate.bedroom")
    assert own.within(house) == Chosen(
        {Input.CO2: "sensor.bedroom", Input.VOC: "sensor.voc"},
        {Input.RAIN: ("a.b",), Input.CONTACT: ("c.d",)},
        "weather.home",
        "climate.bedroom",
    )
    assert Chosen(weather="weather.own").within(house).weather == "weather.own"
