"""Values and bytes that nobody should send, as Hypothesis strategies."""

from copy import deepcopy

from hypothesis import strategies as st

from custom_components.smart_window.contract import MessageKind
from tests.contract.contract_files import Json, examples, strict_json

NUMBERS: list[Json] = [0, 1, -1, 1.0, 0.5, -0.0, 101, 2**32 - 1, 2**32, 2**64, 10**300, 1e308, -1e308, 5e-324]
TEXTS: list[Json] = [
    "",
    " ",
    "a",
    "A",
    "x" * 64,
    "x" * 65,
    "x" * 101,
    "x" * 501,
    "\x00",
    "\x7f",
    "\x1b[31m",
    "é",
    "../x",
]
WORDS: list[Json] = ["none", "full", "idle", "stop", "accepted", "ml", "°F", "K", "%", "null", "NaN", "1"]
SHAPES: list[Json] = [None, True, False, [], {}, [[]], {"": None}, [1, "a", None], {"contract": 1}]
HOSTILE_VALUES = NUMBERS + TEXTS + WORDS + SHAPES
plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
)
values: st.SearchStrategy[Json] = st.sampled_from(HOSTILE_VALUES).map(deepcopy) | st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)

GOOD_JSON: dict[MessageKind, list[Json]] = {
    kind: [
        strict_json(example.payload)
        for example in examples(kind)
        if example.valid and example.path.suffix == ".json" and len(example.payload) < 20_000
    ]
    for kind in MessageKind
    if kind is not MessageKind.AVAILABILITY
}
GOOD_BYTES: dict[MessageKind, list[bytes]] = {
    kind: [example.payload for example in examples(kind) if example.valid] for kind in MessageKind
}


@st.composite
def spoiled(draw: st.DrawFn, kind: MessageKind) -> Json:
    """A good message in which some fields were taken out, replaced or added, at any depth."""
    message = deepcopy(draw(st.sampled_from(GOOD_JSON[kind])))
    for _ in range(draw(st.integers(1, 3))):
        message = _spoil(draw, message)
    return message


def _spoil(draw: st.DrawFn, value: Json) -> Json:
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(value)))
        match draw(st.integers(0, 5)):
            case 0:
                del value[name]
            case 1:
                value[draw(st.sampled_from(sorted(value)) | st.text(max_size=6))] = draw(values)
            case _:
                value[name] = _spoil(draw, value[name])
        return value
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        value[place] = _spoil(draw, value[place])
        return value
    return draw(values)


@st.composite
def bent(draw: st.DrawFn, kind: MessageKind) -> bytes:
    """The bytes of a good message, cut, doubled, overwritten or extended."""
    payload = bytearray(draw(st.sampled_from(GOOD_BYTES[kind])))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(payload)))
        piece = draw(
            st.binary(min_size=1, max_size=8)
            | st.sampled_from([b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"1e999", b"NaN"])
        )
        match draw(st.integers(0, 3)):
            case 0:
                payload[place:] = b""
            case 1:
                payload[place:place] = piece
            case 2:
                payload[place : place + len(piece)] = piece
            case _:
                payload += payload[place : place + 64]
    return bytes(payload)
