"""Any bytes on any topic give a message or ContractError: nothing else, and not for long."""

import json
import struct
import time
import wave
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings, strategies as st

from custom_components.smart_window.contract import (
    MAX_BYTES,
    ContractError,
    ErrorKind,
    Guard,
    MessageKind,
    OtherContract,
    Request,
    Response,
    Sound,
    Temperature,
    Topics,
    decode,
)
from tests.contract.contract_files import Json, validator

from .hostile import GOOD_JSON, bent, spoiled, values

KINDS = st.sampled_from(MessageKind)
JSON_KINDS = sorted(GOOD_JSON)
NO_RULES = (
    MessageKind.ANNOUNCE,
    MessageKind.HUMIDITY,
    MessageKind.STATE,
    MessageKind.CONTROL,
    MessageKind.CONTROL_RESULT,
    MessageKind.STATUS,
)


def refusal(kind: MessageKind, payload: bytes) -> ContractError | None:
    try:
        decode(kind, payload)
    except ContractError as error:
        return error
    return None


def taken(kind: MessageKind, payload: bytes) -> bool:
    error = refusal(kind, payload)
    assert error is None or (error.detail.isprintable() and len(error.detail) < 600)
    return error is None


def payload_of(value: Json) -> bytes:
    return json.dumps(value).encode()


def ends_a_text_with_a_newline(value: Json) -> bool:
    """Python's `$`, which jsonschema uses, takes a newline at the end; JSON Schema's own does not."""
    match value:
        case str():
            return value.endswith("\n")
        case list():
            return any(map(ends_a_text_with_a_newline, value))
        case dict():
            return any(map(ends_a_text_with_a_newline, [*value, *value.values()]))
        case _:
            return False


@given(KINDS, st.binary(max_size=200))
def test_noise_harms_nobody(kind: MessageKind, payload: bytes) -> None:
    taken(kind, payload)


@settings(max_examples=400)
@given(KINDS.flatmap(lambda kind: st.tuples(st.just(kind), bent(kind))))
def test_bent_bytes_harm_nobody(case: tuple[MessageKind, bytes]) -> None:
    taken(*case)


@given(KINDS, values)
def test_any_json_harms_nobody(kind: MessageKind, value: Json) -> None:
    taken(kind, payload_of(value))


@settings(max_examples=800)
@given(st.sampled_from(JSON_KINDS).flatmap(lambda kind: st.tuples(st.just(kind), spoiled(kind))))
def test_what_is_taken_fits_the_schema(case: tuple[MessageKind, Json]) -> None:
    kind, value = case
    payload = payload_of(value)
    try:
        message = decode(kind, payload)
    except ContractError:
        return
    assert isinstance(message, OtherContract) or validator(kind).is_valid(value)


@settings(max_examples=800)
@given(st.sampled_from(NO_RULES).flatmap(lambda kind: st.tuples(st.just(kind), spoiled(kind))))
def test_what_fits_the_schema_is_taken(case: tuple[MessageKind, Json]) -> None:
    kind, value = case
    payload = payload_of(value)
    if len(payload) > MAX_BYTES[kind] or ends_a_text_with_a_newline(value):
        return
    if validator(kind).is_valid(value):
        assert taken(kind, payload)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"[" * 1020, ErrorKind.JSON),
        (b'{"value":' + b"[" * 33 + b"]" * 33 + b"}", ErrorKind.JSON),
        (b'{"value":1e400}', ErrorKind.JSON),
        (b'{"value":-1e400}', ErrorKind.JSON),
        (b'{"value":1' + b"0" * 309 + b"}", ErrorKind.JSON),
        (b'{"value":' + b"9" * 1000 + b"}", ErrorKind.JSON),
        (b'{"value":NaN}', ErrorKind.JSON),
        (b'{"value":Infinity}', ErrorKind.JSON),
        (b'{"value":20,"note":1e400}', ErrorKind.JSON),
        (b'{"value":20,"note":"\\ud800"}', ErrorKind.ENCODING),
        (b'{"value":20,"\\udc00":1}', ErrorKind.ENCODING),
        (b'{"value":20,"note":"\xed\xa0\x80"}', ErrorKind.ENCODING),
        (b"\xef\xbb\xbf20", ErrorKind.JSON),
        ('{"value":20}'.encode("utf-16"), ErrorKind.ENCODING),
        (b"", ErrorKind.EMPTY),
        (b" " * 1025, ErrorKind.SIZE),
        (b"true", ErrorKind.TYPE),
        (b'"20"', ErrorKind.TYPE),
        (b"null", ErrorKind.TYPE),
        (b"85.1", ErrorKind.RANGE),
        (b'{"value":20,"unit":"R"}', ErrorKind.FORMAT),
        (b'{"value":20,"unit":null}', ErrorKind.TYPE),
        (b'{"unit":"K"}', ErrorKind.MISSING),
        (b'{"value":212,"unit":"\\u00b0F"}', ErrorKind.RANGE),
    ],
)
def test_each_way_of_being_bad_has_its_kind(payload: bytes, kind: ErrorKind) -> None:
    with pytest.raises(ContractError) as refused:
        decode(MessageKind.TEMPERATURE, payload)
    assert refused.value.kind is kind


