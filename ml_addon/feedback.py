"""A correction and a layer in, the new layer out. Nothing is kept here.

The owner's choice is taken for a draw from what the model believes is best, near enough (a kernel of ±10 points), and
the layer for a Gaussian: one Newton step towards the shift under which that choice would have been likely (an extended
Kalman filter). What was learnt fades, one correction moves little, and all of it is bounded (layer.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .inputs import to_inputs
from .layer import BOUND, PRIOR, SIZE, TASTES, Learnt, lean, told_taste
from .model import POSITIONS, STEP, WindowModel

FADES = 0.97  # of the evidence that stays at each correction: half is gone after some twenty
_LONGEST_STEP = 0.7  # prior standard deviations that one correction may move a number
_KERNEL = 0.1  # share of the way; who sets 40 % would not mind 45
_CURVATURE = 0.25  # of the logistic at its steepest: an upper bound for how much one choice can tell


@dataclass(frozen=True, slots=True)
class Correction:
    """What was asked, as the model was told it, and where the owner wants the window, percent."""

    scalars: Tensor  # (18,)
    likings: Tensor  # (5,), as set, before the layer
    sound: Tensor  # (features,)
    position: float


def learn(network: WindowModel, correction: Correction, before: Learnt) -> Learnt:
    """Return the layer that has heard of this correction, too."""
    prior = PRIOR.pow(-2)
    # Forgetting: the evidence fades, and what it said with it.
    sure = prior + FADES * (before.sure - prior).clamp_min(0)
    shift = before.shift * (FADES + (1 - FADES) * (1 - prior / sure))
    slope, information = _pull(network, correction, shift)
    new_sure = sure + information
    step = (slope - prior * shift * (1 - FADES)) / new_sure
    step = torch.minimum(torch.maximum(step, -_LONGEST_STEP * PRIOR), _LONGEST_STEP * PRIOR)
    moved = torch.minimum(torch.maximum(shift + step, -BOUND), BOUND)
    return Learnt(moved, new_sure, FADES * before.evidence + 1, before.version + 1)


def log_likelihood(network: WindowModel, correction: Correction, shift: Tensor) -> Tensor:
    """How likely the owner's choice is under this shift (SIZE,), as a scalar tensor that can be differentiated."""
    scalars, sound = correction.scalars[None], correction.sound[None]
    logits, _ = network(to_inputs(scalars, told_taste(correction.likings, shift)[None], sound))
    levels = torch.linspace(0, 1, POSITIONS)
    near = torch.exp(-0.5 * ((levels - correction.position / 100) / _KERNEL).square())
    return torch.logsumexp((logits + lean(scalars, shift)).log_softmax(1) + (near + 1e-4).log(), 1)[0]


def _pull(network: WindowModel, correction: Correction, shift: Tensor) -> tuple[Tensor, Tensor]:
    """The slope of the likelihood, and how much it tells of each number."""
    with torch.enable_grad():
        point = shift.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(log_likelihood(network, correction, point), point)
    # Gauss-Newton with the score's own square, and at most what a choice between two can tell.
    return slope, slope.square().clamp_max(_CURVATURE / PRIOR.square())


def of_position(position: float) -> int:
    """Percent → the nearest level."""
    return round(position / STEP)


__all__ = ["SIZE", "TASTES", "Correction", "learn", "log_likelihood"]
