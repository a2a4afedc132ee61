"""Clips that a window's microphone could hear, made of shaped noise. Each knows how loud its street is.

Levels: a clip's full scale stands for FULL_SCALE_DB dB of sound pressure. That is our assumption for a microphone
behind some 30 dB of gain; each simulated room adds its own error to it (rooms.py).
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

from ..audio import SAMPLE_RATE
from ..tables import a_weighting

FULL_SCALE_DB = 92.0
QUIETEST_DBFS, LOUDEST_DBFS = -78.0, -10.0
_MIN_POWER = 1e-12
_BLOCK = 1024  # lengths whose FFT is quick


class Kind(StrEnum):
    """What the street sounds like."""

    TRAFFIC = "traffic"
    STEADY = "steady"
    RAIN = "rain"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Clip:
    """`samples` as the microphone delivers them; `level` is the street's part alone, in dB(A) re full scale."""

    samples: Tensor
    level: float


class Synth:
    """Makes clips from one random generator."""

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator

    def uniform(self, low: float, high: float) -> float:
        """One number, evenly spread."""
        return low + (high - low) * torch.rand((), generator=self._generator).item()

    def pick(self, kinds: tuple[Kind, ...]) -> Kind:
        """One of the kinds."""
        return kinds[int(torch.randint(len(kinds), (), generator=self._generator))]

    def clip(self, kind: Kind, dbfs: float, seconds: float, *, talk: bool) -> Clip:
        """Return a clip whose street has the RMS `dbfs`, with the microphone's sounds, and the room's talk, on top."""
        street = to_level(self.street(kind, seconds), dbfs)
        heard = street + to_level(self._noise(len(street), 0, 0, 20, 8000), self.uniform(-88, -68))
        if talk:
            heard = heard + to_level(self.speech(len(street)), self.uniform(-60, -25))
        return Clip(self._microphone(heard), a_level(street))

    def street(self, kind: Kind, seconds: float) -> Tensor:
        """Return the street alone, at any level."""
        n = int(seconds * SAMPLE_RATE) // _BLOCK * _BLOCK
        match kind:
            case Kind.TRAFFIC:
                return self._traffic(n)
            case Kind.STEADY:
                return self._noise(n, self.uniform(-9, 0), self.uniform(50, 2000), 20, self.uniform(1500, 8000))
            case Kind.RAIN:
                return self._rain(n)
            case Kind.SPEECH:
                return self.speech(n)

    def _randn(self, n: int) -> Tensor:
        return torch.randn(n, generator=self._generator)

    def _noise(self, n: int, slope: float, corner: float, low: float, high: float) -> Tensor:
        """Noise that falls by `slope` dB per octave above `corner` Hz, between `low` and `high` Hz."""
        hertz = torch.fft.rfftfreq(n, 1 / SAMPLE_RATE)
        gain = (hertz.clamp_min(corner or 1.0) / (corner or 1.0)) ** (slope / 6.02)
        gain = gain / (1 + (low / hertz.clamp_min(1e-3)) ** 4).sqrt() / (1 + (hertz / high) ** 6).sqrt()
        return _filtered(self._randn(n), gain)

    def _traffic(self, n: int) -> Tensor:
        """A distant rumble, and cars that come, hiss and go."""
        time = torch.arange(n) / SAMPLE_RATE
        rumble = self._noise(n, self.uniform(-9, -4), self.uniform(60, 500), 25, self.uniform(800, 6000))
        sound = to_level(rumble, self.uniform(-20, 0))
        for _ in range(int(self.uniform(0, 4.99))):
            peak, width = self.uniform(-1, n / SAMPLE_RATE + 1), self.uniform(0.3, 2.5)
            car = self._noise(n, self.uniform(-8, -3), self.uniform(150, 1200), 40, self.uniform(1500, 7000))
            sound = sound + to_level(car, self.uniform(-12, 6)) / (1 + ((time - peak) / width) ** 2)
        wobble = 1 + self.uniform(0, 0.6) * torch.sin(2 * math.pi * self.uniform(0.1, 1) * time + self.uniform(0, 6.28))
        return sound * wobble

    def _rain(self, n: int) -> Tensor:
        """A hiss and drops."""
        hiss = to_level(self._noise(n, self.uniform(-4, 1), 1000, 300, 7900), 0)
        drops = self._randn(n) * (torch.rand(n, generator=self._generator) < self.uniform(20, 300) / SAMPLE_RATE)
        after = torch.arange(256)
        ring = torch.exp(-after / self.uniform(10, 60)) * torch.cos(after * self.uniform(0.5, 2))
        size = n + len(after)
        splashes: Tensor = torch.fft.irfft(torch.fft.rfft(drops, size) * torch.fft.rfft(ring, size), size)
        return hiss + to_level(splashes[:n], self.uniform(-12, 3))

    def speech(self, n: int) -> Tensor:
        """Pulses of a voice through three formants, in syllables."""
        time = torch.arange(n) / SAMPLE_RATE
        pitch = self.uniform(90, 240) * (1 + 0.1 * torch.sin(2 * math.pi * self.uniform(0.3, 1) * time))
        phase = torch.cumsum(pitch / SAMPLE_RATE, 0)
        voiced = 2 * (phase % 1) - 1 + 0.1 * self._randn(n)
        hertz = torch.fft.rfftfreq(n, 1 / SAMPLE_RATE)
        gain = torch.full_like(hertz, 0.02)
        formants = ((self.uniform(300, 800), 90), (self.uniform(900, 2200), 120), (self.uniform(2300, 3200), 180))
        for centre, width in formants:
            gain = gain + 1 / (1 + ((hertz - centre) / width) ** 2)
        voice = _filtered(voiced, gain)
        beat = torch.sin(2 * math.pi * self.uniform(1.5, 2.8) * time + self.uniform(0, 6.28))
        return voice * beat.clamp_min(0).sqrt()

    def _microphone(self, heard: Tensor) -> Tensor:
        """16 bits, clipped; some microphones hear less of the low or of the high."""
        n = len(heard)
        if self.uniform(0, 1) < 0.3:  # noqa: PLR2004  three in ten
            hertz = torch.fft.rfftfreq(n, 1 / SAMPLE_RATE)
            low, high = self.uniform(10, 120), self.uniform(3500, 9000)
            gain = 1 / (1 + (low / hertz.clamp_min(1e-3)) ** 4).sqrt() / (1 + (hertz / high) ** 8).sqrt()
            heard = _filtered(heard, gain)
        return (heard * 2**15).round().clamp(-(2**15), 2**15 - 1) / 2**15


def _filtered(samples: Tensor, gain: Tensor) -> Tensor:
    n = len(samples)
    result: Tensor = torch.fft.irfft(torch.fft.rfft(samples) * gain, n)
    return result


def to_level(samples: Tensor, dbfs: float) -> Tensor:
    """Scale to an RMS in dB re full scale."""
    return samples * (10 ** (dbfs / 20) / samples.square().mean().sqrt().clamp_min(_MIN_POWER))


def a_level(samples: Tensor) -> float:
    """The A-weighted level of the whole clip, in dB re full scale."""
    n = len(samples) // 2 * 2
    power = torch.fft.rfft(samples[:n]).abs().square() * a_weighting(SAMPLE_RATE, n)
    return 10 * math.log10(max(2 * power.sum().item() / n**2, _MIN_POWER))
