"""What is packed comes out as it went in, and nothing else ever comes out."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from custom_components.smart_window.packing import MOST, Packing

contents = st.binary(max_size=2000)


@given(st.lists(contents, min_size=1, max_size=8))
def test_each_content_comes_out_as_it_went_in_after_a_restart_too(said: list[bytes]) -> None:
    packing = Packing()
    packed = [packing.pack(content) for content in said]
    assert [packing.unpack(one) for one in packed] == said
    assert [Packing(packing.model).unpack(one) for one in packed] == said


def test_what_resembles_the_first_one_takes_a_twentieth() -> None:
    packing, content = Packing(), b"".join(b"%d " % (number * 7919) for number in range(600))
    packing.pack(content)
    assert len(packing.pack(content.replace(b"7919", b"8000"))) < len(content) / 20


@given(st.binary(max_size=400))
def test_any_bytes_give_a_content_or_an_error_of_ours(data: bytes) -> None:
    packing = Packing(b"what the others resemble")
    with suppress(ValueError):
        assert len(packing.unpack(data)) <= MOST


def test_no_more_is_unfolded_than_any_decision_needs() -> None:
    packer = zlib.compressobj(wbits=-15, zdict=b"x")
    bomb = packer.compress(b"0" * (MOST * 50)) + packer.flush()
    with pytest.raises(ValueError, match="longer than"):
        Packing(b"x").unpack(bomb)


def test_half_of_it_is_an_error() -> None:
    packing = Packing(b"x")
    with pytest.raises(ValueError, match="not packed here"):
        packing.unpack(packing.pack(b"a content that is long enough " * 3)[:-4])
