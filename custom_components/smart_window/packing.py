"""Contents that say nearly the same, small: each is deflated against the first one. Pure.

A decision with its trace is some 3 kB of JSON, three times that as objects, and differs from the one before in little:
one to two hundred bytes of it stay.
"""

import zlib
from typing import Final

MOST: Final = 1 << 17
"""Bytes of a content: more than any decision, and no more than that is ever unfolded."""

_RAW: Final = -15
"""No header and no checksum: what lies in memory needs neither."""


class Packing:
    """One lot of them. `model` is what they resemble, empty until the first one is packed."""

    def __init__(self, model: bytes = b"") -> None:
        self._model = model

    @property
    def model(self) -> bytes:
        """To be kept beside the packed ones: without it they cannot be read."""
        return self._model

    def pack(self, content: bytes) -> bytes:
        """Make it small."""
        if not self._model:
            self._model = content
        packer = zlib.compressobj(wbits=_RAW, zdict=self._model)
        return packer.compress(content) + packer.flush()

    def unpack(self, packed: bytes) -> bytes:
        """What was packed. ValueError for what was not packed here."""
        opener = zlib.decompressobj(wbits=_RAW, zdict=self._model)
        try:
            content = opener.decompress(packed, MOST)
        except zlib.error as error:
            raise ValueError(f"not packed here: {error}") from error
        if not opener.eof:
            raise ValueError(f"not packed here: it is cut off, or longer than {MOST} bytes")
        return content
