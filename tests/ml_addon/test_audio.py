"""A clip's bytes become the samples that were recorded."""

import math
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon.audio import SAMPLE_RATE, resample, to_samples
from ml_addon.strict_json import ContractError, Kind
from ml_addon.wav import SAMPLE_BYTES, Encoding, RawClip, make_clip, read_wav, write_wav

encodings = st.sampled_from(Encoding)
clips = st.builds(
    lambda encoding, rate, channels, frames, seed: make_clip(
        encoding,
        rate,
        channels,
        np.random.default_rng(seed).bytes(frames * channels * SAMPLE_BYTES[encoding]),
    ),
    encodings.filter(lambda e: e is not Encoding.F32),
    st.sampled_from([8000, 11025, 16000, 44100, 48000]),
    st.sampled_from([1, 2]),
    st.integers(12_000, 13_000),
    st.integers(0, 1000),
)


def stored(values: list[float], encoding: Encoding) -> bytes:
    match encoding:
        case Encoding.S16:
            return struct.pack(f"<{len(values)}h", *(int(v * 2**15) for v in values))
        case Encoding.S24:
            return b"".join(struct.pack("<i", int(v * 2**23))[:3] for v in values)
        case Encoding.S32:
            return struct.pack(f"<{len(values)}i", *(int(v * 2**31) for v in values))
        case Encoding.F32:
            return struct.pack(f"<{len(values)}f", *values)


@pytest.mark.parametrize("encoding", Encoding)
def test_each_encoding_gives_the_recorded_samples(encoding: Encoding) -> None:
    values = [0.0, 0.5, -0.5, -1.0, 0.999] * 1000
    samples = to_samples(RawClip(encoding, SAMPLE_RATE, 1, stored(values, encoding)))
    assert samples.dtype is torch.float32
    assert torch.allclose(samples, torch.tensor(values), atol=1e-4)


@pytest.mark.parametrize("encoding", Encoding)
def test_two_channels_are_averaged(encoding: Encoding) -> None:
    samples = to_samples(RawClip(encoding, SAMPLE_RATE, 2, stored([0.5, -0.25] * 4000, encoding)))
    assert len(samples) == 4000
    assert torch.allclose(samples, torch.tensor(0.125), atol=1e-4)


@given(clips)
@settings(max_examples=30)
def test_a_wav_file_gives_back_its_clip(clip: RawClip) -> None:
    assert read_wav(write_wav(clip)) == clip


def test_a_wav_file_in_the_extensible_form_and_with_other_chunks_is_read() -> None:
    data = stored([0.25] * 8000, Encoding.S24)
    form = struct.pack("<HHIIHHHHIH14s", 0xFFFE, 1, 16000, 48000, 3, 24, 22, 24, 4, 1, b"\0" * 14)
    body = b"WAVELIST\3\0\0\0abc\0fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data))
    clip = read_wav(b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data)
    assert (clip.encoding, clip.rate, len(clip.data)) == (Encoding.S24, 16000, 24000)


@given(st.binary(max_size=100), st.integers(0, 60))
def test_a_damaged_wav_file_is_refused(noise: bytes, at: int) -> None:
    whole = write_wav(RawClip(Encoding.S16, 8000, 1, bytes(4000)))
    damaged = whole[:at] + noise
    with pytest.raises(ContractError) as caught:
        read_wav(damaged)
    assert caught.value.kind is Kind.AUDIO


@pytest.mark.parametrize(
    ("rate", "channels", "size"),
    [(7999, 1, 16000), (48001, 1, 48000), (16000, 3, 48000), (16000, 0, 48000), (16000, 1, 16001), (16000, 2, 16002),
     (16000, 1, 7998), (8000, 1, 960_002)],
)  # fmt: skip
def test_a_clip_outside_the_limits_is_refused(rate: int, channels: int, size: int) -> None:
    with pytest.raises(ContractError):
        make_clip(Encoding.S16, rate, channels, bytes(size))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_sample_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ContractError):
        to_samples(RawClip(Encoding.F32, SAMPLE_RATE, 1, struct.pack("<f", bad) * 8000))


def test_a_float_beyond_full_scale_is_cut() -> None:
    samples = to_samples(RawClip(Encoding.F32, SAMPLE_RATE, 1, struct.pack("<2f", 1e30, -3) * 4000))
    assert samples.abs().max() == 1


@given(st.sampled_from([8000, 11025, 22050, 32000, 44100, 47999, 48000]), st.integers(100, 3500))
@settings(max_examples=40, deadline=None)
def test_a_tone_keeps_its_pitch_and_level_at_every_rate(rate: int, hertz: int) -> None:
    time = torch.arange(rate, dtype=torch.float64) / rate
    got = resample((0.5 * torch.sin(2 * math.pi * hertz * time)).float(), rate)
    expected = 0.5 * torch.sin(2 * math.pi * hertz * torch.arange(SAMPLE_RATE, dtype=torch.float64) / SAMPLE_RATE)
    assert len(got) == SAMPLE_RATE
    inside = slice(400, -400)  # the ends ring, as the tone is cut off there
    assert (got[inside] - expected[inside]).abs().max() < 0.01


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_what_the_lower_rate_cannot_hold_vanishes_and_does_not_fold_back(rate: int) -> None:
    time = torch.arange(rate, dtype=torch.float64) / rate
    got = resample(torch.sin(2 * math.pi * 9500 * time).float(), rate)
    assert got[400:-400].square().mean().sqrt() < 0.003


@pytest.mark.parametrize("rate", [8000, 44100, 48000])
def test_the_end_of_a_clip_is_not_heard_at_its_beginning(rate: int) -> None:
    samples = torch.zeros(rate)
    samples[-1] = 1
    assert resample(samples, rate)[:50].abs().max() < 1e-3
