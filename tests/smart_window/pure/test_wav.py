"""WAV files and raw samples at their very limits, and what is told of those that do not fit."""

import base64
import json
import struct

import pytest

from custom_components.smart_window.contract import ContractError, ErrorKind, HeardFeatures, MessageKind, Sound, decode
from custom_components.smart_window.contract.audio import checked_sound
from custom_components.smart_window.contract.wav import decode_wav

type Part = tuple[bytes, bytes]


def riff(*parts: Part) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def form(tag: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16) -> Part:
    frame = channels * bits // 8
    return b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits)


def refused(data: bytes) -> ContractError:
    with pytest.raises(ContractError) as found:
        decode_wav(data)
    return found.value


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_the_slowest_and_the_fastest_rate_are_taken(rate: int) -> None:
    assert decode_wav(riff(form(rate=rate), (b"data", b"\1\0"))) == (rate, 1, b"\1\0")


@pytest.mark.parametrize("rate", [7999, 48_001])
def test_other_rates_are_out_of_range(rate: int) -> None:
    error = refused(riff(form(rate=rate), (b"data", b"\1\0")))
    assert (error.kind, error.detail) == (
        ErrorKind.RANGE,
        f"the WAV file has {rate} samples per second, expected 8000 to 48000",
    )


def test_a_last_part_of_no_bytes_is_a_part() -> None:
    assert decode_wav(riff(form(), (b"data", b""))) == (8000, 1, b"")


def test_a_part_of_an_odd_number_of_bytes_is_padded() -> None:
    assert decode_wav(riff(form(), (b"note", b"abc"), (b"data", b"\1\0"))) == (8000, 1, b"\1\0")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the data is no RIFF/WAVE file"),
        (b"RIFX" + riff(form(), (b"data", b"\1\0"))[4:], "the data is no RIFF/WAVE file"),
        (riff(form(), (b"data", b"\1\0")).replace(b"WAVE", b"AVI "), "the data is no RIFF/WAVE file"),
        (riff(form()), "the WAV file has no data"),
        (riff(form()) + b"data\0\0\0", "the WAV file has no data"),
        (riff(form(), (b"data", b"\1\0"))[:-1], "a part of 2 bytes at byte 36 ends after the WAV file"),
        (riff((b"data", b"\1\0"), form()), "the WAV file has its data before its format"),
        (riff(form(), (b"data", b"\1")), "the WAV file's 1 bytes are no whole number of frames"),
        (riff((b"fmt ", b"\1\0")), "the WAV file's format has 2 bytes, expected 16"),
        (
            riff(form(bits=8), (b"data", b"\1\0")),
            "the WAV file's form is 1 with 8 bits, expected PCM of 16, 24 or 32 bits, or float of 32",
        ),
        (riff(form(channels=3), (b"data", b"\1\0")), "the WAV file has 3 channels in frames of 6 bytes"),
    ],
)
def test_what_does_not_fit_is_told(data: bytes, told: str) -> None:
    error = refused(data)
    assert (error.kind, error.detail) == (ErrorKind.FORMAT, told)


def raw(samples: int, channels: int = 1, cut: int = 0) -> bytes:
    data = base64.b64encode(b"\0\0" * samples * channels + b"\0" * cut).decode()
    return json.dumps({"format": "pcm_s16le", "sample_rate": 8000, "channels": channels, "data": data}).encode()


@pytest.mark.parametrize(("samples", "fits"), [(1999, False), (2000, True)])
def test_a_quarter_of_a_second_is_long_enough(samples: int, fits: bool) -> None:
    if fits:
        assert isinstance(decode(MessageKind.AUDIO, raw(samples)), Sound)
    else:
        with pytest.raises(ContractError) as found:
            decode(MessageKind.AUDIO, raw(samples))
        assert found.value.detail == "audio lasts 0.25 s, expected 0.25 to 60 s"


@pytest.mark.parametrize(("channels", "cut", "fits"), [(1, 0, True), (1, 1, False), (2, 0, True), (2, 2, False)])
def test_samples_are_whole_frames(channels: int, cut: int, fits: bool) -> None:
    if fits:
        assert isinstance(decode(MessageKind.AUDIO, raw(4000, channels, cut)), Sound)
    else:
        with pytest.raises(ContractError) as found:
            decode(MessageKind.AUDIO, raw(4000, channels, cut))
        assert found.value.detail == f"audio has {8000 * channels + cut} bytes, no whole number of frames"


def features(value: float, level: float) -> bytes:
    return json.dumps({"format": "features", "schema": "s", "values": [value], "levels": {"la_eq": level}}).encode()


@pytest.mark.parametrize("sign", [1, -1])
def test_features_keep_to_their_limits(sign: int) -> None:
    said = decode(MessageKind.AUDIO, features(sign * 1_000_000, sign * 200))
    assert said == HeardFeatures("s", (sign * 1_000_000.0,), {"la_eq": sign * 200.0})
    for value, level in ((1_000_001, 0), (0, 201), (1_000_000.5, 0), (0, 200.5)):
        with pytest.raises(ContractError) as found:
            decode(MessageKind.AUDIO, features(sign * value, sign * level))
        assert found.value.kind is ErrorKind.RANGE


def test_a_minute_is_taken_and_a_sample_more_is_not() -> None:
    minute = b"\0\0" * 8000 * 60
    assert checked_sound(8000, 1, minute, "audio").duration_s == 60.0
    with pytest.raises(ContractError) as found:
        checked_sound(8000, 1, minute + b"\0\0", "audio")
    assert found.value.detail == "audio lasts 60 s, expected 0.25 to 60 s"
