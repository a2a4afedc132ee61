"""What the model reaches on rooms and clips that it has never met, beside simple rules."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..inputs import Known
from ..model import POSITIONS, STEP, WindowModel
from .dataset import Rows, without
from .fit import chosen

_BINS = 15


@dataclass(frozen=True, slots=True)
class Report:
    """Mean cost in points per hour of each policy, and how honest the confidence is."""

    cost: dict[str, float]
    ece: dict[str, float]
    confidence: dict[str, float]
    good_enough: dict[str, float]


def evaluate(model: WindowModel, rows: Rows) -> Report:
    """Return the figures, to four digits."""
    cost = {name: _mean_cost(rows, level) for name, level in _rules(rows).items()}
    cost["best (knows all)"] = rows.cost.amin(1).mean().item()
    ece: dict[str, float] = {}
    confidence: dict[str, float] = {}
    good_enough: dict[str, float] = {}
    views = {
        "model": without(rows),
        "model, no context": without(rows, context=True),
        "model, no sound": without(rows, sound=True),
        "model, readings alone": without(rows, context=True, sound=True),
    }
    for name, inputs in views.items():
        level, logit, good = chosen(model, inputs, rows)
        sure = model.calibrated(logit)
        cost[name] = _mean_cost(rows, level)
        ece[name] = calibration_error(sure, good)
        confidence[name] = sure.mean().item()
        good_enough[name] = good.mean().item()
    return Report(*({k: round(v, 4) for k, v in d.items()} for d in (cost, ece, confidence, good_enough)))


def calibration_error(confidence: Tensor, good: Tensor) -> float:
    """Expected calibration error: the mean gap between confidence and truth, over 15 bins of equal size."""
    order = confidence.argsort()
    gaps = [
        (confidence[b].mean() - good[b].mean()).abs().item() * len(b) for b in order.tensor_split(_BINS) if len(b) > 0
    ]
    return sum(gaps) / len(confidence)


def _mean_cost(rows: Rows, level: Tensor) -> float:
    return rows.cost.gather(1, level[:, None]).mean().item()


def _rules(rows: Rows) -> dict[str, Tensor]:
    t_in, t_out = rows.scalars[:, Known.TEMPERATURE], rows.scalars[:, Known.OUTDOOR_TEMPERATURE]
    closed = torch.zeros(len(t_in), dtype=torch.long)
    warm = ((t_in > 24) & (t_out < t_in)).long()  # noqa: PLR2004  °C
    return {
        "always closed": closed,
        "always open": closed + POSITIONS - 1,
        "always ajar (10 %)": closed + round(10 / STEP),
        "thermostat (60 % above 24 °C when cooler outside)": warm * round(60 / STEP),
    }
