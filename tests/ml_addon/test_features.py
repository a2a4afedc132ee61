"""The features are librosa's, whatever the sound, the length, the level."""

import math
from concurrent.futures import ThreadPoolExecutor

import librosa
import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch import Tensor

from ml_addon.feature_schema import CURRENT
from ml_addon.features import HOP, N_FFT, NAMES, FusedFeatures
from ml_addon.librosa_features import difference, librosa_features
from ml_addon.tables import N_MELS, a_weighting, mel_filters

from .feature_vectors import Vector, read_vectors

FUSED = FusedFeatures()
TOLERANCE = 2e-4


def signal(kind: str, seconds: float, seed: int) -> Tensor:
    random = np.random.default_rng(seed)
    count = int(16_000 * seconds)
    time = np.arange(count) / 16_000
    white = random.standard_normal(count)
    match kind:
        case "white":
            wave = white
        case "traffic":
            wave = np.convolve(white, np.exp(-np.arange(200) / 40), "same") * (1.2 + np.sin(time))
        case "tones":
            wave = np.sin(2 * math.pi * (300 + 200 * np.sin(3 * time)) * time) + 0.01 * white
        case "clicks":
            wave = 0.001 * white
            wave[:: 16_000 // 3] = 1
        case "half silent":
            wave = np.where(time < seconds / 2, 0, white)
        case _:
            wave = np.full(count, 0.3) + 0.01 * white
    return torch.from_numpy((wave / np.abs(wave).max()).astype(np.float32))


def worst(samples: Tensor) -> tuple[float, str]:
    return difference(FUSED(samples), samples)


@pytest.mark.parametrize("vector", read_vectors(), ids=lambda vector: vector.name)
def test_each_golden_vector_is_met_by_both_ways(vector: Vector) -> None:
    assert vector.schema == CURRENT.id
    assert tuple(vector.features) == CURRENT.names
    for found in (FUSED(vector.signal), librosa_features(vector.signal)):
        for name, value in zip(CURRENT.names, found.tolist(), strict=True):
            assert value == pytest.approx(vector.features[name], rel=TOLERANCE, abs=TOLERANCE / 10), name


@given(
    st.sampled_from(["white", "traffic", "tones", "clicks", "half silent", "offset"]),
    st.sampled_from([0.25, 0.3, 1.0, 1.2345, 3.0]) | st.floats(0.25, 4),
    st.floats(-80, 0),
    st.booleans(),
    st.integers(0, 10_000),
)
@settings(max_examples=60, deadline=None)
def test_each_feature_is_librosa_s(kind: str, seconds: float, dbfs: float, sixteen_bits: bool, seed: int) -> None:
    samples = signal(kind, seconds, seed) * 10 ** (dbfs / 20)
    if sixteen_bits:
        samples = (samples * 2**15).round() / 2**15
    error, what = worst(samples)
    assert error < TOLERANCE, what


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_a_clip_without_any_sound_has_librosa_s_features_too(value: float) -> None:
    error, what = worst(torch.full((16_000,), value))
    assert error < TOLERANCE, what


def test_the_mel_filters_are_librosa_s() -> None:
    ours = mel_filters(16_000, N_FFT, N_MELS).T.numpy()
    assert np.abs(ours - librosa.filters.mel(sr=16_000, n_fft=N_FFT, n_mels=N_MELS)).max() < 1e-7


@pytest.mark.parametrize(
    ("hertz", "decibel"),
    # IEC 61672-1:2013, table 3
    [(63, -26.2), (125, -16.1), (250, -8.6), (500, -3.2), (1000, 0.0), (2000, 1.2), (4000, 1.0)],
)
def test_the_a_curve_is_the_standard_s(hertz: int, decibel: float) -> None:
    gain = a_weighting(16_000, 16_000)
    assert 10 * math.log10(gain[hertz]) == pytest.approx(decibel, abs=0.1)


@pytest.mark.parametrize("hertz", [250, 1000, 4000])
def test_the_level_of_a_tone_is_its_weighted_rms(hertz: int) -> None:
    tone = 0.1 * torch.sin(2 * math.pi * hertz * torch.arange(48_000) / 16_000)
    got = FUSED(tone)
    expected = 20 * math.log10(0.1 / math.sqrt(2)) + {250: -8.6, 1000: 0.0, 4000: 1.0}[hertz]
    for name in ("la_eq", "la_10", "la_90"):
        assert got[NAMES.index(name)].item() == pytest.approx(expected, abs=0.2)


def test_l10_is_above_l90_where_a_car_passes() -> None:
    samples = torch.cat((0.001 * torch.randn(60_000), 0.1 * torch.randn(20_000)))
    got = dict(zip(NAMES, FUSED(samples).tolist(), strict=True))
    assert got["la_10"] - got["la_90"] > 30
    assert got["la_90"] < got["la_eq"] < got["la_10"]


def test_the_features_are_numbers_for_the_shortest_clip() -> None:
    assert FUSED(torch.zeros(4000)).isfinite().all()
    assert N_FFT / 2 < 4000
    assert N_FFT % HOP == 0


def test_features_can_be_made_in_several_threads_at_once() -> None:
    clips = [signal("traffic", 1.0, seed) for seed in range(8)]
    alone = [FUSED(clip) for clip in clips]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(FUSED, clips))
    assert all(torch.equal(a, b) for a, b in zip(alone, together, strict=True))
