"""The seal: a ciphertext opens at its place, whole, with its key; nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenders import sealing

PRIVATE, PUBLIC = sealing.new_key_pair()
PLACE = sealing.Binding("file", tender="1", round="6", lot="2", bidder="3", bid="4", part="5")
THREE_SEGMENTS = bytes(range(256)) * 4096 * 2 + b"fin"


def frames(sealed: bytes) -> list[bytes]:
    """The framed messages of a sealed content."""
    found = []
    while sealed:
        end = 4 + int.from_bytes(sealed[:4], "big")
        found.append(sealed[:end])
        sealed = sealed[end:]
    return found


@pytest.mark.parametrize(
    "size", [0, 1, sealing.SEGMENT_BYTES, sealing.SEGMENT_BYTES + 1, 3 * sealing.SEGMENT_BYTES]
)
def test_what_is_sealed_opens(size):
    content = b"\x07" * size
    assert sealing.unseal(sealing.seal(content, PUBLIC, PLACE), PRIVATE, PLACE) == content


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=2000), max_size=8))
def test_pieces_of_any_size_give_the_same_content(pieces):
    sealer = sealing.Sealer(PUBLIC, PLACE)
    sealed = b"".join([*(sealer.update(piece) for piece in pieces), sealer.finish()])
    assert sealing.unseal(sealed, PRIVATE, PLACE) == b"".join(pieces)
    assert sealer.sealed_size == len(sealed)


@pytest.mark.parametrize("name", ["purpose", "tender", "round", "lot", "bidder", "bid", "part", "person"])
def test_a_ciphertext_moved_elsewhere_does_not_open(name):
    sealed = sealing.seal(b"prix", PUBLIC, PLACE)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, PRIVATE, replace(PLACE, **{name: "autre"}))


def test_segments_dropped_repeated_or_reordered_do_not_open():
    first, second, third = frames(sealing.seal(THREE_SEGMENTS, PUBLIC, PLACE))
    for broken in (
        [],
        [first],
        [first, second],
        [first, third],
        [second, first, third],
        [first, first, second, third],
        [first, second, third, third],
    ):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(b"".join(broken), PRIVATE, PLACE)
    assert sealing.unseal(first + second + third, PRIVATE, PLACE) == THREE_SEGMENTS


def test_every_flipped_byte_of_a_short_message_is_noticed():
    sealed = sealing.seal(b"prix", PUBLIC, PLACE)
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(bytes(broken), PRIVATE, PLACE)


def test_another_key_does_not_open():
    other, _public = sealing.new_key_pair()
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealing.seal(b"prix", PUBLIC, PLACE), other, PLACE)


def test_the_length_of_prices_tells_nothing():
    sizes = {len(sealing.seal_facts({"UO": price}, PUBLIC, PLACE)) for price in ("1.00", "31415926.53")}
    assert len(sizes) == 1


def test_what_is_kept_at_rest_needs_the_server_key(settings):
    kept = sealing.keep(b"part", PLACE)
    assert sealing.unkeep(kept, PLACE) == b"part"
    former, settings.SECRET_KEY = settings.SECRET_KEY, "une autre cle"
    with pytest.raises(sealing.SealBroken):
        sealing.unkeep(kept, PLACE)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert sealing.unkeep(kept, PLACE) == b"part"
