"""What the model is told of a window, within what a request may hold."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import Context, Source, Taste as Minds
from custom_components.smart_window.last_move import LastMove
from custom_components.smart_window.settings import Taste, WindowSettings
from custom_components.smart_window.telling import minds, told

HOME = Context(outdoor_temperature=12.0, hour=15.0, position=30.0, rain=False)
OWN = WindowSettings(volume_m3=40.0, opening_m2=0.8)


def test_the_room_the_trends_and_the_time_of_stillness_join_what_the_home_says() -> None:
    found = told(HOME, OWN, (0.5, -3.0), LastMove(1000.0, Source.USER), 8200.0)
    assert (found.outdoor_temperature, found.hour, found.position, found.rain) == (12.0, 15.0, 30.0, False)
    assert (found.room_volume, found.opening_area) == (40.0, 0.8)
    assert (found.temperature_trend, found.humidity_trend) == (0.5, -3.0)
    assert found.still_hours == pytest.approx(2.0)


def test_what_is_not_known_is_not_told() -> None:
    found = told(HOME, WindowSettings(), (None, None), None, 8200.0)
    assert found == HOME


def test_a_clock_that_went_back_and_a_wild_sensor_stay_within_the_contract() -> None:
    found = told(HOME, OWN, (999.0, -999.0), LastMove(9000.0, None), 8200.0)
    assert (found.temperature_trend, found.humidity_trend, found.still_hours) == (60.0, -200.0, 0.0)


def test_every_taste_has_its_numbers_and_the_balanced_one_is_as_usual() -> None:
    quiet, fresh = (minds(WindowSettings(taste=taste)) for taste in (Taste.QUIET, Taste.FRESH))
    assert minds(WindowSettings()) == Minds()
    assert quiet.quiet > 1 == quiet.fresh
    assert fresh.fresh > 1 == fresh.quiet


def test_the_sliders_count_and_the_word_on_top_of_them() -> None:
    own = WindowSettings(taste_warmth=-1.5, taste_fresh=0.5, taste_quiet=1.5, taste_calm=3.0, taste_thrift=0.25)
    assert minds(own) == Minds(warmth=-1.5, fresh=0.5, quiet=1.5, calm=3.0, thrift=0.25)
    assert minds(replace(own, taste=Taste.QUIET)).quiet == 3.0


def test_a_word_on_top_of_the_strongest_slider_stays_within_the_contract() -> None:
    assert minds(WindowSettings(taste=Taste.FRESH, taste_fresh=4.0)).fresh == 4.0
