"""Street sounds for these tests, made otherwise than those of the training: by numpy, with filters of their own."""

import base64
import math

import numpy as np
from numpy.typing import NDArray

RATE = 16_000

Signal = NDArray[np.float64]


def street(seed: int, dbfs: float, seconds: float = 5.0, corner_hz: float = 800.0) -> NDArray[np.int16]:
    """Low-passed noise that swells when cars pass, at this RMS in dB re full scale."""
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    gain = np.where(hertz < 30, 0.0, 1 / np.sqrt(1 + (hertz / corner_hz) ** 2))
    hum = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * gain, count)
    time = np.arange(count) / RATE
    swell = np.ones(count)
    for _ in range(random.poisson(2)):
        swell += random.uniform(1, 4) / (1 + ((time - random.uniform(0, seconds)) * random.uniform(0.6, 3)) ** 2)
    return at_level(hum * swell, dbfs)


def at_level(signal: Signal, dbfs: float) -> NDArray[np.int16]:
    """As 16-bit samples of this RMS."""
    rms = math.sqrt(float(np.mean(np.square(signal)))) or 1.0
    return np.clip(np.rint(signal / rms * 2**15 * 10 ** (dbfs / 20)), -(2**15), 2**15 - 1).astype(np.int16)


def pcm(samples: NDArray[np.int16], rate: int = RATE) -> dict[str, object]:
    """As a request carries them."""
    data = base64.b64encode(samples.astype("<i2").tobytes()).decode()
    return {"format": "pcm_s16le", "sample_rate": rate, "channels": 1, "data": data}
