"""What the shipped model says to rooms and streets."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon import features
from ml_addon.config import OPTIONS, Config, load_config
from ml_addon.engine import TorchEngine
from ml_addon.features import FusedFeatures
from ml_addon.messages import Context, DeviceFeatures, Grant, Request
from ml_addon.prediction import Clocks, ErrorCode, Prediction, PredictionError
from ml_addon.wav import Encoding, RawClip, make_clip

from .sounds import RATE, Signal, at_level, street

ALL = Grant(act=True, low=0, high=100, min_confidence=0.6, ttl_s=8)
MILD = Context(outdoor_temperature=18, outdoor_humidity=60, wind_speed=2, rain=False, hour=15, position=20)
QUIET_DBFS, LOUD_DBFS = (-60, -52, -45), (-28, -20, -15)
CLEARLY = 20  # points of position
CLOCKS = Clocks(time.monotonic, time.time)


@pytest.fixture(scope="module")
def engine(config: Config) -> TorchEngine:
    return TorchEngine(config, CLOCKS)


def clip(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> RawClip:
    return make_clip(Encoding.S16, RATE, 1, samples.astype("<i2").tobytes())


def question(**known: object) -> Request:
    return replace(Request("q", ALL, session="s", rev=1), **known)  # type: ignore[arg-type]  # a table of cases


def predict(engine: TorchEngine, **known: object) -> Prediction:
    return engine.predict("bedroom", question(**known))


@pytest.mark.parametrize("context", [Context(), Context(hour=22), MILD], ids=["no context", "hour", "mild"])
@pytest.mark.parametrize("temperature", [23, 24.5, 26])
def test_a_loud_street_closes_what_a_quiet_one_leaves_open(
    engine: TorchEngine, temperature: float, context: Context
) -> None:
    """For every seed, spectrum and level: quiet from -60 to -45 dBFS, loud from -28 to -15."""
    quiet: list[Prediction] = []
    loud: list[Prediction] = []
    for seed in range(5):
        for corner in (500, 1200):
            for levels, found in ((QUIET_DBFS, quiet), (LOUD_DBFS, loud)):
                for level in levels:
                    sound = clip(street(seed, level, corner_hz=corner))
                    found.append(predict(engine, temperature=temperature, humidity=50.0, audio=sound, context=context))
    assert min(p.position for p in quiet) - max(p.position for p in loud) >= CLEARLY
    assert min(p.confidence for p in (*quiet, *loud)) >= 0.6


@pytest.mark.parametrize("colour", [0.0, -0.5, -1.0])
def test_steady_noise_of_any_colour_is_heard_as_well(engine: TorchEngine, colour: float) -> None:
    count = 3 * RATE
    hertz = np.fft.rfftfreq(count, 1 / RATE).clip(40)
    for seed in range(5):
        white = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
        wave: Signal = np.fft.irfft(white * hertz**colour, count)
        quiet, loud = (
            predict(engine, temperature=24.5, humidity=50.0, audio=clip(at_level(wave, level))) for level in (-58, -20)
        )
        assert quiet.position - loud.position >= CLEARLY
        assert min(quiet.confidence, loud.confidence) >= 0.6


def test_the_louder_the_street_the_smaller_the_opening(engine: TorchEngine) -> None:
    positions = [
        predict(engine, temperature=25.0, humidity=50.0, audio=clip(street(1, level))).position
        for level in range(-65, -10, 5)
    ]
    steps = np.diff(positions)
    assert steps.max() <= 10  # among quiet streets it wavers by that much
    assert positions[0] - positions[-1] >= CLEARLY


def test_noise_is_the_reason_where_a_loud_street_closes(engine: TorchEngine) -> None:
    prediction = predict(engine, temperature=25.0, humidity=50.0, audio=clip(street(1, -20)))
    assert prediction.reasons[0].code == "noise"
    assert prediction.reasons[0].effect < 0


def test_a_quiet_street_speaks_for_opening(engine: TorchEngine) -> None:
    reasons = predict(engine, temperature=25.0, humidity=50.0, audio=clip(street(1, -55))).reasons
    assert [reason.effect > 0 for reason in reasons if reason.code == "noise"] == [True]


def test_heat_indoors_and_cool_air_outside_open(engine: TorchEngine) -> None:
    sound = clip(street(2, -58))
    cool = Context(outdoor_temperature=19, outdoor_humidity=55, hour=21)
    warm = predict(engine, temperature=29.0, humidity=50.0, audio=sound, context=cool)
    cold = predict(engine, temperature=20.0, humidity=45.0, audio=sound, context=replace(cool, outdoor_temperature=-5))
    assert warm.position >= cold.position + 30
    assert "temperature" in {reason.code for reason in warm.reasons}


def test_rain_closes(engine: TorchEngine) -> None:
    sound = clip(street(2, -58))
    dry, wet = (
        predict(engine, temperature=25.0, humidity=50.0, audio=sound, context=replace(MILD, rain=rain))
        for rain in (False, True)
    )
    assert wet.position < dry.position
    assert [reason.effect < 0 for reason in wet.reasons if reason.code == "rain"] == [True]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_absent_there_is_an_answer_inside_the_grant(config: Config, data: st.DataObject) -> None:
    engine = _engine(config)

    def maybe(low: float, high: float) -> float | None:
        return data.draw(st.none() | st.floats(low, high))

    low, high = sorted(data.draw(st.tuples(st.floats(0, 100), st.floats(0, 100))))
    values = st.lists(st.floats(-1e6, 1e6), min_size=57, max_size=57).map(tuple)
    sound = data.draw(st.none() | st.builds(DeviceFeatures, st.just(features.SCHEMA), values, st.just({})))
    rain = data.draw(st.none() | st.booleans())
    context = Context(maybe(-60, 85), maybe(0, 100), maybe(0, 120), rain, maybe(0, 24), maybe(0, 100))
    prediction = predict(
        engine,
        temperature=maybe(-60, 85),
        humidity=maybe(0, 100),
        audio=sound,
        context=context,
        grant=Grant(act=True, low=low, high=high, min_confidence=0, ttl_s=1),
    )
    assert low <= prediction.position <= high
    assert 0 <= prediction.confidence <= 1
    assert all(abs(reason.effect) <= 100 for reason in prediction.reasons)


_ENGINES: dict[Config, TorchEngine] = {}


def _engine(config: Config) -> TorchEngine:
    """One for all examples: Hypothesis and fixtures with a scope go badly together."""
    return _ENGINES.setdefault(config, TorchEngine(config, CLOCKS))


def test_the_grant_is_a_reason_where_it_decides(engine: TorchEngine) -> None:
    narrow = replace(ALL, low=80, high=90)
    prediction = predict(engine, temperature=24.0, audio=clip(street(1, -20)), grant=narrow)
    assert prediction.position == 80
    assert prediction.reasons[0].code == "grant"
    assert prediction.reasons[0].effect == 80


def test_features_made_at_the_window_are_as_good_as_the_sound(engine: TorchEngine) -> None:
    sound = street(3, -20)
    made = tuple(FusedFeatures()(torch.from_numpy(sound.astype(np.float32) / 2**15)).tolist())
    known = {"temperature": 25.0, "humidity": 50.0}
    heard = predict(engine, audio=clip(sound), **known)
    told = predict(engine, audio=DeviceFeatures(features.SCHEMA, made, {}), **known)
    assert (heard.position, heard.reasons) == (told.position, told.reasons)
    assert heard.confidence == pytest.approx(told.confidence, abs=1e-5)


@pytest.mark.parametrize(
    "audio", [DeviceFeatures("other.v1", (1.0,) * 57, {}), DeviceFeatures(features.SCHEMA, (1.0,) * 51, {})]
)
def test_features_of_another_schema_are_refused(engine: TorchEngine, audio: DeviceFeatures) -> None:
    with pytest.raises(PredictionError) as caught:
        predict(engine, audio=audio)
    assert caught.value.failure.code is ErrorCode.AUDIO_SCHEMA


def test_a_clip_longer_than_allowed_is_refused(config: Config) -> None:
    engine = TorchEngine(replace(config, max_seconds=2.0), CLOCKS)
    with pytest.raises(PredictionError) as caught:
        predict(engine, audio=clip(street(1, -40, seconds=2.5)))
    assert caught.value.failure.code is ErrorCode.AUDIO_LENGTH
    assert predict(engine, audio=clip(street(1, -40, seconds=2.0))).position >= 0


def test_the_answer_tells_its_times_and_what_was_heard(engine: TorchEngine) -> None:
    prediction = predict(engine, temperature=25.0, audio=clip(street(1, -40)))
    assert set(prediction.timings_ms) == {"decode", "features", "model", "total"}
    parts = sum(ms for name, ms in prediction.timings_ms.items() if name != "total")
    assert prediction.timings_ms["total"] == pytest.approx(parts)
    assert tuple(prediction.features) == features.NAMES
    assert predict(engine, temperature=25.0).features == {}


def test_librosa_gives_the_same_answer(config: Config) -> None:
    slow = load_config(None, {"SMART_WINDOW_FEATURES_BACKEND": "librosa"}, OPTIONS, {}).config
    sound = clip(street(4, -50))
    ours, theirs = (predict(TorchEngine(c, CLOCKS), temperature=24.0, audio=sound) for c in (config, slow))
    assert ours.position == theirs.position
    assert ours.confidence == pytest.approx(theirs.confidence, abs=1e-3)
    for name, value in ours.features.items():
        assert math.isclose(value, theirs.features[name], rel_tol=1e-3, abs_tol=1e-3), name
