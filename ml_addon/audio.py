"""A clip's bytes → float32 mono samples at 16 kHz, full scale ±1."""

import math

import torch
from torch import Tensor

from .strict_json import ContractError, Kind
from .wav import Encoding, RawClip

SAMPLE_RATE = 16_000
_GAP = 256  # silent samples, so that the ringing of the end does not wrap around into the beginning
_TAPER = 0.05  # the share of the band below the cut-off over which it fades, against ringing


def to_samples(clip: RawClip) -> Tensor:
    """Return the clip as (samples,) at 16 kHz; two channels are averaged.

    Raise ContractError where a sample is no number.
    """
    frames = _decode(clip.encoding, bytearray(clip.data)).view(-1, clip.channels)
    return resample(frames.mean(1) if clip.channels > 1 else frames[:, 0], clip.rate)


def _decode(encoding: Encoding, data: bytearray) -> Tensor:
    match encoding:
        case Encoding.S16:
            return torch.frombuffer(data, dtype=torch.int16).float() / 2**15
        case Encoding.S24:
            low, middle, high = torch.frombuffer(data, dtype=torch.uint8).view(-1, 3).int().unbind(1)
            return ((low << 8 | middle << 16 | high << 24) >> 8).float() / 2**23
        case Encoding.S32:
            return torch.frombuffer(data, dtype=torch.int32).float() / 2**31
        case Encoding.F32:
            samples = torch.frombuffer(data, dtype=torch.float32)
            if not samples.isfinite().all():
                raise ContractError(Kind.AUDIO, "a sample is not a number")
            return samples.clamp(-1, 1)


def resample(samples: Tensor, rate: int) -> Tensor:
    """Return (samples,) at 16 kHz, by cutting or padding the spectrum: one FFT there, one back.

    The end is padded with silence to a length that maps onto a whole number of samples, so the pitch is exact.
    """
    if rate == SAMPLE_RATE:
        return samples
    common = math.gcd(rate, SAMPLE_RATE)
    unit_in, unit_out = rate // common, SAMPLE_RATE // common
    units = -(-(len(samples) + _GAP) // unit_in)
    n_in, n_out = units * unit_in, units * unit_out
    spectrum = torch.fft.rfft(samples, n_in)
    bins = min(n_in, n_out) // 2 + 1
    kept = spectrum[:bins].clone()
    fade = int(bins * _TAPER)
    if fade:
        kept[bins - fade :] *= 0.5 + 0.5 * torch.cos(torch.linspace(0, math.pi, fade))
    whole: Tensor = torch.fft.irfft(kept, n_out) * (n_out / n_in)
    return whole[: math.ceil(len(samples) * SAMPLE_RATE / rate)]
