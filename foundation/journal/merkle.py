"""Proofs on the Merkle tree of the journal (RFC 9162, 2.1.3 and 2.1.4), from complete subtrees already hashed.

A proof is a list of ranges [start, end) of leaves; a range is the fold of its complete subtrees, of which there are at
most log₂(end - start): so a proof reads O(log² n) hashes at worst, in practice twice the height of the tree.
"""

from collections.abc import Callable, Iterable, Mapping

from foundation.journal.verifier import fold

Place = tuple[int, int]
"""(level, index) of a complete subtree; level 0 is a leaf."""
Read = Callable[[set[Place]], Mapping[Place, bytes]]
"""Reads several hashes at once."""


def subtrees(start: int, end: int) -> list[Place]:
    """The complete subtrees that cover [start, end) from the left; `start` must be where the tree splits."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_ranges(index: int, size: int) -> list[range]:
    """What stands beside the path from leaf `index` to the root of a tree of `size` leaves, leaf first."""
    start, end, found = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            found.append(range(middle, end))
            end = middle
        else:
            found.append(range(start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[range]:
    """What shows that a tree of `second` leaves continues its first `first` leaves (0 < first ≤ second)."""
    start, end, found = 0, second, []
    while first < end:
        middle = _split(start, end)
        if first <= middle:
            found.append(range(middle, end))
            end = middle
        else:
            found.append(range(start, middle))
            start = middle
    # When the old tree is a complete subtree on the left, whoever verifies knows its root already.
    return [*([range(start, end)] if start else []), *found[::-1]]


def hashes(ranges: Iterable[range], read: Read) -> list[bytes]:
    """The hash of each range, its subtrees being read all together."""
    covers = [subtrees(part.start, part.stop) for part in ranges]
    found = read({place for cover in covers for place in cover})
    return [fold(found[place] for place in cover) for cover in covers]


def _split(start: int, end: int) -> int:
    """Where a tree on [start, end) divides: its left side is the largest complete subtree smaller than itself."""
    return start + (1 << ((end - start - 1).bit_length() - 1))
