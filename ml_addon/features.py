"""Samples → the 57 numbers that describe a clip. One STFT feeds all of them, a block of frames at a time.

librosa defines the first 48 (its defaults at 16 kHz, mean and population standard deviation over the frames); the
others are the terms of outdoor noise: A-weighted levels in dB re full scale, shares of the power, flux and crest.
contract/features.yaml holds each formula. `librosa_features.py` computes the same numbers plainly.

What makes it quick: one real FFT per frame and no other pass over the samples' spectrum than these: magnitude, square,
a product with each narrow part of the mel table, two weighted sums, and sums of 32 bins in which the rolloff is found.
Buffers are kept per thread, since fresh memory of this size costs more than the arithmetic.
"""

import threading
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .audio import SAMPLE_RATE
from .feature_schema import N_MFCC, V2
from .rolloff import Rolloff
from .tables import N_MELS, a_weighting, bin_power, cosine_transform, mel_filters

SCHEMA, NAMES = V2.id, V2.names
N_FFT, HOP = 2048, 512
N_BINS = N_FFT // 2 + 1
TOP_DB, MIN_POWER, MIN_LEVEL_POWER = 80.0, 1e-10, 1e-12
EXCEEDED = (0.9, 0.5, 0.1)  # L10 is the level exceeded 10 % of the time
LOW_HZ, HIGH_HZ = 250.0, 2000.0  # the borders of the two shares
MIN_PEAK_RATIO_POWER = 1e-20  # a clip quieter than that is silent and has no crest
EDGE_FRAMES = 2  # the first and last two frames are half padding, so they are too quiet for a level
FEW_FRAMES = 8  # so few that all of them count
_SILENT_SAMPLE = 1e-10  # as librosa.zero_crossings: what is nearer to zero counts as zero
_LEAST_SUM = 1e-38
_BLOCK = 160  # frames at a time: a clip of 5 s at once, one of a minute in the same 4 MB
# Of the four columns (centroid, rolloff, RMS, zero crossings), in turn, behind the cepstrum's.
_COLUMNS, _SPREADS = slice(2 * N_MFCC, 2 * N_MFCC + 8, 2), slice(2 * N_MFCC + 1, 2 * N_MFCC + 8, 2)
_MEL_PARTS = (0, 32, 64, 80, 96, 112, N_MELS)  # each part of the mel table is dense enough for a plain product

Extract: TypeAlias = Callable[[Tensor], Tensor]
_Column: TypeAlias = NDArray[np.float64]


