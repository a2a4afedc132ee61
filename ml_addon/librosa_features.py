"""The same features by plain librosa calls, one after the other.

The definition that features.py is tested against, and the slow rival of the benchmark (`features.backend: librosa`).
The one file that imports librosa; the service does not, unless it is told to.
"""

import librosa
import numpy as np
import torch
from torch import Tensor

from .audio import SAMPLE_RATE
from .feature_schema import CURRENT, N_MFCC
from .features import (
    EDGE_FRAMES,
    EXCEEDED,
    FEW_FRAMES,
    HIGH_HZ,
    HOP,
    LOW_HZ,
    MIN_LEVEL_POWER,
    MIN_PEAK_RATIO_POWER,
    N_FFT,
)
from .rolloff import SHARE
from .tables import N_MELS

_Wave = np.ndarray[tuple[int], np.dtype[np.float32]]
_Power = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def librosa_features(samples: Tensor) -> Tensor:
    """(samples,) float32 at 16 kHz → (57,) float32 in the order of features.NAMES."""
    wave = samples.numpy()
    mfcc = librosa.feature.mfcc(y=wave, sr=SAMPLE_RATE, n_mfcc=N_MFCC, n_mels=N_MELS, n_fft=N_FFT, hop_length=HOP)
    rows = (
        librosa.feature.spectral_centroid(y=wave, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=HOP),
        librosa.feature.spectral_rolloff(y=wave, sr=SAMPLE_RATE, roll_percent=SHARE, n_fft=N_FFT, hop_length=HOP),
        librosa.feature.rms(y=wave, frame_length=N_FFT, hop_length=HOP),
        librosa.feature.zero_crossing_rate(wave, frame_length=N_FFT, hop_length=HOP),
    )
    numbers = [*mfcc.mean(axis=1), *mfcc.std(axis=1)]
    for row in rows:
        numbers += [row.mean(), row.std()]
    power = np.abs(librosa.stft(wave, n_fft=N_FFT, hop_length=HOP)).astype(np.float64) ** 2
    numbers += _levels(power) + _shares(power) + [_flux(wave), _crest(wave)]
    return torch.tensor([float(number) for number in numbers], dtype=torch.float32)


def _levels(power: _Power) -> list[float]:
    hertz = librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=N_FFT)
    with np.errstate(divide="ignore"):  # the A curve lets nothing of 0 Hz through
        gain = 10 ** (librosa.A_weighting(hertz, min_db=None) / 10)
    scale = N_FFT * np.sum(librosa.filters.get_window("hann", N_FFT) ** 2)
    frame = np.maximum((gain * _sides() / scale) @ power, MIN_LEVEL_POWER)
    if len(frame) > FEW_FRAMES:
        frame = frame[EDGE_FRAMES:-EDGE_FRAMES]
    decibel = 10 * np.log10(frame)
    exceeded = np.quantile(decibel, EXCEEDED)
    return [float(10 * np.log10(frame.mean())), *(float(level) for level in exceeded), float(decibel.max())]


def _shares(power: _Power) -> list[float]:
    hertz = librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=N_FFT)
    spectrum = _sides() * power.sum(axis=1)
    whole = float(spectrum.sum()) or 1.0
    return [float(spectrum[hertz < LOW_HZ].sum()) / whole, float(spectrum[hertz > HIGH_HZ].sum()) / whole]


def _flux(wave: _Wave) -> float:
    mel = librosa.feature.melspectrogram(y=wave, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=HOP, n_mels=N_MELS)
    return float(np.maximum(np.diff(librosa.power_to_db(mel), axis=1), 0).mean())


def _crest(wave: _Wave) -> float:
    samples = wave.astype(np.float64)
    power = max(float(np.mean(samples**2)), MIN_PEAK_RATIO_POWER)
    return float(10 * np.log10(max(np.abs(samples).max() ** 2 / power, 1.0)))


def _sides() -> _Power:
    """How often each bin counts in a one-sided spectrum."""
    return np.where(np.isin(np.arange(N_FFT // 2 + 1), (0, N_FFT // 2)), 1.0, 2.0)


# What is nearer to zero than this is compared with this: an error relative to nothing says nothing.
_FLOORS = {
    "mfcc": 1.0,
    "centroid": 1.0,
    "rolloff": 1.0,
    "rms": 1e-5,
    "zcr": 1e-5,
    "la": 1.0,
    "share": 1e-3,
    "flux": 0.1,
    "crest": 1.0,
}


def difference(found: Tensor, samples: Tensor) -> tuple[float, str]:
    """Return the largest relative error of features of these samples, and the feature that has it."""
    expected = librosa_features(samples)
    floors = torch.tensor([_FLOORS[name.split("_")[0].rstrip("0123456789")] for name in CURRENT.names])
    error = (found - expected).abs() / torch.maximum(expected.abs(), floors)
    at = int(error.argmax())
    return float(error[at]), f"{CURRENT.names[at]}: {found[at]:.7g} instead of {expected[at]:.7g}"
