"""Sounds for virtual microphones: 16 kHz, int16, mono; made from a seed, or read from a WAV file.

They stand for what a microphone at the window hears, whatever the opening. They are no recordings: a street is
low-passed noise that swells when a car passes, rain is noise without lows plus drops, speech is the harmonics of a
voice through formants, in syllables.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import SimulatorError
from .wav import read_wav

RATE = 16_000
_LOWEST_HZ = 30
VARIANTS = 4  # clips of one kind differ, and yet a thousand windows share a handful of arrays

type Samples = NDArray[np.int16]
type Signal = NDArray[np.float64]


class SoundKind(StrEnum):
    """What can be generated."""

    STREET_QUIET = "street-quiet"
    STREET_LOUD = "street-loud"
    RAIN = "rain"
    SPEECH = "speech"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file, repeated as long as a clip lasts."""

    path: Path


type Sound = SoundKind | Recording

# Level of each kind, RMS in dB re full scale (a full-scale square wave is 0). Silence is a microphone's own noise.
LEVELS_DBFS = {
    SoundKind.STREET_QUIET: -55.0,
    SoundKind.STREET_LOUD: -20.0,
    SoundKind.RAIN: -32.0,
    SoundKind.SPEECH: -30.0,
    SoundKind.SILENCE: -75.0,
}
_SHORT = {"quiet": SoundKind.STREET_QUIET, "loud": SoundKind.STREET_LOUD, "street": SoundKind.STREET_QUIET}


def sound_named(name: object, folder: Path = Path()) -> Sound:
    """Return the sound of this name; a name that ends with .wav is a file, looked for from `folder`.

    Raises SimulatorError for anything else, and for a file that is not there.
    """
    if isinstance(name, str):
        if name in _SHORT:
            return _SHORT[name]
        if name in SoundKind:
            return SoundKind(name)
        if name.lower().endswith(".wav"):
            path = folder / name
            if path.is_file():
                return Recording(path)
            raise SimulatorError(f"sound: there is no file {path}")
    known = ", ".join(kind.value for kind in SoundKind)
    raise SimulatorError(f"sound is {name!r}, expected one of {known}, or the name of a .wav file")


@lru_cache(maxsize=64)
def clip(sound: Sound, seconds: float, seed: int) -> Samples:
    """Return `seconds` of a sound; the same arguments give the same samples. The array is shared: read only."""
    count = max(1, round(seconds * RATE))
    if isinstance(sound, Recording):
        samples: Samples = np.resize(read_wav(sound.path, RATE), count)
    else:
        samples = _at_level(_signal(sound, count, np.random.default_rng(seed)), LEVELS_DBFS[sound])
    samples.flags.writeable = False
    return samples


def dbfs(samples: Samples) -> float:
    """Return the RMS level in dB re full scale; -inf for nothing but zeros."""
    mean = float(np.mean(np.square(samples.astype(np.float64) / 32768)))
    return 10 * float(np.log10(mean)) if mean > 0 else float("-inf")


def _signal(kind: SoundKind, count: int, random: np.random.Generator) -> Signal:
    match kind:
        case SoundKind.STREET_QUIET:
            return _street(count, random, cars_per_minute=6, corner_hz=500)
        case SoundKind.STREET_LOUD:
            return _street(count, random, cars_per_minute=40, corner_hz=800)
        case SoundKind.RAIN:
            return _rain(count, random)
        case SoundKind.SPEECH:
            return _speech(count, random)
        case SoundKind.SILENCE:
            return random.standard_normal(count)


def _at_level(signal: Signal, level: float) -> Samples:
    rms = float(np.sqrt(np.mean(np.square(signal)))) or 1.0
    scaled = signal / rms * 32768 * 10 ** (level / 20)
    return np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)


def _shaped_noise(count: int, random: np.random.Generator, gain: Signal) -> Signal:
    """White noise whose spectrum is multiplied by `gain`, one value per bin of the real transform."""
    shaped: Signal = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * gain, count).astype(np.float64)
    return shaped


def _frequencies(count: int) -> Signal:
    frequencies: Signal = np.fft.rfftfreq(count, 1 / RATE).astype(np.float64)
    return frequencies


def _low_pass(count: int, corner_hz: float) -> Signal:
    """First-order roll-off above the corner, nothing where small microphones hear nothing."""
    frequencies = _frequencies(count)
    gain: Signal = np.where(frequencies < _LOWEST_HZ, 0.0, 1 / np.sqrt(1 + (frequencies / corner_hz) ** 2))
    return gain


def _street(count: int, random: np.random.Generator, cars_per_minute: float, corner_hz: float) -> Signal:
    """A steady hum of tyres and engines, and cars that pass: a car's level goes with 1/(distance squared)."""
    time = np.arange(count) / RATE
    hum = _shaped_noise(count, random, _low_pass(count, corner_hz))
    swell: Signal = np.full(count, 1.0)
    for _ in range(random.poisson(cars_per_minute * count / RATE / 60)):
        nearest, speed, distance = random.uniform(0, count / RATE), random.uniform(8, 16), random.uniform(5, 15)
        swell += random.uniform(1, 4) / (1 + ((time - nearest) * speed / distance) ** 2)
    street: Signal = hum * swell
    return street


def _rain(count: int, random: np.random.Generator) -> Signal:
    """Hiss of many drops, strongest between 1 and 6 kHz, with single drops on top."""
    frequencies = _frequencies(count)
    band: Signal = frequencies / 1000 / (1 + frequencies / 1000) / (1 + (frequencies / 6000) ** 2)
    hiss = _shaped_noise(count, random, band)
    drops = np.zeros(count)
    for start in random.integers(0, count, count // 800):
        fading = np.exp(-np.arange(min(160, count - int(start))) / 25)
        drops[start : start + len(fading)] += random.exponential(2.0) * fading * random.standard_normal(len(fading))
    return hiss / (float(np.std(hiss)) or 1.0) + drops


def _speech(count: int, random: np.random.Generator) -> Signal:
    """Syllables, four a second, of a voice near 120 Hz: its harmonics, louder near three formants that wander."""
    time = np.arange(count) / RATE
    pitch = 120 * (1 + 0.08 * np.sin(2 * np.pi * 0.7 * time + random.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = np.zeros(count)
    formants = [
        centre * (1 + 0.2 * np.sin(2 * np.pi * random.uniform(1, 3) * time + random.uniform(0, 6)))
        for centre in (500.0, 1500.0, 2500.0)
    ]
    for harmonic in range(1, 30):
        frequency = harmonic * pitch
        loudness = sum((1 / (1 + ((frequency - formant) / 150) ** 2) for formant in formants), np.zeros(count))
        voice += loudness / harmonic**0.5 * np.sin(harmonic * phase)
    syllables = np.clip(np.sin(2 * np.pi * 2 * time + random.uniform(0, 6)), 0, 1) ** 0.5
    words = np.clip(np.sin(2 * np.pi * 0.4 * time + random.uniform(0, 6)) + 0.6, 0, 1)
    return voice * syllables * words + 0.01 * random.standard_normal(count)
