"""What a microphone's full scale stands for: from dB re full scale to dB of sound pressure. Pure but for tensors.

The model learnt from streets heard by a microphone whose full scale is REFERENCE_DB. Where a window says what its own
stands for, its features are moved to that of the reference, as if it had been recorded there; where it does not, the
reference is assumed. A gain moves levels and RMS alone: every other feature compares parts of the clip with each other.
"""

import math

import torch
from torch import Tensor

from .feature_schema import FeatureSchema
from .tables import N_MELS

REFERENCE_DB = 92.0  # dB(A) of sound pressure at 0 dB(A) re full scale, a mean square of 1
LEVELS = ("la_eq", "la_10", "la_50", "la_90", "la_max")


def to_reference(values: Tensor, schema: FeatureSchema, full_scale_db: float | None) -> Tensor:
    """Return the features as the reference microphone would have them.

    Exact but for parts of a clip below the floors of the features (-100 dB per band, -120 dB of level).
    """
    if full_scale_db is None or (gain := full_scale_db - REFERENCE_DB) == 0:
        return values
    moved = torch.zeros(len(schema))
    scale = torch.ones(len(schema))
    # mfcc0 is the sum of 128 bands in dB by sqrt(1/128).
    moved[schema.names.index("mfcc0_mean")] = gain * math.sqrt(N_MELS)
    for name in LEVELS:
        if name in schema.names:
            moved[schema.names.index(name)] = gain
    for name in ("rms_mean", "rms_std"):
        scale[schema.names.index(name)] = 10 ** (gain / 20)
    return values * scale + moved


def levels_of(values: Tensor, schema: FeatureSchema, full_scale_db: float | None) -> dict[str, float]:
    """Return the levels in dB(A) of sound pressure, from features of the reference; nothing where it was assumed."""
    if full_scale_db is None:
        return {}
    return {name: float(values[schema.names.index(name)]) + REFERENCE_DB for name in LEVELS if name in schema.names}
