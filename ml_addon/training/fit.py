"""Fits the network: the best position, and whether each is good enough. Then makes the confidence honest."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ..inputs import LIKINGS, Known, to_inputs
from ..model import WindowModel
from .cost import GOOD_ENOUGH
from .dataset import Rows, hide

_BATCH, _PEAK_RATE = 1024, 3e-3
_GENTLE_RATE = 7e-4  # where a model goes on learning
_IMITATION = 0.2
_CAP = 3.0  # points: beyond that, worse is no more than bad
_TAIL = 5e-4  # of the training's inputs, at each end, lie outside of low and high
_REACH = 0.999  # share of the training's rows within reach
_REGULAR = 0.05  # added to the covariance, in standard deviations squared


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How long and how wide. `begin`: what to go on from, with the width and the inputs' statistics that it has."""

    width: int
    epochs: int
    begin: WindowModel | None = None


def fit(rows: Rows, settings: FitSettings, generator: torch.Generator, progress: Callable[[int], None]) -> WindowModel:
    """Return the fitted network. Weights start from torch's global seed, which the caller sets."""
    if settings.begin is None:
        model, peak, imitation = WindowModel(settings.width), _PEAK_RATE, _IMITATION
        _learn_range(model, _lacking(rows, torch.arange(len(rows)), generator))
    else:
        # What follows from a position is drawn once: the best of a single row is no one to imitate, but in rain.
        model, peak, imitation = copy.deepcopy(settings.begin).train().requires_grad_(), _GENTLE_RATE, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=1e-4)
    size = min(_BATCH, len(rows))
    steps = len(rows) // size
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=settings.epochs * steps)
    for epoch in range(settings.epochs):
        for batch in torch.randperm(len(rows), generator=generator)[: steps * size].view(steps, size):
            logits, good = model(_lacking(rows, batch, generator))
            wet = rows.scalars[batch, Known.RAIN] > 0
            loss = position_loss(logits, rows.followed[batch], torch.where(wet, _IMITATION, imitation))
            loss = loss + 0.3 * functional.binary_cross_entropy_with_logits(
                good, (rows.regret[batch] <= GOOD_ENOUGH).float()
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
            schedule.step()
        progress(epoch + 1)
    return model.eval()


@torch.no_grad()
def between(first: WindowModel, second: WindowModel, step: float) -> WindowModel:
    """A network whose weights lie between those of two, of which the second went on learning from the first.

    `step` is the share of the way, 0 … 1.

    Such a mean keeps more of what the first knew of rare things, as rain, which follow.py's futures always shut out:
    Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
    """
    mean = copy.deepcopy(second)
    for weight, one in zip(mean.parameters(), first.parameters(), strict=True):
        weight.lerp_(one, 1 - step)
    return mean


def position_loss(logits: Tensor, regret: Tensor, imitation: Tensor) -> Tensor:
    """What a draw from the head would cost, capped, and so much imitation of the best choice, (rows,)."""
    expected = (logits.softmax(1) * regret.clamp_max(_CAP)).sum(1)
    imitated = functional.cross_entropy(logits, regret.argmin(1), reduction="none")
    return (3 * expected + imitation * imitated).mean()


def _lacking(rows: Rows, batch: Tensor, generator: torch.Generator) -> Tensor:
    scalars, sound = hide(rows.scalars[batch], rows.sound[batch], generator)
    return to_inputs(scalars, rows.likings[batch], sound)


def _learn_range(model: WindowModel, inputs: Tensor) -> None:
    known = ~inputs.isnan()
    count = known.sum(0).clamp_min(1)
    mean = inputs.nan_to_num(0).sum(0) / count
    spread = torch.where(known, (inputs - mean).square(), 0.0).sum(0) / count
    model.mean.copy_(mean)
    model.scale.copy_(spread.sqrt().clamp_min(1e-6))
    # A taste is scaled, not shifted: 0 is as usual and must stay the middle.
    model.mean[LIKINGS] = 0
    few = inputs[torch.linspace(0, len(inputs) - 1, min(len(inputs), 50_000)).long()]
    standard = model.standard(few)
    ends = [
        torch.nanquantile(((few - model.mean) / model.scale)[:, k], torch.tensor([_TAIL, 1 - _TAIL]))
        for k in range(few.shape[1])
    ]
    low, high = torch.stack(ends).unbind(1)
    model.low.copy_(low.nan_to_num(-5))
    model.high.copy_(high.nan_to_num(5))
    covariance = standard.T @ standard / len(standard) + _REGULAR * torch.eye(standard.shape[1])
    model.precision.copy_(torch.linalg.inv(covariance))
    distance = ((standard @ model.precision) * standard).sum(1).sqrt()
    model.reach.copy_(torch.quantile(distance, _REACH))


@torch.inference_mode()
def chosen(model: WindowModel, inputs: Tensor, regret: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return, for each row, the chosen level, the raw logit of its being good enough, and whether it was (0 or 1)."""
    logits, good = model(inputs)
    level = logits.argmax(1, keepdim=True)
    fine = (regret.gather(1, level) <= GOOD_ENOUGH).float()
    return level[:, 0], good.gather(1, level)[:, 0], fine[:, 0]


def calibrate(model: WindowModel, inputs: Tensor, regret: Tensor) -> None:
    """Fit slope and offset of the confidence (Platt) on rooms that the model itself drove and had not learnt from."""
    _, logit, good = chosen(model, inputs, regret)
    logit, good = logit.clone(), good.clone()  # leave inference mode
    slope, offset = torch.ones((), requires_grad=True), torch.zeros((), requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, offset], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(slope * logit + offset, good)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # the same
    model.slope.copy_(slope.detach())
    model.offset.copy_(offset.detach())
