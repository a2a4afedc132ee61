"""Every byte that the inference service hears over MQTT, and the sound inside."""

import base64
import json
from collections.abc import Callable

from ml_addon.audio import to_wave
from ml_addon.feedback_messages import MAX_FEEDBACK_BYTES, decode_feedback
from ml_addon.layer import read_layer
from ml_addon.messages import (
    MAX_REQUEST_BYTES,
    MAX_RESPONSE_BYTES,
    code_of,
    decode_answered,
    decode_request,
    glimpse_correlation_id,
)
from ml_addon.model_messages import MAX_BYTES, decode_in_use, decode_order
from ml_addon.status_messages import MAX_STATUS_BYTES, decode_status
from ml_addon.strict_json import ContractError
from ml_addon.topics import Topics
from ml_addon.wav import SAMPLE_BYTES, Encoding, RawClip, make_clip, read_wav, write_wav
from tests.fuzz.engine.target import Target, promise
from tests.ml_addon.contract_files import CONTRACT, examples

_LONGEST_SEED = 20_000
_MOST_MESSAGE = 700


def targets() -> list[Target]:
    """Questions, statuses, answers and orders; WAV files and bare samples down to the waveform; topics."""
    return [_request(), _feedback(), _status(), _answer(), *_models(), _wav(), _pcm(), _topic()]


def fits(read: Callable[[], object]) -> bool:
    """Whether it is read. What is refused says why in a short printable line, and has a code for the answer."""
    try:
        read()
    except ContractError as error:
        promise("a refusal can be printed", error.message.isprintable())
        promise("a refusal is short", len(error.message) < _MOST_MESSAGE)
        code_of(error)
        return False
    return True


def _known(message: str) -> tuple[bytes, ...]:
    found = [one.payload for verdict in ("valid", "invalid") for one in examples(message, verdict)]
    return tuple(payload for payload in found if len(payload) <= _LONGEST_SEED)


def _request() -> Target:
    def feed(payload: bytes) -> bool:
        glimpse_correlation_id(payload)
        return fits(lambda: read_layer(decode_request(payload).layer))

    return Target("request", (*_known("request"), *_with_sound()), feed, MAX_REQUEST_BYTES)


def _feedback() -> Target:
    known = _known("feedback")
    return Target(
        "feedback",
        known,
        lambda payload: fits(lambda: read_layer(decode_feedback(payload).asked.layer)),
        MAX_FEEDBACK_BYTES,
    )


def _with_sound() -> list[bytes]:
    """Questions with each form of sound, small ones."""
    quiet = bytes(range(256)) * 16
    clip = RawClip(Encoding.S16, 8000, 1, quiet)
    grant = {"act": True, "min": 0, "max": 100, "min_confidence": 0.5, "ttl_s": 8}
    forms = (
        {"format": "wav", "data": base64.b64encode(write_wav(clip)).decode()},
        {"format": "pcm_s16le", "sample_rate": 8000, "channels": 1, "data": base64.b64encode(quiet).decode()},
        {"format": "features", "schema": "v2", "values": [0.5, -1, 2e3], "levels": {"la_eq": -40, "spl_eq": 55.5}},
    )
    whole = {"contract": 1, "correlation_id": "q1", "session": "s1", "rev": 3, "grant": grant, "temperature": 21.5}
    return [json.dumps(whole | {"audio": form | {"full_scale_db": 94.5}}).encode() for form in forms]


def _status() -> Target:
    return Target("status", _known("status"), lambda payload: fits(lambda: decode_status(payload)), MAX_STATUS_BYTES)


def _answer() -> Target:
    known = _known("response")
    return Target("answer", known, lambda payload: fits(lambda: decode_answered(payload)), MAX_RESPONSE_BYTES)


def _models() -> list[Target]:
    return [
        Target("models", _known("models"), lambda payload: fits(lambda: decode_order(payload)), MAX_BYTES),
        Target(
            "models_result", _known("models_result"), lambda payload: fits(lambda: decode_in_use(payload)), MAX_BYTES
        ),
    ]


def _wav() -> Target:
    folder = CONTRACT / "examples" / "audio"
    found = [path.read_bytes() for path in sorted(folder.glob("*/*.wav"))]
    small = [payload for payload in found if len(payload) <= _LONGEST_SEED]
    data = bytes(range(256)) * 48
    made = [write_wav(RawClip(encoding, 8000, 1, data)) for encoding in Encoding]
    return Target("wav", (*small, *made), lambda payload: fits(lambda: to_wave(read_wav(payload))), 200_000, one_of=5)


def _pcm() -> Target:
    """The first bytes say how the rest is to be read."""
    encodings = tuple(Encoding)

    def feed(payload: bytes) -> bool:
        head = payload[:4].ljust(4, b"\0")
        encoding = encodings[head[0] % len(encodings)]
        rate = int.from_bytes(head[1:3], "little")
        return fits(lambda: to_wave(make_clip(encoding, rate, head[3], payload[4:])))

    made = []
    for place, encoding in enumerate(encodings):
        for rate, channels in ((8000, 1), (16_000, 2), (44_100, 1), (48_000, 2)):
            frames = bytes(range(7, 7 + SAMPLE_BYTES[encoding] * channels)) * (rate // 4)
            made.append(bytes((place, *rate.to_bytes(2, "little"), channels)) + frames)
    return Target("pcm", tuple(made), feed, 300_000, one_of=10, most_memory=20_000_000)


def _topic() -> Target:
    topics = Topics("home/")
    known = (b"home/ml/inference/request/bedroom", b"ml/inference/request/a", b"home/ml/inference/request/")
    return Target(
        "topic", known, lambda payload: fits(lambda: topics.device_of(payload.decode("utf-8", "surrogateescape")))
    )
