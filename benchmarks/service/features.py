"""The features of a 5 s clip beside librosa's five calls, one thread, in turns.

Prints one JSON object: ms_5s_clip (all 57 features), ms_5s_clip_librosa (its 48, the five calls one after the other),
speedup (the second by the first), ms_stream and speedup_stream (the same over a stream of different clips),
clips_per_s (of that stream), max_relative_error (over other signals, lengths, rates and levels) and worst_feature.
All times are medians.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from statistics import median

import librosa
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml_addon.audio import SAMPLE_RATE, resample
from ml_addon.features import FusedFeatures
from ml_addon.librosa_features import difference

_CLIP_S = 5.0
_STREAM = 16
_IN_A_ROW = 3
_KINDS = ("white", "street", "tones", "clicks", "half silent", "offset", "chirp")


def main() -> int:
    """Run it; the figures go to standard output."""
    parser = argparse.ArgumentParser(prog="./scripts/bench features", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often the two take turns")
    rounds: int = parser.parse_args().rounds
    torch.set_num_threads(1)
    extract = FusedFeatures()
    clips = [_signal("street", _CLIP_S, SAMPLE_RATE, seed) for seed in range(_STREAM)]
    one = _in_turns(rounds, lambda: extract(clips[0]), lambda: _five_calls(clips[0]))
    stream = _in_turns(
        max(rounds // 10, 2), lambda: [extract(clip) for clip in clips], lambda: [_five_calls(clip) for clip in clips]
    )
    error, worst = max(difference(extract(clip), clip) for clip in _others())
    figures = {
        "ms_5s_clip": one[0],
        "ms_5s_clip_librosa": one[1],
        "speedup": one[1] / one[0],
        "ms_stream": stream[0] / _STREAM,
        "speedup_stream": stream[1] / stream[0],
        "clips_per_s": 1000 * _STREAM / stream[0],
    }
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps(rounded | {"max_relative_error": float(f"{error:.3g}"), "worst_feature": worst}))
    return 0


def _five_calls(samples: Tensor) -> list[float]:
    """As somebody writes it who takes librosa's functions one by one."""
    wave = samples.numpy()
    rows = (
        librosa.feature.mfcc(y=wave, sr=SAMPLE_RATE),
        librosa.feature.spectral_centroid(y=wave, sr=SAMPLE_RATE),
        librosa.feature.spectral_rolloff(y=wave, sr=SAMPLE_RATE),
        librosa.feature.rms(y=wave),
        librosa.feature.zero_crossing_rate(wave),
    )
    return [float(number) for row in rows for number in (*row.mean(axis=1), *row.std(axis=1))]


def _in_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median of each, ms. In turns, so that a busy machine is as busy for one as for the other.

    Each turn begins with a call that is not counted: it brings back into the caches what the other drove out.
    """
    took: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for mine, work in zip(took, works, strict=True):
            work()
            for _ in range(_IN_A_ROW):
                began = time.perf_counter()
                work()
                mine.append(1000 * (time.perf_counter() - began))
    return [median(times) for times in took]


def _others() -> Iterator[Tensor]:
    """Every kind of sound at several rates, lengths and levels."""
    for number, (kind, rate, seconds) in enumerate(
        product(_KINDS, (8000, 16_000, 22_050, 44_100, 48_000), (0.25, 1.0, 3.37))
    ):
        level = 10 ** (-((17 * number) % 81) / 20)
        yield resample(_signal(kind, seconds, rate, number), rate) * level
    yield _signal("street", 60.0, SAMPLE_RATE, 1)
    yield torch.zeros(SAMPLE_RATE)


def _signal(kind: str, seconds: float, rate: int, seed: int) -> Tensor:
    random = np.random.default_rng(seed)
    count = int(seconds * rate)
    time_s = np.arange(count) / rate
    white = random.standard_normal(count)
    wave: NDArray[np.float64]
    match kind:
        case "white":
            wave = white
        case "street":
            wave = np.convolve(white, np.exp(-np.arange(200) / 40), "same") * (1.2 + np.sin(time_s))
        case "tones":
            wave = np.sin(2 * np.pi * (300 + 200 * np.sin(3 * time_s)) * time_s) + 0.01 * white
        case "clicks":
            wave = 0.001 * white
            wave[:: rate // 3] = 1
        case "half silent":
            wave = np.where(time_s < seconds / 2, 0, white)
        case "offset":
            wave = 0.3 + 0.01 * white
        case _:
            wave = np.sin(2 * np.pi * (50 + 600 * time_s) * time_s)
    return torch.from_numpy((wave / np.abs(wave).max()).astype(np.float32))


if __name__ == "__main__":
    sys.exit(main())
