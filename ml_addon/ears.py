"""What made the noise: a small head on a clip's features tells rain, voices and engines apart.

It only names what the position head reacted to; it moves nothing. It was fitted on ESC-10 (K. J. Piczak, 2015, CC BY
3.0; training/listen.py), none of which is kept here.
"""

from enum import IntEnum

import torch
from torch import Tensor, nn

from .feature_schema import CURRENT, FeatureSchema

HIDDEN = 96
_CLIP = 4.0  # standard deviations
_LEVELS = ("la_10", "la_50", "la_90", "la_max")
_GAIN = ("mfcc0_mean", "la_eq", "rms_mean")
"""Features that only say how loud it is. A microphone's gain is not known, so none of them is looked at."""
SURE = 0.8


class Sound(IntEnum):
    """The columns of what the head says; their lower-case names are parts of the reasons' codes."""

    RAIN = 0
    VOICE = 1
    ENGINE = 2


class Ears(nn.Module):
    """One hidden layer. `fitted` is 0 in a model that was made without clips: it names nothing."""

    centre: Tensor
    spread: Tensor
    first: Tensor
    first_bias: Tensor
    second: Tensor
    second_bias: Tensor
    fitted: Tensor

    def __init__(self) -> None:
        super().__init__()
        count = len(CURRENT)
        # Buffers, and zeros: they are fitted elsewhere (training/listen.py) and draw no random number here.
        self.register_buffer("centre", torch.zeros(count))
        self.register_buffer("spread", torch.ones(count))
        self.register_buffer("first", torch.zeros(count, HIDDEN))
        self.register_buffer("first_bias", torch.zeros(HIDDEN))
        self.register_buffer("second", torch.zeros(HIDDEN, len(Sound)))
        self.register_buffer("second_bias", torch.zeros(len(Sound)))
        self.register_buffer("fitted", torch.zeros(()))

    def forward(self, heard: Tensor) -> Tensor:
        """(rows, 57), all features of a clip → (rows, 3): how likely each sound is in it."""
        hidden = nn.functional.silu(self.standard(heard) @ self.first + self.first_bias)
        return (hidden @ self.second + self.second_bias).sigmoid()

    def standard(self, heard: Tensor) -> Tensor:
        """(rows, 57) → the same in standard deviations, without the gain."""
        return ((gainless(heard) - self.centre) / self.spread).clamp(-_CLIP, _CLIP)


def gainless(heard: Tensor) -> Tensor:
    """(rows, 57) → (rows, 57): levels beside that of the whole clip, RMS by its mean, and 0 for what is gain alone."""
    found = heard.clone()
    columns = {name: CURRENT.names.index(name) for name in (*_LEVELS, *_GAIN, "rms_std")}
    for name in _LEVELS:
        found[:, columns[name]] -= heard[:, columns["la_eq"]]
    found[:, columns["rms_std"]] = (heard[:, columns["rms_std"]] / heard[:, columns["rms_mean"]].clamp_min(1e-9)).clamp(
        0.01, 10
    )
    found[:, columns["rms_std"]] = found[:, columns["rms_std"]].log()
    found[:, [columns[name] for name in _GAIN]] = 0.0
    return found


@torch.inference_mode()
def named(ears: Ears, values: Tensor, schema: FeatureSchema) -> dict[Sound, float]:
    """How likely each sound is in a clip; nothing where the model has no ears or the clip not all of the features."""
    if not ears.fitted or schema != CURRENT:
        return {}
    return dict(zip(Sound, ears(values[None])[0].tolist(), strict=True))


def loudest(likely: dict[Sound, float]) -> Sound | None:
    """The sound that a noise is called by: the likeliest, where it is likely enough."""
    best = max(likely, key=lambda sound: likely[sound], default=None)
    return best if best is not None and likely[best] >= SURE else None
