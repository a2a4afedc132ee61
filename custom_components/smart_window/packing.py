"""Texts that say nearly the same, small: each is deflated against the first one. Pure.

A decision with its trace is some 3 kB of JSON, three times that as objects, and differs from the one before in little:
one to two hundred bytes of it stay.
"""

import zlib
from typing import Final

MOST: Final = 1 << 17
"""Bytes of a text: more than any decision, and no more than that is ever unfolded."""

_RAW: Final = -15
"""No header and no checksum: what lies in memory needs neither."""


class Packing:
    """One lot of texts. `model` is what they resemble, "" until the first one is packed."""

    def __init__(self, model: str = "") -> None:
        self._model = model.encode()

    @property
    def model(self) -> str:
        """To be kept beside the packed ones: without it they cannot be read."""
        return self._model.decode()

    def pack(self, text: str) -> bytes:
        """Make it small."""
        content = text.encode()
        if not self._model:
            self._model = content
        packer = zlib.compressobj(wbits=_RAW, zdict=self._model)
        return packer.compress(content) + packer.flush()

    def unpack(self, packed: bytes) -> str:
        """The text. ValueError for what was not packed here."""
        opener = zlib.decompressobj(wbits=_RAW, zdict=self._model)
        try:
            content = opener.decompress(packed, MOST)
        except zlib.error as error:
            raise ValueError(f"not packed here: {error}") from error
        if not opener.eof:
            raise ValueError(f"not packed here: it is cut off, or longer than {MOST} bytes")
        return content.decode()