ANSWER = {
    "contract": 1,
    "correlation_id": "q",
    "position": 30,
    "confidence": 0.9,
    "reasons": [],
    "model_version": "m",
    "timings_ms": {},
    "acted": False,
    "error": None,
}


@pytest.mark.parametrize("count", [16, 17])
def test_an_object_has_no_more_fields_than_the_contract_says(count: int) -> None:
    timings = {f"step_{number}": 1.0 for number in range(count)}
    payload = json.dumps(ANSWER | {"timings_ms": timings}).encode()
    if count == 16:
        assert isinstance(decode(MessageKind.RESPONSE, payload), Response)
        return
    with pytest.raises(ContractError, match="timings_ms has 17 fields, expected 16 at most") as refused:
        decode(MessageKind.RESPONSE, payload)
    assert refused.value.kind is ErrorKind.SIZE


@pytest.mark.parametrize("name", ["Decode", "de code", "", "1st", "a" * 41])
def test_a_field_whose_name_is_no_code_is_refused(name: str) -> None:
    with pytest.raises(ContractError, match="timings_ms has the name") as refused:
        decode(MessageKind.RESPONSE, json.dumps(ANSWER | {"timings_ms": {name: 1.0}}).encode())
    assert refused.value.kind is ErrorKind.FORMAT


@pytest.mark.parametrize(
    ("payload", "celsius"),
    [
        (b"20.5", 20.5),
        (b" 20 ", 20.0),
        (b'{"value":68,"unit":"\xc2\xb0F","ts":null}', 20.0),
        (b'{"value":293.15,"unit":"K","ts":1.5}', 20.0),
        (b'{"value":-60,"unit":"\\u00b0C","more":[[[]]]}', -60.0),
        (b'{"value":20,"note":"\\ud83d\\ude00 ' + b"[" * 40 + b'"}', 20.0),
    ],
)
def test_temperatures_come_in_several_units(payload: bytes, celsius: float) -> None:
    reading = decode(MessageKind.TEMPERATURE, payload)
    assert isinstance(reading, Temperature)
    assert reading.celsius == pytest.approx(celsius)


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b'"\\"' * 333_333,
        b'{"audio":"' + b'\\"' * 499_000,
        b"[" + b"[]," * 333_000 + b"[]]",
        b'{"contract":' + b"9" * 990_000 + b"}",
        b'{"contract":0.' + b"9" * 990_000 + b"}",
        b'{"contract":1e' + b"9" * 990_000 + b"}",
        b'{"x":"' + b"\\u0041" * 166_000 + b'"}',
        b"{" + b",".join(b'"%d":0' % n for n in range(90_000)) + b"}",
        b"SWA1" + b"\xff" * 999_000,
        b"RIFF\xff\xff\xff\xffWAVE" + b"junk\x00\x00\x00\x00" * 120_000,
    ],
    ids=lambda payload: f"{payload[:15]!r}",
)
@pytest.mark.parametrize("kind", [MessageKind.REQUEST, MessageKind.AUDIO])
def test_large_and_hostile_payloads_are_refused_quickly(kind: MessageKind, payload: bytes) -> None:
    assert len(payload) <= 1_000_000
    start = time.thread_time()
    assert not taken(kind, payload)
    assert time.thread_time() - start < 2.0


def wav(rate: int, channels: int, width: int, frames: bytes) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setframerate(rate)
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.writeframes(frames)
    return file.getvalue()


