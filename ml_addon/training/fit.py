"""Fits the network: regret of each position, and whether it is good enough. Then makes the confidence honest."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ..model import WindowModel
from .cost import GOOD_ENOUGH
from .dataset import Rows, hide

_BATCH, _PEAK_RATE = 1024, 4e-3
_MAX_REGRET = 3.0  # beyond that, worse is no more than bad


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How long and how wide."""

    width: int
    epochs: int


def fit(rows: Rows, settings: FitSettings, generator: torch.Generator, progress: Callable[[str], None]) -> WindowModel:
    """Return the fitted network. Weights start from torch's global seed, which the caller sets."""
    model = WindowModel(settings.width)
    _standardise(model, hide(rows, generator))
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=1e-3)
    steps = len(rows.scalars) // _BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=settings.epochs * steps)
    regret = rows.regret.clamp_max(_MAX_REGRET)
    good = (rows.regret <= GOOD_ENOUGH).float()
    for epoch in range(settings.epochs):
        inputs, loss_sum = hide(rows, generator), 0.0
        for batch in torch.randperm(len(inputs), generator=generator)[: steps * _BATCH].view(steps, _BATCH):
            expected, logit = model(inputs[batch])
            loss = functional.mse_loss(expected, regret[batch])
            loss = loss + 0.3 * functional.binary_cross_entropy_with_logits(logit, good[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
            schedule.step()
            loss_sum += loss.item()
        progress(f"epoch {epoch + 1} of {settings.epochs}: loss {loss_sum / steps:.4f}")
    return model.eval()


def _standardise(model: WindowModel, inputs: Tensor) -> None:
    known = ~inputs.isnan()
    count = known.sum(0).clamp_min(1)
    mean = inputs.nan_to_num(0).sum(0) / count
    spread = torch.where(known, (inputs - mean).square(), 0.0).sum(0) / count
    model.mean.copy_(mean)
    model.scale.copy_(spread.sqrt().clamp_min(1e-6))


@torch.inference_mode()
def chosen(model: WindowModel, inputs: Tensor, rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Return, for each row, the chosen level, the raw logit of its being good enough, and whether it was (0 or 1)."""
    regret, logit = model(inputs)
    level = regret.argmin(1, keepdim=True)
    good = (rows.regret.gather(1, level) <= GOOD_ENOUGH).float()
    return level[:, 0], logit.gather(1, level)[:, 0], good[:, 0]


def calibrate(model: WindowModel, rows: Rows, generator: torch.Generator) -> None:
    """Fit slope and offset of the confidence (Platt) on rooms and clips that the weights have not seen."""
    _, logit, good = chosen(model, hide(rows, generator), rows)
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
