"""A clip's bytes become the samples that were recorded."""

import math
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon.audio import SAMPLE_RATE, resample, to_samples, to_wave
from ml_addon.strict_json import ContractError, Kind
from ml_addon.wav import SAMPLE_BYTES, Encoding, RawClip, make_clip, read_wav, write_wav

ROOT = Path(__file__).parents[2]
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
    values = [-1.0, *([0.0, 0.5, -0.5, 0.25, 0.999] * 1000)]
    samples = to_samples(RawClip(encoding, SAMPLE_RATE, 1, stored(values, encoding)))
    assert samples.dtype is torch.float32
    assert torch.allclose(samples, torch.tensor(values), atol=1e-4)


@pytest.mark.parametrize("encoding", Encoding)
def test_two_channels_are_averaged(encoding: Encoding) -> None:
    samples = to_samples(RawClip(encoding, SAMPLE_RATE, 2, stored([0.5, -0.25, 0.0, 0.5] * 2000, encoding)))
    assert torch.allclose(samples, torch.tensor([0.125, 0.25] * 2000), atol=1e-4)


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
    assert caught.value.kind.startswith("audio_")


@pytest.mark.parametrize(
    ("at", "form", "value", "kind"),
    [
        (0, "4s", b"RIFX", Kind.AUDIO_FORMAT),
        (20, "<H", 6, Kind.AUDIO_FORMAT),  # A-law
        (34, "<H", 8, Kind.AUDIO_FORMAT),  # bits
        (24, "<I", 7000, Kind.AUDIO_HEADER),  # rate, at odds with the bytes a second
        (28, "<I", 99, Kind.AUDIO_HEADER),  # bytes a second
        (32, "<H", 4, Kind.AUDIO_HEADER),  # bytes a frame
        (22, "<H", 2, Kind.AUDIO_HEADER),  # channels, at odds with the bytes a frame
        (40, "<I", 4002, Kind.AUDIO_HEADER),  # more samples than there are
        (40, "<I", 3999, Kind.AUDIO_HEADER),  # half a sample
        (40, "<I", 0, Kind.AUDIO_EMPTY),
        (40, "<I", 2000, Kind.AUDIO_LENGTH),
        (36, "4s", b"fact", Kind.AUDIO_EMPTY),
    ],
)
def test_a_header_that_lies_is_found_out(at: int, form: str, value: object, kind: Kind) -> None:
    lying = bytearray(write_wav(RawClip(Encoding.S16, 8000, 1, bytes(4000))))
    struct.pack_into(form, lying, at, value)
    with pytest.raises(ContractError) as caught:
        read_wav(bytes(lying))
    assert caught.value.kind is kind


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
    wave = to_wave(RawClip(Encoding.F32, SAMPLE_RATE, 1, struct.pack("<40f", 1e30, -3, *[0.1] * 38) * 200))
    assert wave.samples.abs().max() == 1
    assert wave.clipped == pytest.approx(0.05)


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_clip_that_stands_at_full_scale_tells_nothing_and_is_refused(encoding: Encoding, channels: int) -> None:
    values = [0.9999999 * max(-1.0, min(1.0, 4 * math.sin(k / 9))) for k in range(8000)]
    with pytest.raises(ContractError, match="full scale") as caught:
        to_samples(RawClip(encoding, SAMPLE_RATE, channels, stored(values, encoding)))
    assert caught.value.kind is Kind.AUDIO_CLIPPED


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("value", [0.0, 0.25])
def test_a_microphone_that_delivers_one_value_is_refused(encoding: Encoding, value: float) -> None:
    with pytest.raises(ContractError) as caught:
        to_samples(RawClip(encoding, 44_100, 1, stored([value] * 44_100, encoding)))
    assert caught.value.kind is Kind.AUDIO_SILENT


def test_one_step_of_sixteen_bits_is_a_sound() -> None:
    assert to_samples(RawClip(Encoding.S16, SAMPLE_RATE, 1, bytes(7998) + b"\1\0" + bytes(8000))).max() == 2**-15


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 44_100, 47_999, 48_000])
@pytest.mark.parametrize("seconds", [10.01, 16.0, 23.7])
def test_a_long_clip_sounds_the_same_in_parts_as_at_once(rate: int, seconds: float) -> None:
    random = np.random.default_rng(rate)
    recorded = np.clip(np.rint(3000 * random.standard_normal(round(rate * seconds))), -32768, 32767).astype("<i2")
    found = to_samples(RawClip(Encoding.S16, rate, 1, recorded.tobytes()))
    expected = resample(torch.from_numpy(recorded.astype(np.float32) / 2**15), rate)
    assert len(found) == len(expected)
    assert (found - expected).abs().max() < 2e-4


def test_a_minute_of_stereo_takes_little_memory() -> None:
    program = """
import resource, struct
from ml_addon.audio import to_samples
from ml_addon.features import FusedFeatures
from ml_addon.wav import Encoding, make_clip
extract = FusedFeatures()
second = struct.pack("<2f", 0.1, -0.3) * 24_000 + struct.pack("<2f", 0.2, 0.4) * 24_000
clip = make_clip(Encoding.F32, 48_000, 2, second * 60)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
extract(to_samples(clip))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    # A clip of 9 s takes 37. All of this one at once, in floats and with its spectrum, would be far more.
    assert float(done.stdout) < 60


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
