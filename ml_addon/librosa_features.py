"""The same features by plain librosa calls, one after the other.

The definition that features.py is tested against, and the slow rival of the benchmark (`features.backend: librosa`).
The one file that imports librosa; the service does not, unless it is told to.
"""

import librosa
import numpy as np
import torch
from torch import Tensor

from .audio import SAMPLE_RATE
from .features import EDGE_FRAMES, EXCEEDED, HOP, MIN_LEVEL_POWER, N_FFT, N_MELS, N_MFCC, ROLLOFF_SHARE

_FEW_FRAMES = 8


def librosa_features(samples: Tensor) -> Tensor:
    """(samples,) float32 at 16 kHz → (51,) float32 in the order of features.NAMES."""
    wave = samples.numpy()
    mfcc = librosa.feature.mfcc(y=wave, sr=SAMPLE_RATE, n_mfcc=N_MFCC, n_mels=N_MELS, n_fft=N_FFT, hop_length=HOP)
    rows = (
        librosa.feature.spectral_centroid(y=wave, sr=SAMPLE_RATE, n_fft=N_FFT, hop_length=HOP),
        librosa.feature.spectral_rolloff(
            y=wave, sr=SAMPLE_RATE, roll_percent=ROLLOFF_SHARE, n_fft=N_FFT, hop_length=HOP
        ),
        librosa.feature.rms(y=wave, frame_length=N_FFT, hop_length=HOP),
        librosa.feature.zero_crossing_rate(wave, frame_length=N_FFT, hop_length=HOP),
    )
    numbers = [*mfcc.mean(axis=1), *mfcc.std(axis=1)]
    for row in rows:
        numbers += [row.mean(), row.std()]
    return torch.tensor([float(number) for number in (*numbers, *_levels(wave))], dtype=torch.float32)


def _levels(wave: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> list[float]:
    power = np.abs(librosa.stft(wave, n_fft=N_FFT, hop_length=HOP)) ** 2
    hertz = librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=N_FFT)
    with np.errstate(divide="ignore"):  # the A curve lets nothing of 0 Hz through
        gain = 10 ** (librosa.A_weighting(hertz, min_db=None) / 10)
    sides = np.where((hertz == 0) | (hertz == SAMPLE_RATE / 2), 1.0, 2.0)
    scale = N_FFT * np.sum(librosa.filters.get_window("hann", N_FFT) ** 2)
    frame = np.maximum((gain * sides / scale) @ power, MIN_LEVEL_POWER)
    if len(frame) > _FEW_FRAMES:
        frame = frame[EDGE_FRAMES:-EDGE_FRAMES]
    exceeded = np.quantile(10 * np.log10(frame), EXCEEDED)
    return [float(10 * np.log10(frame.mean())), *(float(level) for level in exceeded)]
