"""What Home Assistant sends fits the schema, and is read back as it was."""

import json

from hypothesis import given, strategies as st

from custom_components.smart_window.clips import MAX_REQUEST_PCM
from custom_components.smart_window.contract import (
    MAX_BYTES,
    Action,
    Announce,
    Asked,
    Context,
    Control,
    Feedback,
    Grant,
    Guard,
    Heard,
    HeardFeatures,
    Lock,
    MessageKind,
    Request,
    Sound,
    Source,
    Taste,
    decode,
    encode,
)
from tests.contract.contract_files import strict_json, validator

tokens = st.from_regex(r"[A-Za-z0-9_.:-]{1,64}", fullmatch=True)
lines = st.from_regex(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}", fullmatch=True)
texts = st.from_regex(r"[^\ud800-\udfff]{0,20}", fullmatch=True)
percents = st.floats(0, 100)
times = st.none() | st.floats(0, 1e11)
revs = st.integers(0, 2**32 - 1)
bands = st.tuples(percents, percents).map(lambda ends: (min(ends), max(ends)))
grants = st.builds(
    lambda act, band, confidence, ttl: Grant(act, band[0], band[1], confidence, ttl),
    st.booleans(),
    bands,
    st.floats(0, 1),
    st.floats(0.1, 600),
)
guards = st.builds(
    lambda hub, machines, band, lock, rain, ts: Guard(hub, machines, band[0], band[1], lock, rain, not machines, ts),
    tokens,
    st.booleans(),
    bands,
    st.sampled_from(Lock),
    percents,
    times,
)
commands = st.one_of(st.tuples(percents, st.none()), st.tuples(st.none(), st.sampled_from(Action)))
controls = st.builds(
    lambda source, command_id, what, session, rev, confidence, model_version, ts: Control(
        source, command_id, what[0], what[1], session, rev, confidence, model_version, ts
    ),
    st.sampled_from(Source),
    tokens,
    commands,
    st.none() | tokens,
    st.none() | revs,
    st.none() | st.floats(0, 1),
    st.none() | lines,
    times,
)
sounds: st.SearchStrategy[Heard] = st.builds(
    lambda channels, sample, full_scale: Sound(8000, channels, sample * 2 * channels * 1000, full_scale),
    st.integers(1, 2),
    st.binary(min_size=2, max_size=2),
    st.none() | st.floats(40, 180),
) | st.builds(
    HeardFeatures,
    tokens,
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8).map(tuple),
    st.dictionaries(texts, st.floats(-200, 200), max_size=3),
    st.none() | st.floats(40, 180),
)
contexts = st.builds(
    Context,
    st.none() | st.floats(-60, 85),
    st.none() | percents,
    st.none() | st.floats(0, 120),
    st.none() | st.booleans(),
    st.none() | st.floats(0, 24),
    st.none() | percents,
)
requests = st.builds(
    Request,
    tokens,
    grants,
    tokens,
    revs,
    st.none() | st.floats(-60, 85),
    st.none() | percents,
    st.none() | sounds,
    contexts,
    st.none() | st.floats(1_577_836_800, 1e11),
)


@given(guards)
def test_a_guard_survives_the_wire(guard: Guard) -> None:
    assert validator("guard").is_valid(strict_json(encode(guard)))
    assert decode(MessageKind.GUARD, encode(guard)) == guard


@given(controls)
def test_a_command_survives_the_wire(control: Control) -> None:
    assert validator("control").is_valid(strict_json(encode(control)))
    assert decode(MessageKind.CONTROL, encode(control)) == control


@given(requests)
def test_a_request_survives_the_wire(request: Request) -> None:
    assert validator("request").is_valid(strict_json(encode(request)))
    assert decode(MessageKind.REQUEST, encode(request)) == request


def test_the_longest_clip_fits_a_request() -> None:
    sound = Sound(48_000, 1, b"\x80" * MAX_REQUEST_PCM)
    request = Request("c" * 64, Grant(True, 0.123, 99.9, 0.6, 8.0), "s" * 64, 2**32 - 1, 21.5, 45.5, sound)
    payload = encode(request)
    assert len(payload) < MAX_BYTES[MessageKind.REQUEST]
    assert decode(MessageKind.REQUEST, payload) == request
    assert json.loads(payload)["contract"] == 1


@given(
    st.builds(
        Feedback,
        tokens,
        percents,
        st.builds(
            Asked,
            st.none() | st.floats(-60, 85),
            st.none() | percents,
            st.none() | st.just(HeardFeatures("s", (1.0, -2.5), {"la_eq": -50.0})),
            st.just(Context()) | st.builds(Context, outdoor_temperature=st.floats(-50, 50)),
            st.builds(Taste, warmth=st.floats(-3, 3)),
        ),
        st.none(),
        times,
    )
)
def test_a_correction_survives_the_wire(feedback: Feedback) -> None:
    payload = json.dumps(feedback.to_json()).encode()
    assert validator("feedback").is_valid(strict_json(payload))
    assert decode(MessageKind.FEEDBACK, payload) == feedback


def test_a_window_that_does_not_say_what_it_can_do_does_the_usual() -> None:
    said = decode(MessageKind.ANNOUNCE, b'{"contract":1,"device_id":"bedroom","name":"Bedroom"}')
    assert isinstance(said, Announce)
    assert said.capabilities == ("position", "temperature", "humidity", "audio")
