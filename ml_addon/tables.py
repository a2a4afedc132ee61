"""The constant tables behind the features, computed here so that the service needs no librosa.

Sources: mel scale and filters as in Slaney's Auditory Toolbox (1998), which is librosa's default; A curve of
IEC 61672-1:2013, Annex E, with the constants that librosa uses. tests/ml_addon/test_features.py compares them.
"""

import math

import torch
from torch import Tensor

N_MELS = 128
_MEL_HZ = 200 / 3  # below 1 kHz the scale is linear
_BREAK_HZ, _BREAK_MEL = 1000.0, 15.0
_LOG_STEP = math.log(6.4) / 27  # above it is logarithmic


def mel_filters(rate: int, n_fft: int, n_mels: int) -> Tensor:
    """Return (n_fft/2 + 1, n_mels): triangles of equal area."""
    top = _BREAK_MEL + math.log(rate / 2 / _BREAK_HZ) / _LOG_STEP
    mels = torch.linspace(0, top, n_mels + 2, dtype=torch.float64)
    edges = torch.where(
        mels < _BREAK_MEL,
        mels * _MEL_HZ,
        _BREAK_HZ * torch.exp(_LOG_STEP * (mels - _BREAK_MEL)),
    )
    bins = _bin_frequencies(rate, n_fft)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = torch.minimum(rising, falling).clamp_min(0)
    return (triangles * 2 / (edges[2:] - edges[:-2])).float()


def cosine_transform(n_in: int, n_out: int) -> Tensor:
    """Return (n_in, n_out): the orthonormal DCT-II."""
    n, k = torch.arange(n_in, dtype=torch.float64)[:, None], torch.arange(n_out, dtype=torch.float64)
    matrix = torch.cos(math.pi * k * (2 * n + 1) / (2 * n_in)) * math.sqrt(2 / n_in)
    matrix[:, 0] /= math.sqrt(2)
    return matrix.float()


def a_weighting(rate: int, n_fft: int) -> Tensor:
    """Return (n_fft/2 + 1,): the A curve as a gain in power, 1 at 1 kHz."""
    f2 = _bin_frequencies(rate, n_fft).square()
    c1, c2, c3, c4 = 12194.217**2, 20.598997**2, 107.65265**2, 737.86223**2
    gain = c1 * f2.square() / ((f2 + c1) * (f2 + c2) * torch.sqrt((f2 + c3) * (f2 + c4)))
    return (gain.square() * 10**0.2).float()


def bin_power(n_fft: int, window: Tensor) -> Tensor:
    """Return (n_fft/2 + 1,): what turns |STFT|² into the mean square of the frame (Parseval, one-sided)."""
    sides = torch.full((n_fft // 2 + 1,), 2.0)
    sides[0] = sides[-1] = 1.0
    return sides / (n_fft * window.square().sum())


def _bin_frequencies(rate: int, n_fft: int) -> Tensor:
    return torch.linspace(0, rate / 2, n_fft // 2 + 1, dtype=torch.float64)
