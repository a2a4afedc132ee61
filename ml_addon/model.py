"""The network: what is known of a room → what each of 21 positions would cost, and how likely each is good enough."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .inputs import NAMES, READS

POSITIONS = 21  # 0, 5, … 100 %
STEP = 100 / (POSITIONS - 1)
_CLIP = 5.0  # standard deviations; a stranger input is no stronger than that


@dataclass(frozen=True, slots=True)
class Choice:
    """For each row: the chosen level (0 … 20) and the calibrated probability that it is good enough."""

    level: Tensor
    confidence: Tensor


class WindowModel(nn.Module):
    """Two hidden layers and two heads. `mean` and `scale` are the inputs' statistics in training.

    `quiet`, (len(READS),), are the features of an ordinary quiet street: what a noise is compared with.
    """

    mean: Tensor
    scale: Tensor
    quiet: Tensor
    slope: Tensor
    offset: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        count = len(NAMES)
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("quiet", torch.zeros(len(READS)))
        self.register_buffer("slope", torch.ones(()))
        self.register_buffer("offset", torch.zeros(()))
        self.body = nn.Sequential(nn.Linear(2 * count, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.regret = nn.Linear(width, POSITIONS)
        self.good = nn.Linear(width, POSITIONS)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(rows, inputs), NaN where absent → two times (rows, 21).

        The expected regret in points per hour, and the logits of "good enough".
        """
        absent = inputs.isnan()
        known = torch.where(absent, 0.0, (inputs - self.mean) / self.scale).clamp(-_CLIP, _CLIP)
        hidden = self.body(torch.cat((known, absent.to(known.dtype)), 1))
        return functional.softplus(self.regret(hidden)), self.good(hidden)

    def choose(self, inputs: Tensor) -> Choice:
        """Return the position of least expected regret.

        The confidence is the probability that no other position would have been better by more than
        `training.cost.GOOD_ENOUGH` points per hour in this very room, calibrated (Platt) on simulated rooms that the
        weights had not seen. It says nothing about whether the owner shares the cost.
        """
        regret, good = self(inputs)
        level = regret.argmin(1)
        return Choice(level, self.calibrated(good.gather(1, level[:, None])[:, 0]))

    def calibrated(self, logit: Tensor) -> Tensor:
        """A logit of "good enough" → a probability."""
        return (self.slope * logit + self.offset).sigmoid()
