"""The network: what is known of a room → which of 21 positions is the best, and how likely each is good enough."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .ears import Ears
from .inputs import MASKED, NAMES, READS

POSITIONS = 21  # 0, 5, … 100 %
STEP = 100 / (POSITIONS - 1)
INPUT_BOUND = 5.0  # standard deviations; a stranger input is no stronger than that
STRANGE = 2.0  # what one standard deviation outside of all that was seen takes from the confidence's logit
STRANGE_BOUND = 1e3  # standard deviations; a value from another world counts no more


@dataclass(frozen=True, slots=True)
class Choice:
    """For each row: the chosen level (0 … 20) and the calibrated probability that it is good enough."""

    level: Tensor
    confidence: Tensor


class WindowModel(nn.Module):
    """Two hidden layers and two heads.

    The position is the argmax of its head: where two positions are good, the one between them may be bad. `mean` and
    `scale` are the inputs' statistics in training, `low` and `high` the ends of all but a thousandth of them in
    standard deviations, `precision` and `reach` their inverse covariance and how far from the middle nearly all of
    them lie.
    `quiet` are the features of an ordinary quiet street: what a noise is compared with. `ears` name what a noise is.
    """

    mean: Tensor
    scale: Tensor
    low: Tensor
    high: Tensor
    precision: Tensor
    reach: Tensor
    quiet: Tensor
    slope: Tensor
    offset: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        count = len(NAMES)
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("low", torch.full((count,), -INPUT_BOUND))
        self.register_buffer("high", torch.full((count,), INPUT_BOUND))
        self.register_buffer("precision", torch.eye(count))
        self.register_buffer("reach", torch.full((), 1e6))
        self.register_buffer("quiet", torch.zeros(len(READS)))
        self.register_buffer("slope", torch.ones(()))
        self.register_buffer("offset", torch.zeros(()))
        self.body = nn.Sequential(nn.Linear(count + len(MASKED), width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.position = nn.Linear(width, POSITIONS)
        self.good = nn.Linear(width, POSITIONS)
        self.ears = Ears()

    @torch.no_grad()
    def round_to_half(self) -> None:
        """Make the weights numbers of 16 bits, so that their file holds them in half the space and loses nothing."""
        for weight in self.parameters():
            weight.copy_(weight.half())

    def standard(self, inputs: Tensor) -> Tensor:
        """Inputs in standard deviations, 0 where absent."""
        return torch.where(inputs.isnan(), 0.0, (inputs - self.mean) / self.scale)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(rows, inputs), NaN where absent → two times (rows, 21): logits of "the best" and of "good enough"."""
        absent = inputs[:, MASKED].isnan()
        known = self.standard(inputs).clamp(-INPUT_BOUND, INPUT_BOUND)
        hidden = self.body(torch.cat((known, absent.to(known.dtype)), 1))
        return self.position(hidden), self.good(hidden)

    def strangeness(self, inputs: Tensor) -> Tensor:
        """(rows,): 0 for what is like the training, else how many standard deviations beyond it.

        One input alone counts by how far it lies outside of its range; all of them together by their distance from the
        middle (Mahalanobis) beyond the reach of the training.
        """
        known = self.standard(inputs).clamp(-STRANGE_BOUND, STRANGE_BOUND)
        beyond = ((known - self.high).clamp_min(0) + (self.low - known).clamp_min(0)).amax(1)
        distance = ((known @ self.precision) * known).sum(1).clamp_min(0).sqrt()
        return beyond + (distance - self.reach).clamp_min(0)

    def choose(self, inputs: Tensor, allowed: Tensor | None = None) -> Choice:
        """Return the best position, among those `allowed` (21,) where given.

        The confidence is the probability that no other position would have been better by more than
        `training.cost.GOOD_ENOUGH` points within the hours that the teacher looks ahead, calibrated on simulated rooms
        that this model drove. It says nothing about whether the owner shares the cost.
        """
        logits, good = self(inputs)
        if allowed is not None:
            logits = logits.masked_fill(~allowed, -torch.inf)
        level = logits.argmax(1)
        return Choice(level, self.calibrated(good.gather(1, level[:, None])[:, 0], self.strangeness(inputs)))

    def calibrated(self, logit: Tensor, strangeness: Tensor) -> Tensor:
        """A logit of "good enough" → a probability, smaller where the inputs are strange."""
        return (self.slope * logit + self.offset - STRANGE * strangeness).sigmoid()
