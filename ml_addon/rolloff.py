"""The frequency below which 85 % of a frame's magnitude lies, to the very bin that librosa finds."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Doubles: TypeAlias = NDArray[np.float64]

SHARE = 0.85
_GROUP = 32  # bins: the sum is found among groups first, then inside one
# Of the whole. In 186 752 frames librosa's floats chose another bin 88 times, at most 2.2e-6 from the border.
_DOUBT = 2.5e-6


class Rolloff:
    """Finds it from sums of groups. Where rounding decides between two bins, the frame is summed as librosa sums it."""

    def __init__(self, n_fft: int, rate: int) -> None:
        self._window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
        self._step = rate / n_fft

    def __call__(self, magnitude: Tensor, frames: Tensor) -> tuple[Doubles, Doubles]:
        """(frames, bins) magnitudes and (frames, n_fft) samples → the sum of each and its rolloff in Hz.

        numpy's where arrays are small: a call into it costs a third of one into torch.
        """
        bins = magnitude.shape[1] - 1
        grouped = magnitude[:, :bins].view(-1, bins // _GROUP, _GROUP)
        sums = grouped.sum(2).numpy()
        rows = np.arange(len(sums))
        reached = sums.cumsum(1, dtype=np.float64)
        total: Doubles = reached[:, -1] + magnitude[:, bins].numpy()
        wanted = SHARE * total
        group = np.minimum((reached < wanted[:, None]).sum(1), bins // _GROUP - 1)
        # From here on everything is less what is wanted, so that the border lies at 0.
        before = reached[rows, group] - sums[rows, group] - wanted
        inside = grouped.numpy()[rows, group].cumsum(1, dtype=np.float64)
        inside += before[:, None]
        found = (inside < 0).sum(1) + group * _GROUP
        nearest = np.minimum(np.abs(inside).min(1), np.abs(before))
        doubtful = np.flatnonzero(nearest < _DOUBT * total)
        if len(doubtful):
            found[doubtful] = self._as_librosa(frames.numpy()[doubtful])
        return total, found * self._step

    def _as_librosa(self, frames: NDArray[np.float32]) -> NDArray[np.int64]:
        """The same types in the same order as librosa 0.11: spectrum in doubles, then everything in floats."""
        spectrum = np.fft.rfft(self._window * frames).astype(np.complex64)
        sums = np.cumsum(np.abs(spectrum), 1)
        found: NDArray[np.int64] = np.argmax(sums >= SHARE * sums[:, -1:], 1)
        return found
