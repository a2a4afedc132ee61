"""How a bad value is shown in an error: escaped, short, and never larger than a line of a log."""

import json
import struct
import zlib

import pytest

from custom_components.smart_window.contract import (
    Chunk,
    ContractError,
    ErrorKind,
    MessageKind,
    OtherContract,
    Sound,
    Topics,
    decode,
)
from custom_components.smart_window.contract.errors import shown
from custom_components.smart_window.contract.payload import parse_json

LONGEST = 80


SHOWN = {
    "escaped text": ("a\x00b", "'a\\x00b'"),
    "escaped bytes": (b"\xff", "b'\\xff'"),
    "true": (True, "True"),
    "null": (None, "None"),
    "number": (21.5, "21.5"),
    "largest integer in full": (2**64 - 1, "18446744073709551615"),
    "least integer in full": (1 - 2**64, "-18446744073709551615"),
    "larger integer": (2**64, "an integer of 65 bits"),
    "lesser integer": (-(2**64), "an integer of 65 bits"),
    "much larger integer": (10**4000, "an integer of 13288 bits"),
    "object": ({"a": 1}, "an object"),
    "array": ([1, 2], "an array"),
    "text that just fits": ("a" * 78, repr("a" * 78)),
    "text that is too long by one": ("a" * 79, repr("a" * 79)[:79] + "…"),
    "long text": ("a" * 5000, repr("a" * 80)[:79] + "…"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_value_is_shown_as_it_may_stand_in_a_log(what: str) -> None:
    value, text = SHOWN[what]
    assert shown(value) == text
    assert len(shown(value)) <= LONGEST


@pytest.mark.parametrize("topic", ["sensor/bedroom/temperature", "homes/sensor/bedroom/temperature", "", "home"])
def test_a_topic_of_another_house_is_none_of_ours(topic: str) -> None:
    with pytest.raises(ContractError) as refused:
        Topics("home").parse(topic)
    assert refused.value.kind is ErrorKind.TOPIC
    assert refused.value.detail == f"{topic!r} does not begin with 'home/'"


def chunk(total: int, samples: bytes, *, seq: int = 0, count: int = 1, offset: int = 0) -> bytes:
    head = struct.pack("<4sIHHIIQI", b"SWA1", 7, seq, count, total, offset, 99, zlib.crc32(samples))
    return head + samples


@pytest.mark.parametrize(
    ("payload", "fits"),
    [
        (chunk(1, b"a"), True),
        (chunk(720_000, b"a"), True),
        (chunk(720_001, b"a"), False),
        (chunk(0, b"a"), False),
        (chunk(65_536, b"a" * 65_536), True),
        (chunk(70_000, b"a" * 65_537), False),
        (chunk(2, b"a", offset=1), True),
        (chunk(2, b"a", offset=2), False),
        (chunk(1, b""), False),
        (chunk(10, b"a", seq=4095, count=4096), True),
        (chunk(10, b"a", seq=4096, count=4097), False),
        (chunk(10, b"a", seq=1, count=1), False),
        (chunk(10, b"a", seq=0, count=0), False),
    ],
)
def test_a_chunk_keeps_to_its_limits(payload: bytes, fits: bool) -> None:
    try:
        taken = isinstance(decode(MessageKind.AUDIO, payload), Chunk)
    except ContractError:
        taken = False
    assert taken is fits


def wav(tag: int, body: bytes = b"", *, seconds: float = 0.25) -> bytes:
    """A file of 8 kHz, 16 bits, one channel; `body` follows the sixteen bytes of its format."""
    form = struct.pack("<HHIIHH", tag, 1, 8000, 16_000, 2, 16) + body
    data = b"\0\x10" * int(8000 * seconds)
    parts = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


@pytest.mark.parametrize(
    ("tag", "body", "fits"),
    [
        (1, b"", True),
        (1, b"\0\0", True),
        (2, b"", False),
        (
            0xFFFE,
            b"\x16\0\x10\0\0\0\0\0\x01\0",
            True,
        ),  # the last bytes that must be there
        (0xFFFE, b"\x16\0\x10\0\0\0\0\0\x01", False),
        (0xFFFE, b"\x16\0\x10\0\0\0\0\0\x02\0", False),
    ],
)
def test_the_form_of_a_wav_file_is_told_by_its_tag_or_its_sub_format(tag: int, body: bytes, fits: bool) -> None:
    try:
        taken = isinstance(decode(MessageKind.AUDIO, wav(tag, body)), Sound)
    except ContractError:
        taken = False
    assert taken is fits


def test_the_bytes_of_a_sound_stay_out_of_what_is_logged() -> None:
    assert "pcm" not in repr(Sound(8000, 1, b"\0\0" * 8000))
    found = decode(MessageKind.AUDIO, chunk(1, b"a"))
    assert isinstance(found, Chunk)
    assert "samples" not in repr(found)


@pytest.mark.parametrize("data", ["", "AAA", "AAAA=", "A*AA", "ÄÄÄÄ"])
def test_sound_that_is_no_strict_base64_is_refused_with_its_field(data: str) -> None:
    said = {"format": "pcm_s16le", "sample_rate": 8000, "channels": 1, "data": data}
    with pytest.raises(ContractError) as refused:
        decode(MessageKind.AUDIO, json.dumps(said).encode())
    assert refused.value.detail.startswith("audio.data ")


def nested(depth: int, times: int) -> bytes:
    one = "[" * depth + "]" * depth
    return f"[{','.join([one] * times)}]".encode()


def test_what_is_nested_32_deep_is_read_and_no_deeper_however_many_brackets_there_are() -> None:
    assert parse_json(nested(31, 3)) == json.loads(nested(31, 3))
    with pytest.raises(ContractError) as refused:
        parse_json(nested(32, 1))
    assert (refused.value.kind, refused.value.detail) == (ErrorKind.JSON, "nesting is deeper than 32")


@pytest.mark.parametrize("version", [1_000_000, 1_000_001])
def test_another_contracts_version_is_a_number_up_to_a_million(version: int) -> None:
    said = json.dumps({"contract": version}).encode()
    if version == 1_000_000:
        assert decode(MessageKind.ANNOUNCE, said) == OtherContract(version)
    else:
        with pytest.raises(ContractError):
            decode(MessageKind.ANNOUNCE, said)


@pytest.mark.parametrize(("value", "fits"), [(2**1024 - 1, True), (-(2**1024 - 1), True), (2**1024, False)])
def test_an_integer_is_no_larger_than_a_double_reaches(value: int, fits: bool) -> None:
    if fits:
        assert parse_json(str(value).encode()) == value
    else:
        with pytest.raises(ContractError) as refused:
            parse_json(str(value).encode())
        assert refused.value.detail == "an integer of 309 digits is beyond a double"


def test_brackets_of_both_kinds_nest() -> None:
    with pytest.raises(ContractError):
        parse_json(b'{"a":' * 33 + b"0" + b"}" * 33)
