"""WAV files and base64: bytes to samples and back."""

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import SimulatorError

MIN_RATE, MAX_RATE = 1_000, 768_000
"""Of a file: at 1 Hz a small one would become hours of samples."""

MAX_WIDTH = 4
"""Bytes of a sample."""


def read_wav(path: Path, rate: int) -> NDArray[np.int16]:
    """Return a PCM file of 8 to 32 bits as mono int16 at `rate` Hz.

    Raises SimulatorError when the file cannot be read or holds no samples.
    """
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, source_rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, RuntimeError, wave.Error) as error:  # RuntimeError: a chunk that ends behind the file
        raise SimulatorError(f"{path} is not a PCM WAV file: {error}") from error
    if width > MAX_WIDTH:
        raise SimulatorError(f"{path} has samples of {8 * width} bits; {8 * MAX_WIDTH} are the most")
    data = data[: len(data) // (width * channels) * width * channels]
    if not data or not MIN_RATE <= source_rate <= MAX_RATE:
        raise SimulatorError(f"{path} holds no sound, or not at {MIN_RATE} to {MAX_RATE} samples a second")
    mono = _floats(data, width).reshape(-1, channels).mean(axis=1)
    return np.clip(np.rint(_resample(mono, source_rate, rate) * 32768), -32768, 32767).astype(np.int16)


def wav_bytes(samples: NDArray[np.int16], rate: int) -> bytes:
    """Return a whole mono WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def _floats(data: bytes, width: int) -> NDArray[np.float64]:
    """Samples as floats in -1..1. WAV is unsigned at 8 bits and signed little-endian above."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
    raw = np.frombuffer(data, np.uint8).reshape(-1, width)
    padded = np.zeros((len(raw), 4), np.uint8)
    padded[:, 4 - width :] = raw  # the high bytes of a 32-bit number
    return padded.view("<i4").reshape(-1).astype(np.float64) / 2**31


def _resample(signal: NDArray[np.float64], source: int, target: int) -> NDArray[np.float64]:
    """Change the rate by cutting or widening the spectrum: exact for what both rates can carry."""
    if source == target:
        return signal
    count = max(1, round(len(signal) * target / source))
    spectrum = np.fft.rfft(signal)
    bins = min(len(spectrum), count // 2 + 1)
    return np.fft.irfft(spectrum[:bins], count) * (count / len(signal))
