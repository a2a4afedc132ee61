"""Good payloads in, bad ones out: bytes flipped, cut and spliced; JSON with wrong, huge, doubled and nested parts."""

from collections.abc import Sequence
from random import Random

from .spans import Text, text_of

PIECES = (
    b"\x00", b"\xff", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"\\ud800", b"\\u0000", b'"',
    b"\\", b"NaN", b"-", b"1e999", b"[", b"{", b"]}", b",", b":", b"RIFF", b"data\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00", b"../", b"!!", b"&a *a", b"\r\n",
)  # fmt: skip
LITERALS = (
    b"null", b"true", b"false", b"0", b"-0", b"-0.0", b"1", b"-1", b"1.0", b"1.5", b"101", b"4294967295", b"4294967296",
    b"9007199254740993", b"18446744073709551616", b"1e308", b"1e309", b"-1e309", b"5e-324", b"1e-999", b"NaN",
    b"Infinity", b"-Infinity", b"9" * 309, b"9" * 400, b"9" * 5000, b"0." + b"9" * 400, b'""', b'" "', b'"a"', b'"A b"',
    b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\\u001b[31m"', b'"a\\n"', b'"\xc3\xa9"', b'"../x"', b'"NaN"',
    b'"' + b"x" * 65 + b'"', b'"' + b"x" * 101 + b'"', b'"' + b"x" * 9000 + b'"', b"[]", b"{}", b"[[]]", b'{"":null}',
    b'[1,"a",null]', b"[" * 31 + b"]" * 31, b"[" * 33 + b"]" * 33, b"[" * 3000 + b"]" * 3000, b"[" * 5000,
    b'{"a":' * 40 + b"1" + b"}" * 40, b'{"a":' * 3000 + b"1" + b"}" * 3000, b"01", b"1.", b"'a'", b"undefined",
)  # fmt: skip
"""What may take a value's place; some of it is no JSON."""
_FLOODS = (b"[", b'{"a":', b"[]", b"9", b"x", b"\\u0041", b'"",', b"\x00", b"RIFF", b"junk\x00\x00\x00\x00", b"\xff")
_FLOOD_EVERY, _GREAT_FLOOD_EVERY = 200, 2_000
_FLOOD_BYTES = 20_000


class Mutator:
    """Draws from `chance` alone: the same seed gives the same payloads."""

    def __init__(self, seeds: Sequence[bytes], chance: Random, most_bytes: int) -> None:
        """`most_bytes`: what a receiver reads; one byte more is made now and then, and never much more."""
        self._seeds = tuple(seeds)
        self._texts = tuple(text for seed in self._seeds if (text := text_of(seed)) is not None)
        self._chance = chance
        self._most = most_bytes

    def payload(self) -> bytes:
        """One more payload. Some are a seed as it is: what is taken must be met too."""
        kind = self._chance.randrange(_GREAT_FLOOD_EVERY)
        if kind == 0:
            return self._flood(self._most + 1)
        if kind % _FLOOD_EVERY == 0:
            return self._flood(min(_FLOOD_BYTES, self._most))
        if self._texts and kind % 2:
            made = self._spoiled(self._chance.choice(self._texts))
            return made if self._chance.randrange(8) else self._bent(made)
        seed = self._chance.choice(self._seeds)
        return seed if kind % 40 == 0 else self._bent(seed)

    def change(self, payload: bytes) -> bytes:
        """A payload that somebody else found, changed."""
        text = text_of(payload) if self._chance.randrange(2) else None
        return (self._bent(payload) if text is None else self._spoiled(text))[: self._most + 1]

    def _spoiled(self, text: Text) -> bytes:
        """One to three values or members replaced, taken out, doubled or taken from another text."""
        data = text.data
        end = len(data)
        spans = [self._span(text) for _ in range(self._chance.randint(1, 3))]
        for (begin, stop), is_member in sorted(spans, reverse=True):
            if stop <= end:
                data = data[:begin] + self._instead(data[begin:stop], is_member=is_member) + data[stop:]
                end = begin
        return data

    def _span(self, text: Text) -> tuple[tuple[int, int], bool]:
        if text.members and self._chance.randrange(3) == 0:
            return self._chance.choice(text.members), True
        return self._chance.choice(text.values), False

    def _instead(self, old: bytes, *, is_member: bool) -> bytes:
        other = self._chance.choice(self._texts or (Text(b"0", ((0, 1),), ()),))
        if not is_member:
            if self._chance.randrange(4):
                return self._chance.choice(LITERALS)
            begin, stop = self._chance.choice(other.values)
            return other.data[begin:stop]
        name = old[: old.index(b":") + 1]
        match self._chance.randrange(4):
            case 0:
                return b'"gone":0'
            case 1:
                return old + b"," + name + self._chance.choice(LITERALS)  # the same name twice
            case 2:
                return name + self._chance.choice(LITERALS) + b"," + old
            case _:
                begin, stop = self._chance.choice(other.members or other.values)
                return old + b"," + other.data[begin:stop]

    def _bent(self, payload: bytes) -> bytes:
        data = bytearray(payload)
        for _ in range(self._chance.randint(1, 4)):
            place = self._chance.randint(0, len(data))
            length = self._chance.randint(1, 16)
            match self._chance.randrange(8):
                case 0 if data:
                    data[place % len(data)] ^= 1 << self._chance.randrange(8)
                case 1 if data:
                    data[place % len(data)] = self._chance.randrange(256)
                case 2:
                    del data[place:]
                case 3:
                    del data[place : place + length]
                case 4:
                    data[place:place] = self._chance.choice(PIECES)
                case 5:
                    piece = self._chance.choice(PIECES)
                    data[place : place + len(piece)] = piece
                case 6:
                    other = self._chance.choice(self._seeds)
                    begin = self._chance.randint(0, len(other))
                    data[place:] = other[begin : begin + 2000]
                case _:
                    data[place:place] = data[place : place + 4 * length]
        return bytes(data[: self._most + 1])

    def _flood(self, size: int) -> bytes:
        """A good beginning, and then the same again and again."""
        seed = self._chance.choice(self._seeds)
        head = seed[: self._chance.randint(0, min(len(seed), 64))]
        drop = self._chance.choice(_FLOODS)
        return (head + drop * (size // len(drop) + 1))[:size]
