"""The golden vectors of the features, contract/vectors/features/: short clips, and what librosa makes of them.

`.venv-ml/bin/python -m tests.ml_addon.feature_vectors` writes them anew; only a new schema is a reason for it.
"""

import base64
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml_addon.feature_schema import CURRENT
from ml_addon.librosa_features import librosa_features

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "features"
RATE = 16_000

Wave = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vector:
    """16-bit samples at 16 kHz, and the features in the order of the schema."""

    name: str
    schema: str
    samples: NDArray[np.int16]
    features: dict[str, float]

    @property
    def signal(self) -> Tensor:
        """As the features take it."""
        return torch.from_numpy(self.samples.astype(np.float32) / 2**15)


def read_vectors() -> list[Vector]:
    """All of them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> Vector:
    document = json.loads(path.read_text("utf-8"))
    samples = np.frombuffer(base64.b64decode(document["pcm_s16le"]), "<i2")
    return Vector(path.stem, document["schema"], samples, document["features"])


def _noise(seconds: float, seed: int) -> Wave:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def _time(seconds: float) -> Wave:
    return np.arange(round(seconds * RATE)) / RATE


def _tone() -> Wave:
    return 0.1 * np.sin(2 * math.pi * 1000 * _time(0.5))


def _street() -> Wave:
    rumble = np.convolve(_noise(1.0, 1), np.exp(-np.arange(200) / 40), "same") * (1.2 + np.sin(9 * _time(1.0)))
    return np.asarray(0.05 * rumble / rumble.std())


def _whisper() -> Wave:
    return np.asarray(2e-4 * _noise(0.5, 2))


def _clicks() -> Wave:
    wave = 0.001 * _noise(0.5, 3)
    wave[::2500] = 0.9
    return np.asarray(wave)


def _half_silent() -> Wave:
    wave = 0.2 * _noise(0.6, 4)
    wave[: len(wave) // 2] = 0
    return np.asarray(wave)


def _sweep() -> Wave:
    time = _time(0.75)
    return 0.3 * np.sin(2 * math.pi * (60 + 5000 * time) * time)


def _shortest() -> Wave:
    return np.asarray(0.1 * _noise(0.25, 5))


def _overdriven() -> Wave:
    return np.asarray(0.7 * _noise(0.4, 6))


_MADE: dict[str, tuple[Callable[[], Wave], str]] = {
    "tone": (_tone, "1 kHz at -23 dB: la_* are -23.0, the centroid 1000 Hz"),
    "street": (_street, "a low rumble that swells"),
    "whisper": (_whisper, "six steps of 16 bits: many samples are zero, which counts as positive"),
    "clicks": (_clicks, "the crest is large, and frames differ by much"),
    "half_silent": (
        _half_silent,
        "frames of zeros: centroid and rolloff 0 there, and the floor 80 dB below the top",
    ),
    "sweep": (_sweep, "energy moves through all bands"),
    "shortest": (_shortest, "0.25 s: eight frames, so that all count for the levels"),
    "overdriven": (_overdriven, "cut off at full scale"),
}


def main() -> None:
    """Write all vectors."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (make, why) in _MADE.items():
        samples = np.clip(np.rint(make() * 2**15), -(2**15), 2**15 - 1).astype("<i2")
        found = librosa_features(torch.from_numpy(samples.astype(np.float32) / 2**15))
        document = {
            "name": name,
            "why": why,
            "schema": CURRENT.id,
            "sample_rate": RATE,
            "features": {
                feature: float(f"{value:.7g}") for feature, value in zip(CURRENT.names, found.tolist(), strict=True)
            },
            "pcm_s16le": base64.b64encode(samples.tobytes()).decode(),
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