def float_wav(rate: int, samples: list[float]) -> bytes:
    body = struct.pack(f"<{len(samples)}f", *samples)
    form = struct.pack("<HHIIHH", 3, 1, rate, rate * 4, 4, 32)
    parts = (
        b"fmt "
        + struct.pack("<I", len(form))
        + form
        + b"LIST\x03\x00\x00\x00abc\x00"
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def heard(payload: bytes) -> Sound:
    sound = decode(MessageKind.AUDIO, payload)
    assert isinstance(sound, Sound)
    return sound


def test_wider_wav_files_become_16_bits() -> None:
    samples = [0, 1, -1, 32767, -32768, 12345] * 500
    narrow = struct.pack(f"<{len(samples)}h", *samples)
    for width in (2, 3, 4):
        wide = b"".join((sample << (8 * width - 16)).to_bytes(width, "little", signed=True) for sample in samples)
        assert heard(wav(8000, 1, width, wide)) == Sound(8000, 1, narrow)
        assert heard(wav(8000, 2, width, wide * 2)) == Sound(8000, 2, narrow * 2)


def test_float_wav_files_become_16_bits_and_are_clipped() -> None:
    sound = heard(float_wav(8000, [0.0, 1.0, -1.0, 0.5, 7.0, -7.0] * 400))
    assert struct.unpack("<6h", sound.pcm[:12]) == (0, 32767, -32767, 16384, 32767, -32767)


@pytest.mark.parametrize("sample", [float("nan"), float("inf"), float("-inf")])
def test_float_wav_files_of_no_numbers_are_refused(sample: float) -> None:
    assert not taken(MessageKind.AUDIO, float_wav(8000, [0.0] * 4000 + [sample]))


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def form(tag: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16, frame: int | None = None) -> bytes:
    frame = channels * bits // 8 if frame is None else frame
    return struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits)


SAMPLES = (b"data", b"\1\0" * 4000)


def test_an_extensible_wav_file_is_what_its_sub_format_says() -> None:
    extension = struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")
    assert heard(riff((b"fmt ", form(0xFFFE) + extension), SAMPLES)).pcm == SAMPLES[1]
    assert not taken(MessageKind.AUDIO, riff((b"fmt ", form(0xFFFE)), SAMPLES))


@pytest.mark.parametrize(
    "payload",
    [
        riff(SAMPLES),
        riff((b"fmt ", form())),
        riff((b"fmt ", form()[:15]), SAMPLES),
        riff((b"fmt ", form(tag=2)), SAMPLES),
        riff((b"fmt ", form(tag=3)), SAMPLES),
        riff((b"fmt ", form(bits=8)), SAMPLES),
        riff((b"fmt ", form(bits=64, tag=3)), SAMPLES),
        riff((b"fmt ", form(channels=0)), SAMPLES),
        riff((b"fmt ", form(channels=3)), SAMPLES),
        riff((b"fmt ", form(frame=4)), SAMPLES),
        riff((b"fmt ", form(rate=7999)), SAMPLES),
        riff((b"fmt ", form(rate=48_001)), SAMPLES),
        riff((b"fmt ", form(channels=2)), (b"data", b"\0" * 16_002)),
        riff((b"fmt ", form()), (b"data", b"\0" * 8001)),
        riff((b"fmt ", form()), (b"data", b"")),
        riff((b"fmt ", form()), SAMPLES)[:-1],
        b"RIFF\0\0\0\0AVI " + b"\0" * 40,
        b"RIFF",
    ],
)
def test_other_wav_files_are_refused(payload: bytes) -> None:
    assert refusal(MessageKind.AUDIO, payload) is not None


def test_wav_of_exactly_the_shortest_time_is_taken() -> None:
    assert heard(wav(8000, 1, 2, b"\0" * 4000)).duration_s == 0.25
    assert not taken(MessageKind.AUDIO, wav(8000, 1, 2, b"\0" * 3998))


def test_a_request_that_acts_names_its_fence() -> None:
    grant: Json = {"act": True, "min": 0, "max": 100, "min_confidence": 0.5, "ttl_s": 5}
    value: Json = {"contract": 1.0, "correlation_id": "c", "session": "s", "rev": 7.0, "grant": grant}
    request = decode(MessageKind.REQUEST, payload_of(value))
    assert isinstance(request, Request)
    assert request.rev == 7
    assert isinstance(request.rev, int)


def test_guards_compare_without_their_time() -> None:
    guard = decode(MessageKind.GUARD, payload_of(GOOD_JSON[MessageKind.GUARD][0]))
    assert isinstance(guard, Guard)
    later = decode(MessageKind.GUARD, json.dumps({**guard.to_json(), "ts": 5}).encode())
    other = decode(MessageKind.GUARD, json.dumps({**guard.to_json(), "hub": "other"}).encode())
    assert isinstance(later, Guard)
    assert isinstance(other, Guard)
    assert guard.same_content(later)
    assert not guard.same_content(other)


@given(st.text(max_size=80) | st.from_regex(r"(home/)?(window|sensor|ml)/[^/]{0,70}/[a-z/]{0,30}", fullmatch=True))
def test_any_topic_is_ours_or_refused(topic: str) -> None:
    for topics in (Topics(), Topics("home")):
        with suppress(ContractError):
            address = topics.parse(topic)
            assert topics.topic(address.kind, address.device_id) == topic
