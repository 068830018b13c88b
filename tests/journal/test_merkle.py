"""The tree of RFC 6962 and 9162: known roots, and the same proofs as a naive tree (G1, G2)."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.journal import merkle, verifier

# The eight leaves of the test vectors of certificate transparency, and the roots of the trees they make.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(leaves: list[bytes]) -> tuple[verifier.Tree, merkle.Read]:
    """The tree that holds these leaves, and a reader of its nodes that counts what it reads."""
    tree, nodes = verifier.Tree(), {}
    for index, leaf in enumerate(leaves):
        nodes[0, index] = verifier.leaf_hash(leaf)
        nodes |= {(level, place): found for level, place, found in tree.append(nodes[0, index])}
    return tree, lambda places: {place: nodes[place] for place in places}


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert grown(LEAVES[:size])[0].root().hex() == ROOTS[size]


def test_a_known_inclusion_proof() -> None:
    """RFC 6962's own example: leaf 5 among 8."""
    _tree, read = grown(LEAVES)
    assert [step.hex() for step in merkle.hashes(merkle.inclusion_ranges(5, 8), read)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_known_consistency_proof() -> None:
    """RFC 6962's own example: from 6 to 8."""
    _tree, read = grown(LEAVES)
    assert [step.hex() for step in merkle.hashes(merkle.consistency_ranges(6, 8), read)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=120)


@given(leaves, st.data())
def test_every_leaf_is_proven_and_no_other(found: list[bytes], data: st.DataObject) -> None:
    tree, read = grown(found)
    index = data.draw(st.integers(0, len(found) - 1))
    proof = merkle.hashes(merkle.inclusion_ranges(index, len(found)), read)
    assert tree.root() == naive_root(found)
    leaf = verifier.leaf_hash(found[index])
    assert verifier.root_of_inclusion(leaf, index, len(found), proof) == tree.root()
    forged = verifier.leaf_hash(found[index] + b"!")
    assert verifier.root_of_inclusion(forged, index, len(found), proof) != tree.root()
    with pytest.raises(verifier.Broken):
        verifier.root_of_inclusion(leaf, index, len(found), [*proof, leaf])
    assert len(proof) <= max(1, len(found).bit_length())


@given(leaves, st.data())
def test_growth_is_proven_and_a_rewritten_past_is_not(found: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(found)))
    _tree, read = grown(found)
    old, new = naive_root(found[:first]), naive_root(found)
    proof = merkle.hashes(merkle.consistency_ranges(first, len(found)), read)
    verifier.check_consistency(first, len(found), (old, new), proof)
    changed = data.draw(st.integers(0, first - 1))
    rewritten = [*found[:changed], found[changed] + b"!", *found[changed + 1 :]]
    _tree, read = grown(rewritten)
    forged = merkle.hashes(merkle.consistency_ranges(first, len(found)), read)
    with pytest.raises(verifier.Broken):
        verifier.check_consistency(first, len(found), (old, naive_root(rewritten)), forged)


@given(st.integers(1, 2**40), st.data())
def test_a_proof_reads_few_hashes(size: int, data: st.DataObject) -> None:
    """O(log n): less than two hashes for each level of the tree."""
    index = data.draw(st.integers(0, size - 1))
    height = size.bit_length()
    for ranges in (merkle.inclusion_ranges(index, size), merkle.consistency_ranges(index + 1, size)):
        read = {place for part in ranges for place in merkle.subtrees(part.start, part.stop)}
        assert len(read) <= 2 * height
