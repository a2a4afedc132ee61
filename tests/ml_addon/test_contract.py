"""This room reads and writes what the contract shows."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from ml_addon.messages import (
    MAX_REQUEST_BYTES,
    Context,
    DeviceFeatures,
    Grant,
    Layer,
    Request,
    Taste,
    decode_answered,
    decode_request,
    encode_answer,
    encode_check,
    encode_control,
)
from ml_addon.prediction import ErrorCode, Failure, Prediction, Reason
from ml_addon.status_messages import State, Status, decode_status, encode_status
from ml_addon.strict_json import ContractError, Kind
from ml_addon.topics import Topics
from ml_addon.wav import Encoding, RawClip

from .contract_files import Example, examples, validator

TOPICS = Topics()
LATER = "a_later_contract.json"
QUESTION = {
    "contract": 1,
    "correlation_id": "q1",
    "session": "s1",
    "rev": 4,
    "grant": {"act": True, "min": 0, "max": 100, "min_confidence": 0.6, "ttl_s": 8},
}
PCM = {"format": "pcm_s16le", "sample_rate": 16000, "channels": 1}
finite = st.floats(-1e5, 1e5)
codes = st.from_regex(r"\A[a-z][a-z0-9_]{0,39}\Z")
predictions = st.builds(
    Prediction,
    position=st.floats(0, 100),
    confidence=st.floats(0, 1),
    reasons=st.lists(st.builds(Reason, codes, st.floats(-100, 100)), max_size=20).map(tuple),
    model_version=st.just("v1"),
    timings_ms=st.dictionaries(codes, st.floats(0, 1e6), max_size=5),
    features=st.dictionaries(codes, finite, max_size=60),
)


def read(example: Example) -> Request:
    TOPICS.device_of(example.topic)
    return decode_request(example.payload)


def ask(**changes: object) -> bytes:
    return json.dumps({**QUESTION, **changes}).encode()


def refused(payload: bytes) -> ContractError:
    with pytest.raises(ContractError) as caught:
        decode_request(payload)
    return caught.value


@pytest.mark.parametrize("example", [e for e in examples("request", "valid") if e.name != LATER], ids=str)
def test_every_valid_request_is_read(example: Example) -> None:
    assert read(example).correlation_id


@pytest.mark.parametrize("example", examples("request", "invalid"), ids=str)
def test_every_invalid_request_is_refused(example: Example) -> None:
    with pytest.raises(ContractError):
        read(example)


def test_a_full_request_is_read_to_the_last_field() -> None:
    (full,) = [e for e in examples("request", "valid") if e.name == "full.json"]
    request = read(full)
    assert (request.session, request.rev, request.temperature, request.humidity) == ("s-4f2a", 12, 25.4, 51.0)
    assert request.context == Context(
        19.0, 60.0, 2.5, False, 15.5, 30.0, 820.0, True, 14.5, 2, "bedroom", 42.5, 0.8, 0.6, -1.5, 2.5
    )
    assert request.taste == Taste(-0.5, 1.5, 2.0, 1.0, 0.5)
    assert request.layer is not None
    assert replace(request.layer, values=request.layer.values[:2]) == Layer(
        "smart-window-layer.v1", 3, 2.9, (0.1, -0.2)
    )
    assert request.grant == Grant(act=True, low=0, high=100, min_confidence=0.6, ttl_s=8)
    assert isinstance(request.audio, RawClip)
    assert (request.audio.encoding, request.audio.rate, request.audio.channels) == (Encoding.S16, 16000, 1)


def test_a_later_contract_is_reported_and_not_read() -> None:
    (later,) = [e for e in examples("request", "valid") if e.name == LATER]
    error = refused(later.payload)
    assert (error.kind, error.correlation_id) == (Kind.VERSION, "q-83")


@pytest.mark.parametrize("example", [e for e in examples("status", "valid") if e.name != LATER], ids=str)
def test_every_valid_status_is_read(example: Example) -> None:
    assert decode_status(example.payload).state in State


@pytest.mark.parametrize(
    "example",
    [e for e in examples("status", "invalid") if not e.name.startswith(("topic_", "ts_"))],
    ids=str,
)
def test_every_invalid_status_is_refused(example: Example) -> None:
    with pytest.raises(ContractError):
        decode_status(example.payload)


@pytest.mark.parametrize("example", [e for e in examples("response", "valid") if e.name != LATER], ids=str)
def test_the_check_reads_every_valid_response(example: Example) -> None:
    correlation_id, error = decode_answered(example.payload)
    assert (correlation_id, error is None) == (
        json.loads(example.payload)["correlation_id"],
        json.loads(example.payload)["error"] is None,
    )


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"temperature": 300}, Kind.TEMPERATURE),
        ({"temperature": "warm"}, Kind.TEMPERATURE),
        ({"temperature": True}, Kind.TEMPERATURE),
        ({"humidity": -5}, Kind.HUMIDITY),
        ({"context": None}, Kind.CONTEXT),
        ({"context": {"hour": 25}}, Kind.CONTEXT),
        ({"ts": 12.5}, Kind.CLOCK),
        ({"rev": 1.5}, Kind.FIELDS),
        ({"rev": 2**32}, Kind.FIELDS),
        ({"session": None}, Kind.FIELDS),
        ({"audio": {"format": "opus", "data": "AAAA"}}, Kind.AUDIO_FORMAT),
        ({"audio": {"format": "wav", "data": "AAAA"}}, Kind.AUDIO_FORMAT),
        ({"audio": {**PCM, "data": ""}}, Kind.AUDIO_EMPTY),
        ({"audio": {**PCM, "data": "AAA"}}, Kind.AUDIO_BASE64),
        ({"audio": {**PCM, "data": "AA=A"}}, Kind.AUDIO_BASE64),
        ({"audio": {**PCM, "data": "ÄÄÄÄ"}}, Kind.AUDIO_BASE64),
        ({"audio": {**PCM, "data": "AA\nAA"}}, Kind.AUDIO_BASE64),
        ({"audio": {**PCM, "data": "AAAA"}}, Kind.AUDIO_HEADER),
        ({"audio": {**PCM, "data": "AAAAAAAA"}}, Kind.AUDIO_LENGTH),
        ({"audio": {**PCM, "data": "AAAA" * 4000, "full_scale_db": 1000}}, Kind.AUDIO),
        ({"audio": PCM}, Kind.AUDIO),
        ({"audio": {"format": "features", "schema": "x", "values": []}}, Kind.AUDIO),
        ({"audio": {"format": "features", "schema": "x", "values": [1], "levels": {"la": 1000}}}, Kind.AUDIO),
        ({"contract": 7}, Kind.VERSION),
        ({"contract": True}, Kind.FIELDS),
    ],
)
def test_an_error_keeps_the_id_of_its_question(changes: Mapping[str, object], kind: Kind) -> None:
    error = refused(ask(**changes))
    assert (error.kind, error.correlation_id) == (kind, "q1")


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert decode_request(ask(contract=1.0, rev=4.0)).rev == 4


def test_device_features_are_read() -> None:
    request = decode_request(
        ask(audio={"format": "features", "schema": "s.v1", "values": [1, 2.5], "levels": {"l": 3}})
    )
    assert request.audio == DeviceFeatures("s.v1", (1.0, 2.5), {"l": 3.0})


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"\xff", Kind.ENCODING),
        (b'{"a": "\\ud800"}', Kind.JSON),
        (b'{"\\udc00": 1}', Kind.JSON),
        (b'{"a": 1e999}', Kind.JSON),
        (b'{"a": ' + b"9" * 400 + b"}", Kind.JSON),
        (b'{"a": ' + b"9" * 20000 + b"}", Kind.JSON),
        (b'{"a": -Infinity}', Kind.JSON),
        (b"[" * 100_000, Kind.JSON),
        (b'{"a":' * 50_000, Kind.JSON),
        (b'{"a":' * 33 + b"1" + b"}" * 33, Kind.JSON),
        (b'{"a": 1' + b" " * MAX_REQUEST_BYTES, Kind.SIZE),
        (b"[]", Kind.FIELDS),
        (b"", Kind.JSON),
        (b"\xef\xbb\xbf{}", Kind.JSON),
    ],
    ids=range(14),
)
def test_hostile_bytes_are_refused_by_kind(payload: bytes, kind: Kind) -> None:
    assert refused(payload).kind is kind


def test_thirty_two_levels_are_not_too_deep() -> None:
    deep: object = 1
    for _ in range(31):
        deep = [deep]
    assert decode_request(ask(stranger=deep)).correlation_id == "q1"
    assert refused(ask(stranger=[deep])).kind is Kind.JSON


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(payload: bytes) -> None:
    with pytest.raises(ContractError):
        decode_request(payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800") | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(st.sampled_from([*QUESTION, "temperature", "humidity", "audio", "context", "ts"]), json_values)
def test_a_question_with_any_field_exchanged_is_read_or_refused(name: str, value: object) -> None:
    try:
        request = decode_request(ask(**{name: value}))
    except ContractError:
        return
    validator("request").validate(json.loads(ask(**{name: value})))
    assert request.grant.low <= request.grant.high


@given(
    st.sampled_from(["wav", "pcm_s16le", "features"]),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("sample_rate", "channels", "data", "schema", "values", "levels"), json_values)
    ),
)
def test_any_audio_is_read_or_refused(form: str, fields: dict[str, object]) -> None:
    payload = ask(audio={"format": form, **fields})
    try:
        decode_request(payload)
    except ContractError:
        return
    validator("request").validate(json.loads(payload))


@given(st.text(max_size=80))
def test_only_a_window_s_topic_names_a_window(name: str) -> None:
    topic = f"home/ml/inference/request/{name}"
    try:
        assert Topics("home/").device_of(topic) == name
    except ContractError:
        return
    assert name.isascii()
    assert "/" not in name


@given(predictions, st.booleans())
def test_every_answer_fits_the_schema(prediction: Prediction, acted: bool) -> None:
    answer = json.loads(encode_answer("q1", prediction, acted=acted))
    validator("response").validate(answer)
    assert (answer["acted"], answer["error"]) == (acted, None)


@given(st.sampled_from(ErrorCode), st.text(max_size=800))
def test_every_error_fits_the_schema(code: ErrorCode, message: str) -> None:
    answer = json.loads(encode_answer("q1", Failure(code, message), acted=True))
    validator("response").validate(answer)
    assert (answer["position"], answer["confidence"], answer["acted"]) == (None, None, False)


@given(predictions)
def test_every_command_fits_the_schema_and_carries_the_fence(prediction: Prediction) -> None:
    command = json.loads(encode_control(decode_request(ask()), prediction, 1e9))
    validator("control").validate(command)
    fence = (command["source"], command["command_id"], command["session"], command["rev"])
    assert fence == ("ml", "q1", "s1", 4)


@pytest.mark.parametrize("state", State)
def test_every_status_fits_the_schema_and_can_be_read_back(state: State) -> None:
    status = Status("ml-1", state, "why " * 200, "v1", ("v1", "v2"), "schema.v1", {"answered": 3})
    payload = encode_status(status, 1.5)
    validator("status").validate(json.loads(payload))
    assert decode_status(payload).counters == {"answered": 3}
    validator("status").validate(json.loads(encode_status(Status("ml-1", State.OFFLINE), None)))


@pytest.mark.parametrize("name", ["requ\ufeffests", "line\nbreak", "x" * 10_000])
def test_a_counter_of_any_name_is_refused_in_a_short_line_that_can_be_printed(name: str) -> None:
    status = {"contract": 1, "instance": "ml-1", "state": "ready", "counters": {name: "12"}}
    with pytest.raises(ContractError, match=r"counters\..*expected an integer") as refused:
        decode_status(json.dumps(status).encode())
    assert refused.value.message.isprintable()
    assert len(refused.value.message) < 300


def test_the_check_s_question_is_a_valid_one_that_moves_nothing() -> None:
    request = decode_request(encode_check("check-1", 5))
    assert not request.grant.act


@pytest.mark.parametrize("topic", ["x" * 60_000, "\U0001f600" * 10_000, "\n" * 1000, "\udcff" * 1000])
def test_a_topic_that_names_no_window_is_shown_shortly(topic: str) -> None:
    with pytest.raises(ContractError) as refused:
        TOPICS.device_of(topic)
    assert len(refused.value.message) < 200
    assert refused.value.message.isprintable()
