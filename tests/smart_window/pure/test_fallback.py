"""The plain rule: the golden vectors of the contract, its thresholds, and that it is monotone where it should be."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from custom_components.smart_window.fallback import (
    THRESHOLDS,
    Advice,
    Air,
    Because,
    absolute_humidity,
    advise,
    comfort_temperature,
)
from custom_components.smart_window.settings import Taste

CONTRACT = Path(__file__).parents[3] / "contract"
VECTORS = sorted((CONTRACT / "vectors" / "fallback").glob("*.json"))

celsius = st.none() | st.floats(-20, 40)
percent = st.none() | st.floats(0, 100)
airs = st.builds(
    Air,
    indoor_temperature=st.none() | st.floats(5, 40),
    indoor_humidity=percent,
    outdoor_temperature=celsius,
    outdoor_humidity=percent,
    running_mean=celsius,
    co2=st.none() | st.floats(400, 3000),
    voc=st.none() | st.floats(0, 2000),
    noise=st.none() | st.floats(20, 100),
    night=st.booleans(),
    taste=st.sampled_from(Taste),
)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 30
    expected = [json.loads(path.read_text())["expect"] for path in VECTORS]
    assert {one[side] for one in expected for side in ("opens", "closes")} == set(Because)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_rule_says_what_the_vector_says(path: Path) -> None:
    vector: dict[str, Any] = json.loads(path.read_text())
    given = vector["air"]
    if "taste" in given:
        given["taste"] = Taste(given["taste"])
    advice, expect = advise(Air(**given)), vector["expect"]
    assert advice.low == pytest.approx(expect["low"], abs=0.01), vector["why"]
    assert advice.high == pytest.approx(expect["high"], abs=0.01), vector["why"]
    assert (advice.opens, advice.closes) == (expect["opens"], expect["closes"]), vector["why"]


def test_the_thresholds_are_those_of_the_contract() -> None:
    assert asdict(THRESHOLDS) == yaml.safe_load((CONTRACT / "fallback.yaml").read_text())


@pytest.mark.parametrize(
    ("mean", "comfort"), [(None, 23.75), (10, 22.1), (20, 25.4), (30, 28.7), (-5, 22.1), (45, 28.7)]
)
def test_adaptive_comfort(mean: float | None, comfort: float) -> None:
    assert comfort_temperature(mean) == pytest.approx(comfort)


@pytest.mark.parametrize(
    ("celsius", "percent", "grams"), [(20, 100, 17.3), (0, 100, 4.85), (30, 50, 15.2), (-10, 100, 2.36), (20, 0, 0)]
)
def test_absolute_humidity_is_that_of_the_tables(celsius: float, percent: float, grams: float) -> None:
    assert absolute_humidity(celsius, percent) == pytest.approx(grams, rel=0.01)


@given(airs)
def test_an_advice_is_a_range(air: Air) -> None:
    advice = advise(air)
    assert 0 <= advice.low <= advice.high <= 100


@given(airs, st.floats(400, 3000), st.floats(0, 1000))
def test_more_co2_never_opens_less_and_never_closes_more(air: Air, co2: float, more: float) -> None:
    less, worse = advise(replace(air, co2=co2)), advise(replace(air, co2=co2 + more))
    assert worse.low >= less.low
    assert worse.high >= less.high


@given(airs, st.floats(20, 100), st.floats(0, 40))
def test_more_noise_never_opens_more(air: Air, noise: float, more: float) -> None:
    less, worse = advise(replace(air, noise=noise)), advise(replace(air, noise=noise + more))
    assert worse.high <= less.high
    assert worse.low <= less.low


@given(airs)
def test_night_never_allows_more_noise_than_day(air: Air) -> None:
    assert advise(replace(air, night=True)).high <= advise(replace(air, night=False)).high


@given(airs)
def test_taste_shifts_as_its_name_says(air: Air) -> None:
    quiet, balanced, fresh = (advise(replace(air, taste=taste)) for taste in (Taste.QUIET, Taste.BALANCED, Taste.FRESH))
    assert quiet.high <= balanced.high <= fresh.high
    assert fresh.low >= balanced.low


@given(st.floats(-40, 55), st.floats(0.1, 5), st.floats(1, 100))
def test_warmer_air_holds_more_water(celsius: float, more: float, percent: float) -> None:
    assert absolute_humidity(celsius + more, percent) > absolute_humidity(celsius, percent)


@given(airs, st.floats(0, 100))
def test_a_window_moves_into_the_range_and_no_further(air: Air, position: float) -> None:
    advice = advise(air)
    wanted = advice.position(position)
    assert advice.low <= wanted <= advice.high
    assert advice.position(wanted) == wanted
    assert (advice.because(position) is Because.COMFORTABLE) == (wanted == position)


def test_what_moves_it_is_named() -> None:
    advice = Advice(30.0, 60.0, Because.CO2, Because.NOISE)
    assert [advice.because(position) for position in (20, 40, 70)] == [Because.CO2, Because.COMFORTABLE, Because.NOISE]