class FusedFeatures:
    """The features, with their tables made once. Safe to call from several threads."""

    def __init__(self) -> None:
        self._window = torch.hann_window(N_FFT, periodic=True)
        self._mel = _mel_parts(mel_filters(SAMPLE_RATE, N_FFT, N_MELS))
        self._dct = cosine_transform(N_MELS, N_MFCC)
        self._hertz = torch.linspace(0, SAMPLE_RATE / 2, N_BINS)
        self._rolloff = Rolloff(N_FFT, SAMPLE_RATE)
        sides = bin_power(N_FFT, self._window)
        self._a_power = a_weighting(SAMPLE_RATE, N_FFT) * sides
        self._bands = torch.stack((sides * (self._hertz < LOW_HZ), sides * (self._hertz > HIGH_HZ), sides)).double()
        self._ones = torch.ones(_BLOCK)
        self._kept = threading.local()

    @torch.inference_mode()
    def __call__(self, samples: Tensor) -> Tensor:
        """(samples,) float32 at 16 kHz, more than N_FFT / 2 of them → (57,) float32 in the order of NAMES."""
        samples = samples.contiguous()
        spectral = self._spectra(samples)
        rms, crossings, crest = _wave(samples)
        columns = np.stack((spectral.centroid, spectral.rolloff, rms, crossings), 1)
        decibel = spectral.mel.clamp_min_(MIN_POWER).log10_().mul_(10)
        decibel.clamp_min_(decibel.max() - TOP_DB)
        cepstrum_std, cepstrum_mean = torch.std_mean(decibel @ self._dct, 0, correction=0)
        low, high, whole = (self._bands @ spectral.spectrum).tolist()
        flux = decibel.diff(dim=0).clamp_min_(0).mean().item() if len(decibel) > 1 else 0.0
        others = (*_levels(spectral.a_power), low / (whole or 1.0), high / (whole or 1.0), flux, crest)
        found = np.empty(len(NAMES), np.float32)
        found[:N_MFCC], found[N_MFCC : 2 * N_MFCC] = cepstrum_mean.numpy(), cepstrum_std.numpy()
        mean = columns.mean(0)
        columns -= mean
        found[_COLUMNS], found[_SPREADS] = mean, np.sqrt((columns * columns).mean(0))
        found[-len(others) :] = others
        return torch.from_numpy(found)

    def _spectra(self, samples: Tensor) -> "_Spectral":
        """What is read off the spectrum of each frame."""
        count = 1 + len(samples) // HOP
        found = _Spectral(count)
        padded, windowed, magnitudes, powers = self._buffers()
        framed = padded.as_strided((_BLOCK, N_FFT), (HOP, 1))
        for begin in range(0, count, _BLOCK):
            part = slice(begin, min(begin + _BLOCK, count))
            size = part.stop - begin
            magnitude, power, frames = magnitudes[:size], powers[:size], framed[:size]
            _cut(samples, begin * HOP - N_FFT // 2, padded[: (size - 1) * HOP + N_FFT])
            spectrum = torch.fft.rfft(torch.mul(frames, self._window, out=windowed[:size]))
            # numpy's, as it is vectorised and torch's is not.
            np.abs(spectrum.numpy(), out=magnitude.numpy())
            torch.mul(magnitude, magnitude, out=power)
            for bins, bands, table in self._mel:
                torch.mm(power[:, bins], table, out=found.mel[part, bands])
            total, found.rolloff[part] = self._rolloff(magnitude, frames)
            # A frame of zeros has the sum 0 above and below.
            found.centroid[part] = torch.mv(magnitude, self._hertz).numpy() / np.maximum(total, _LEAST_SUM)
            found.a_power[part] = torch.mv(power, self._a_power).numpy()
            found.spectrum += torch.mv(power.T, self._ones[:size])
        return found

    def _buffers(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        if not hasattr(self._kept, "buffers"):
            self._kept.buffers = (
                torch.empty((_BLOCK - 1) * HOP + N_FFT),
                torch.empty(_BLOCK, N_FFT),
                torch.empty(_BLOCK, N_BINS),
                torch.empty(_BLOCK, N_BINS),
            )
        buffers: tuple[Tensor, Tensor, Tensor, Tensor] = self._kept.buffers
        return buffers


def _cut(samples: Tensor, begin: int, out: Tensor) -> None:
    """Copy from `begin` on, with zeros where there are no samples: before the clip and after it."""
    first, last = max(begin, 0), min(begin + len(out), len(samples))
    out[: first - begin].zero_()
    out[first - begin : last - begin].copy_(samples[first:last])
    out[last - begin :].zero_()


class _Spectral:
    """A clip's frames: mel power (frames, 128), four columns, and the power of each bin summed over the frames."""

    def __init__(self, count: int) -> None:
        self.mel = torch.empty(count, N_MELS)
        self.centroid: _Column = np.empty(count)
        self.rolloff: _Column = np.empty(count)
        self.a_power: _Column = np.empty(count)
        self.spectrum = torch.zeros(N_BINS, dtype=torch.float64)


def _mel_parts(table: Tensor) -> list[tuple[slice, slice, Tensor]]:
    """Cut (bins, bands) into groups of bands, each with the bins that it hears."""
    parts = []
    for begin, end in pairwise(_MEL_PARTS):
        heard = table[:, begin:end].any(1).nonzero()
        bins = slice(int(heard[0]), int(heard[-1]) + 1)
        parts.append((bins, slice(begin, end), table[bins, begin:end].contiguous()))
    return parts


def _levels(a_power: _Column) -> list[float]:
    """L_Aeq, L10, L50, L90, L_Amax of the frames, dB re full scale."""
    frames = np.maximum(a_power, MIN_LEVEL_POWER)
    if len(frames) > FEW_FRAMES:
        frames = frames[EDGE_FRAMES:-EDGE_FRAMES]
    frames.sort()
    decibel = 10 * np.log10(frames)
    at = np.array(EXCEEDED) * (len(frames) - 1)
    below = at.astype(np.int64)
    above = np.minimum(below + 1, len(frames) - 1)
    exceeded = decibel[below] + (at - below) * (decibel[above] - decibel[below])
    return [float(10 * np.log10(frames.mean())), *exceeded.tolist(), float(decibel[-1])]


def _wave(samples: Tensor) -> tuple[_Column, _Column, float]:
    """RMS and zero-crossing rate of each frame, and the clip's crest in dB.

    A frame is four hops, and the padding is two hops at each end, so that sums over the clip's own hops are enough.
    """
    wave = samples.numpy()
    full = len(wave) // HOP
    energy = np.zeros(full + 4)
    whole = wave[: full * HOP].reshape(full, HOP)
    energy[2 : 2 + full] = np.einsum("ij,ij->i", whole, whole)
    rest = wave[full * HOP :]
    energy[2 + full] = np.dot(rest, rest)
    peak = float(max(wave.max(), -wave.min()))
    ratio = peak**2 / max(float(energy.sum()) / len(wave), MIN_PEAK_RATIO_POWER)
    crest = 10 * float(np.log10(max(ratio, 1.0)))

    negative = wave < -_SILENT_SAMPLE
    # One more hop of bytes than needed, so that the last part of the clip is a whole hop as well.
    change = np.zeros((full + 1) * HOP, np.uint8)
    np.not_equal(negative[1:], negative[:-1], out=change[1 : len(wave)].view(np.bool_))
    # Eight bytes are added at a time: none overflows, as a hop has 64 groups of eight.
    crossings = np.zeros(full + 4)
    sums = change.reshape(full + 1, -1, 8).view(np.int64)[..., 0].sum(1)
    crossings[2 : 3 + full] = sums.view(np.uint8).reshape(-1, 8).sum(1)
    # A frame does not count a change at its own first sample.
    own = np.zeros(full + 1)
    own[2:] = change[::HOP][: full - 1]
    return np.sqrt(_frames(energy) / N_FFT), (_frames(crossings) - own) / N_FFT, crest


def _frames(hops: _Column) -> _Column:
    """Sums over hops → sums over frames of four."""
    return hops[:-3] + hops[1:-2] + hops[2:-1] + hops[3:]
