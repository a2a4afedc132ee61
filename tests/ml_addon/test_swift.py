"""What answers is held to what trains: the same inputs, the same network, in a batch of any size."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon import inputs, layer, swift_inputs
from ml_addon.config import Config
from ml_addon.engine import TorchEngine
from ml_addon.features import FusedFeatures
from ml_addon.inputs import READS, Known, Liking
from ml_addon.layer import SCHEMA, SIZE
from ml_addon.messages import Context, DeviceFeatures, Grant, Layer, Request, Taste
from ml_addon.model_file import LoadedModel, golden_sound, load
from ml_addon.prediction import Clocks, Prediction, PredictionError
from ml_addon.shelf import SHIPPED
from ml_addon.swift import HANGS_ON
from ml_addon.wav import Encoding, RawClip, make_clip

from .sounds import RATE, street

SOUND = golden_sound(FusedFeatures())
CLOCKS = Clocks(time.monotonic, time.time)
# Lowest and highest of what a message may say, in the order of Known.
LOW = (-60, 0, -60, 0, 0, 0, 0, 0, 0, 0, -60, 0, 0, 1, 0.01, -60, -200, 0)
HIGH = (85, 100, 85, 100, 120, 1, 24, 100, 40_000, 1, 60, 6, 1, 10_000, 50, 60, 200, 10_000)
ENDS = [(float(np.float32(low)), float(np.float32(high))) for low, high in zip(LOW, HIGH, strict=True)]
scalars = st.tuples(*(st.just(math.nan) | st.floats(*ends, width=32) for ends in ENDS))
likings = st.lists(st.floats(-3, 3, width=32), min_size=len(Liking), max_size=len(Liking))
shifts = st.just([0.0] * SIZE) | st.lists(st.floats(-2, 2, width=32), min_size=SIZE, max_size=SIZE)


@pytest.fixture(scope="module")
def shipped() -> LoadedModel:
    (path,) = SHIPPED.glob("*.pth")
    return load(path, None, SOUND)


@given(st.lists(st.tuples(scalars, likings, shifts, st.booleans()), min_size=1, max_size=6))
def test_what_the_model_is_told_is_what_it_was_trained_with(
    shipped: LoadedModel, rows: list[tuple[tuple[float, ...], list[float], list[float], bool]]
) -> None:
    known = torch.tensor([row[0] for row in rows])
    wishes, shift = torch.tensor([row[1] for row in rows]), torch.tensor([row[2] for row in rows])
    sound = torch.stack([SOUND if row[3] else torch.full((len(READS),), math.nan) for row in rows])
    told, swift_told = layer.told_taste(wishes, shift), swift_inputs.told_taste(wishes.numpy(), shift.numpy())
    np.testing.assert_array_equal(swift_told, told.numpy())
    leaning = swift_inputs.lean(known.numpy(), shift.numpy())
    np.testing.assert_allclose(leaning, layer.lean(known, shift).numpy(), rtol=1e-6, atol=1e-6)

    fed = inputs.to_inputs(known, told, sound)
    swift_fed = swift_inputs.to_inputs(known.numpy(), swift_told, sound.numpy())
    assert swift_fed.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(swift_fed), fed.isnan().numpy())
    np.testing.assert_allclose(swift_fed, fed.numpy(), rtol=2e-5, atol=2e-4)
    logits, good = shipped.network(fed)
    swift_logits, swift_good = shipped.swift.logits(fed.numpy())
    np.testing.assert_allclose(swift_logits, logits.numpy(), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(swift_good, good.numpy(), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(
        shipped.swift.strangeness(fed.numpy()), shipped.network.strangeness(fed).numpy(), rtol=1e-3, atol=1e-3
    )


@given(st.floats(-20, 20), st.floats(0, 30))
def test_the_confidence_is_calibrated_as_the_network_says(shipped: LoadedModel, logit: float, strange: float) -> None:
    expected = float(shipped.network.calibrated(torch.tensor(logit), torch.tensor(strange)))
    assert shipped.swift.calibrated(logit, strange) == pytest.approx(expected, abs=1e-6)


def test_what_hangs_on_a_reading_is_absent_without_it_and_nothing_else() -> None:
    row = torch.tensor([[(low + high) / 2 for low, high in zip(LOW, HIGH, strict=True)]])
    whole = inputs.to_inputs(row, torch.zeros(1, len(Liking)), SOUND[None])
    for known in Known:
        without = row.clone()
        without[0, known] = math.nan
        fed = inputs.to_inputs(without, torch.zeros(1, len(Liking)), SOUND[None])
        expected = torch.where(torch.from_numpy(HANGS_ON[known]), torch.nan, whole)
        torch.testing.assert_close(fed, expected, equal_nan=True)
        assert HANGS_ON[known].any()


# --- batches


def clip(seed: int, level: float, seconds: float) -> RawClip:
    samples = street(seed, level)[: int(RATE * seconds)]
    return make_clip(Encoding.S16, RATE, 1, samples.astype("<i2").tobytes())


sounds = (
    st.none()
    | st.builds(clip, st.integers(1, 3), st.sampled_from([-60.0, -30.0, -1.0]), st.sampled_from([0.3, 1.0]))
    | st.builds(
        DeviceFeatures,
        schema=st.sampled_from([READS.id, "another.v9"]),
        values=st.just(tuple(SOUND.tolist())),
        levels=st.just({}),
    )
)
grants = st.tuples(st.floats(0, 100), st.floats(0, 100)).map(
    lambda ends: Grant(act=True, low=min(ends), high=max(ends), min_confidence=0, ttl_s=8)
)
layers = st.none() | st.builds(
    Layer,
    schema=st.sampled_from([SCHEMA, "another.v9"]),
    version=st.just(3),
    evidence=st.floats(0, 9),
    values=st.lists(st.floats(-2, 2), min_size=2 * SIZE, max_size=2 * SIZE).map(tuple),
)
requests = st.builds(
    Request,
    correlation_id=st.just("q"),
    grant=grants,
    temperature=st.none() | st.floats(-60, 85),
    humidity=st.none() | st.floats(0, 100),
    audio=sounds,
    context=st.builds(
        Context,
        outdoor_temperature=st.none() | st.floats(-20, 40),
        hour=st.none() | st.floats(0, 24),
        position=st.none() | st.floats(0, 100),
        rain=st.none() | st.booleans(),
    ),
    taste=st.builds(Taste, warmth=st.floats(-3, 3), quiet=st.sampled_from([0.5, 1.0, 4.0])),
    layer=layers,
)


@pytest.fixture(scope="module")
def engine(config: Config) -> TorchEngine:
    return TorchEngine(config, CLOCKS)


@settings(max_examples=40)
@given(asked=st.lists(requests, min_size=2, max_size=9))
def test_questions_that_wait_together_are_answered_as_each_alone(engine: TorchEngine, asked: list[Request]) -> None:
    together = engine.predict_all([("bedroom", request) for request in asked])
    for request, outcome in zip(asked, together, strict=True):
        (alone,) = engine.predict_all([("bedroom", request)])
        if isinstance(alone, PredictionError):
            assert isinstance(outcome, PredictionError)
            assert outcome.failure == alone.failure
            continue
        assert isinstance(alone, Prediction)
        assert isinstance(outcome, Prediction)
        # A product of matrices may sum in another order where there are more rows: the last bits may differ.
        assert outcome.confidence == pytest.approx(alone.confidence, abs=5e-6)
        assert replace(outcome, confidence=0, timings_ms={}) == replace(alone, confidence=0, timings_ms={})


def test_a_hundred_rooms_in_one_pass_are_the_hundred_alone(engine: TorchEngine) -> None:
    rooms = [
        Request(
            f"q{place}",
            Grant(act=True, low=0, high=100, min_confidence=0, ttl_s=8),
            temperature=18 + place % 13,
            humidity=30 + place % 41,
            context=Context(
                outdoor_temperature=place % 37, hour=place % 24, position=5 * (place % 21), rain=place % 7 == 0
            ),
        )
        for place in range(100)
    ]
    together = engine.predict_all([("room", request) for request in rooms])
    for request, outcome in zip(rooms, together, strict=True):
        alone = engine.predict("room", request)
        assert isinstance(outcome, Prediction)
        assert (outcome.position, outcome.reasons) == (alone.position, alone.reasons)
        assert outcome.confidence == pytest.approx(alone.confidence, abs=5e-6)
    assert len({outcome.position for outcome in together if isinstance(outcome, Prediction)}) > 3


believers = st.builds(
    Request,
    correlation_id=st.just("q"),
    grant=st.just(Grant(act=True, low=0, high=100, min_confidence=0, ttl_s=8)),
    temperature=st.floats(15, 32),
    context=st.builds(Context, outdoor_temperature=st.floats(-5, 35), hour=st.floats(0, 24), position=st.just(40.0)),
    taste=st.builds(Taste, warmth=st.floats(-3, 3), fresh=st.sampled_from([0.25, 4.0])),
    layer=st.builds(
        Layer,
        schema=st.just(SCHEMA),
        version=st.just(3),
        evidence=st.just(9.0),
        values=st.lists(st.sampled_from([-2.0, 0.5, 2.0]), min_size=2 * SIZE, max_size=2 * SIZE).map(tuple),
    ),
)


@settings(max_examples=40)
@given(asked=believers)
def test_taste_layer_and_hour_are_the_reasons_that_asking_without_them_shows(
    engine: TorchEngine, asked: Request
) -> None:
    said = engine.predict("bedroom", asked)
    without = {
        "taste": replace(asked, taste=Taste()),
        "learnt": replace(asked, layer=None),
        "hour": replace(asked, context=replace(asked.context, hour=None)),
    }
    told = {reason.code: reason.effect for reason in said.reasons}
    for code, less in without.items():
        moved = said.position - engine.predict("bedroom", less).position
        assert told.get(code, 0.0) == pytest.approx(moved, abs=1e-6), code
