"""A clip's bytes → float32 mono samples at 16 kHz, full scale ±1. A long clip is worked on in parts."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .strict_json import ContractError, Kind
from .wav import SAMPLE_BYTES, Encoding, RawClip

SAMPLE_RATE = 16_000
FULL_SCALE = 0.9998  # where a converter's last steps begin
MAX_CLIPPED = 0.1  # the share of samples at full scale above which nothing can be told from a clip
_GAP = 256  # silent samples, so that the ringing of the end does not wrap around into the beginning
_TAPER = 0.05  # the share of the band below the cut-off over which it fades, against ringing
_WHOLE_S, _PART_S, _MARGIN_S = 10, 8, 1  # up to how long at once; else parts, with as much around them


@dataclass(frozen=True, slots=True)
class Wave:
    """(samples,) at 16 kHz, and the share of the recorded samples that stood at full scale."""

    samples: Tensor
    clipped: float


def to_samples(clip: RawClip) -> Tensor:
    """Return the clip as (samples,) at 16 kHz; two channels are averaged.

    Raise ContractError where a sample is no number, all are the same, or too many stand at full scale.
    """
    return to_wave(clip).samples


def to_wave(clip: RawClip) -> Wave:
    """Return the clip's samples, and how much of it is clipped; raise ContractError as `to_samples` does.

    Beside the samples themselves, 10 s of the clip are in memory at a time, however long it is.
    """
    frame = SAMPLE_BYTES[clip.encoding] * clip.channels
    count = len(clip.data) // frame
    whole = count <= _WHOLE_S * clip.rate
    step, margin = (count, 0) if whole else (_PART_S * clip.rate, _MARGIN_S * clip.rate)
    parts: list[Tensor] = []
    clipped, low, high = 0, math.inf, -math.inf
    for begin in range(0, count, step):
        end = min(begin + step, count)
        left, right = max(begin - margin, 0), min(end + margin, count)
        frames = _decode(clip.encoding, clip.data[left * frame : right * frame]).view(-1, clip.channels)
        mono = frames.mean(1) if clip.channels > 1 else frames[:, 0]
        own = slice(begin - left, end - left)
        least, most = (float(end) for end in mono[own].aminmax())
        # Most clips come nowhere near, and then nothing is counted.
        if clip.channels > 1 or most >= FULL_SCALE or least <= -FULL_SCALE:
            clipped += int((frames[own].abs() >= FULL_SCALE).sum())
        low, high = min(low, least), max(high, most)
        # Parts are whole seconds, so they begin at a whole sample at any rate.
        skipped = (begin - left) // clip.rate * SAMPLE_RATE
        parts.append(resample(mono, clip.rate)[skipped:][: math.ceil((end - begin) * SAMPLE_RATE / clip.rate)])
    share = clipped / (count * clip.channels)
    if share > MAX_CLIPPED:
        raise ContractError(Kind.AUDIO_CLIPPED, f"{share:.0%} of the samples stand at full scale: it was far too loud")
    if low == high:
        raise ContractError(Kind.AUDIO_SILENT, f"every sample is {low:g}: the microphone delivers nothing")
    return Wave(parts[0] if whole else torch.cat(parts), share)


def _decode(encoding: Encoding, data: bytes) -> Tensor:
    buffer = bytearray(data)  # torch wants memory that it could write to
    match encoding:
        case Encoding.S16:
            return torch.frombuffer(buffer, dtype=torch.int16).float().mul_(2**-15)
        case Encoding.S24:
            low, middle, high = torch.frombuffer(buffer, dtype=torch.uint8).view(-1, 3).int().unbind(1)
            return ((low << 8 | middle << 16 | high << 24) >> 8).float() / 2**23
        case Encoding.S32:
            return torch.frombuffer(buffer, dtype=torch.int32).float() / 2**31
        case Encoding.F32:
            samples = torch.frombuffer(buffer, dtype=torch.float32)
            if not samples.isfinite().all():
                raise ContractError(Kind.AUDIO_NOT_FINITE, "a sample is not a number")
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
