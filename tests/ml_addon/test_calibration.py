"""A microphone whose full scale is known is heard as the reference microphone would hear the same street."""

import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon.calibration import LEVELS, REFERENCE_DB, levels_of, to_reference
from ml_addon.feature_schema import CURRENT, V1, FeatureSchema
from ml_addon.features import FusedFeatures

from .sounds import RATE, street

FUSED = FusedFeatures()
SPOKEN = {"mfcc0_mean", "rms_mean", "rms_std", *LEVELS}
"""What a gain moves; all else compares parts of a clip with each other."""


def heard(seed: int, dbfs: float) -> torch.Tensor:
    return torch.from_numpy(street(seed, dbfs)).float() / 2**15


@given(st.integers(0, 50), st.floats(-12, 12))
@settings(max_examples=25, deadline=None)
def test_a_gain_of_the_microphone_is_taken_out_again(seed: int, gain: float) -> None:
    """The same street, recorded so much quieter, by a microphone whose full scale is so much louder."""
    wave = heard(seed, -30)
    moved = to_reference(FUSED(wave * 10 ** (-gain / 20)), CURRENT, REFERENCE_DB + gain)
    for name, value, expected in zip(CURRENT.names, moved.tolist(), FUSED(wave).tolist(), strict=True):
        assert value == pytest.approx(expected, rel=2e-3, abs=2e-2), name


@pytest.mark.parametrize("schema", [V1, CURRENT], ids=lambda schema: schema.id)
def test_only_levels_and_the_loudness_in_them_are_moved(schema: FeatureSchema) -> None:
    values = torch.arange(1.0, len(schema) + 1)
    moved = to_reference(values, schema, REFERENCE_DB + 6)
    changed = {name for name, a, b in zip(schema.names, values.tolist(), moved.tolist(), strict=True) if a != b}
    assert changed == SPOKEN & set(schema.names)


def test_where_the_full_scale_is_not_known_the_reference_is_assumed() -> None:
    values = torch.arange(float(len(CURRENT)))
    assert to_reference(values, CURRENT, None) is values
    assert to_reference(values, CURRENT, REFERENCE_DB) is values
    assert levels_of(values, CURRENT, None) == {}


def test_a_calibrated_window_tells_the_level_in_front_of_it() -> None:
    """A tone of 1 kHz at full scale is 3 dB below the level that full scale stands for."""
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(2 * RATE) / RATE)
    levels = levels_of(to_reference(FUSED(tone), CURRENT, 120.0), CURRENT, 120.0)
    assert set(levels) == set(LEVELS)
    assert levels["la_eq"] == pytest.approx(120 - 3.01, abs=0.1)
