"""The network once more, for answers: one pass over many questions, with as few steps as there can be.

model.py is the definition, and trains; the tests hold the two to the same numbers. Most of an answer's time goes into
the number of calls into torch, not into the arithmetic, so that everything around the four products is numpy's.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from .inputs import HEARD_COLUMNS, MASKED, READS, Known, to_inputs
from .model import INPUT_BOUND, STRANGE, STRANGE_BOUND, WindowModel
from .swift_inputs import Floats

_SURELY_NOT = -700.0  # a logit below which a double holds no probability


class Swift:
    """A network's weights, laid out for answering. Stateless; may be used in several threads at once."""

    def __init__(self, network: WindowModel) -> None:
        self.heard_when_quiet: Floats = network.quiet[HEARD_COLUMNS].numpy()
        self._mean: Floats = network.mean.numpy()
        self._scale: Floats = network.scale.numpy()
        self._low: Floats = network.low.numpy()
        self._high: Floats = network.high.numpy()
        self._precision: Floats = network.precision.numpy()
        self._reach, self._slope, self._offset = (float(x) for x in (network.reach, network.slope, network.offset))
        self._masked = np.array(MASKED)
        self._layers = [
            (layer.weight.T.contiguous(), layer.bias) for layer in network.body if isinstance(layer, torch.nn.Linear)
        ]
        self._heads = torch.cat((network.position.weight, network.good.weight)).T.contiguous()
        self._bias = torch.cat((network.position.bias, network.good.bias))
        self._levels = network.position.out_features

    def logits(self, inputs: Floats) -> tuple[Floats, Floats]:
        """(rows, inputs), NaN where absent → two times (rows, 21): logits of "the best" and of "good enough"."""
        absent = np.isnan(inputs[:, self._masked])
        known = np.clip(self._standard(inputs), -INPUT_BOUND, INPUT_BOUND)
        hidden = torch.from_numpy(np.concatenate((known, absent.astype(np.float32)), 1))
        for weight, bias in self._layers:
            hidden = torch.nn.functional.silu(torch.addmm(bias, hidden, weight), inplace=True)
        both: Floats = torch.addmm(self._bias, hidden, self._heads).numpy()
        return both[:, : self._levels], both[:, self._levels :]

    def strangeness(self, inputs: Floats) -> Floats:
        """(rows,): as WindowModel.strangeness."""
        known = np.clip(self._standard(inputs), -STRANGE_BOUND, STRANGE_BOUND)
        beyond = (np.maximum(known - self._high, 0) + np.maximum(self._low - known, 0)).max(1)
        distance = np.sqrt(np.maximum(((known @ self._precision) * known).sum(1), 0))
        strange: Floats = beyond + np.maximum(distance - self._reach, 0)
        return strange

    def calibrated(self, logit: float, strangeness: float) -> float:
        """A logit of "good enough" → a probability, smaller where the inputs are strange."""
        sure = self._slope * logit + self._offset - STRANGE * strangeness
        return 1 / (1 + math.exp(-sure)) if sure > _SURELY_NOT else 0.0

    def _standard(self, inputs: Floats) -> Floats:
        standard: Floats = (inputs - self._mean) / self._scale
        standard[np.isnan(standard)] = 0
        return standard


def _what_hangs_on_each() -> NDArray[np.bool_]:
    """(18, inputs): which inputs are absent once a scalar is, found by taking each away from a full question."""
    full = torch.ones(1 + len(Known), len(Known))
    for known in Known:
        full[1 + known, known] = torch.nan
    gone = to_inputs(full, torch.zeros(len(full), 5), torch.zeros(len(full), len(READS))).isnan()
    found: NDArray[np.bool_] = gone[1:].numpy()
    return found


HANGS_ON = _what_hangs_on_each()
"""What is derived from an absent value is absent: a question without a reading needs no second look at the others."""
