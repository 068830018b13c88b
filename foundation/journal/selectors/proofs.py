"""Checkpoints and proofs: what shows that a line is in the journal and that the journal only grew."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from foundation.journal import merkle
from foundation.journal.merkle import Place
from foundation.journal.models import Checkpoint, Entry, Link, Node, SigningKey, TimeStamp
from foundation.journal.selectors.chain import tells_the_same
from foundation.journal.verifier import Broken, Tree, leaf_hash, root_of_inclusion

LARGEST = 2**62
"""No journal is longer; what is asked beyond is not looked for."""


def size() -> int:
    """How many lines the journal has."""
    last = Link.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def root() -> tuple[int, str]:
    """The size of the whole journal and its Merkle root, the lines after the last checkpoint being hashed now."""
    tree = tree_at(grown_size())
    for line in lines_from(tree.size):
        tree.append(leaf_hash(line.encode()))
    return tree.size, tree.root().hex()


def grown_size() -> int:
    """How many lines the stored nodes cover: those of the last checkpoint."""
    return Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0


def tree_at(size: int) -> Tree:
    """The tree of the first `size` lines (at most `grown_size`), ready to grow; O(log n) hashes are read.

    Raises KeyError when a node is gone.
    """
    places = merkle.subtrees(0, size)
    found = read_hashes(set(places))
    return Tree(size, [(level, found[level, index]) for level, index in places])


def lines_from(index: int):
    """The lines from `index` on, in order, read by pieces."""
    links = Link.objects.filter(index__gte=index).order_by("index")
    return links.values_list("line", flat=True).iterator(chunk_size=2000)


def read_hashes(places: set[Place]) -> dict[Place, bytes]:
    """The hashes of complete subtrees that are stored: one query for leaves, one for nodes."""
    leaves = [index for level, index in places if level == 0]
    nodes = [(level, index) for level, index in places if level]
    found: dict[Place, bytes] = {}
    if leaves:
        rows = Link.objects.filter(index__in=leaves).values_list("index", "leaf_hash")
        found |= {(0, index): bytes.fromhex(leaf) for index, leaf in rows}
    if nodes:
        rows = Node.objects.filter(pk__in=nodes).values_list("level", "index", "hash")
        found |= {(level, index): bytes(node) for level, index, node in rows}
    return found


def latest_checkpoint() -> Checkpoint | None:
    """The newest checkpoint, with its time stamps."""
    return Checkpoint.objects.prefetch_related("timestamps").first()


def checkpoint_of_size(size: int) -> Checkpoint | None:
    """A checkpoint of exactly `size` lines, signed by the newest of the keys that did."""
    return Checkpoint.objects.filter(size=size).first() if 0 < size < LARGEST else None


def sealing_checkpoint(index: int) -> Checkpoint | None:
    """The first time-stamped checkpoint that contains line `index`, else the first one, else None."""
    if not 0 <= index < LARGEST:
        return None
    stamped = Exists(TimeStamp.objects.filter(checkpoint=OuterRef("pk")))
    holding = Checkpoint.objects.filter(size__gt=index).prefetch_related("timestamps").order_by("size", "-id")
    return holding.filter(stamped).first() or holding.first()


def inclusion(index: int, size: int) -> list[bytes]:
    """The proof that line `index` is among the first `size` ones (0 ≤ index < size ≤ grown_size)."""
    return merkle.hashes(merkle.inclusion_ranges(index, size), read_hashes)


def inclusions(indexes: Iterable[int], size: int) -> dict[int, list[bytes]]:
    """The proofs of several lines at once, for the queries of one."""
    ranges = {index: merkle.inclusion_ranges(index, size) for index in indexes}
    parts = [part for found in ranges.values() for part in found]
    read = read_hashes({place for part in parts for place in merkle.subtrees(part.start, part.stop)})
    return {index: merkle.hashes(found, lambda _places: read) for index, found in ranges.items()}


def unproven(entries: Iterable[Entry]) -> list[int]:
    """Ids of the entries whose line is not the one that the last checkpoint signed, among those old enough to be in it.

    An entry of the present transaction has no line yet: nobody else wrote it.
    """
    checkpoint = latest_checkpoint()
    size = checkpoint.size if checkpoint else 0
    links = {entry.link.index: entry for entry in entries if hasattr(entry, "link")}
    signed = [index for index in links if index < size]
    try:
        proofs = inclusions(signed, size)
    except KeyError:
        return [entry.pk for entry in links.values()]
    return [
        entry.pk
        for index, entry in links.items()
        if not tells_the_same(entry)
        or (index in proofs and not _proves(index, entry.link.line, proofs[index], checkpoint))
    ]


def _proves(index: int, line: str, proof: list[bytes], checkpoint: Checkpoint) -> bool:
    try:
        found = root_of_inclusion(leaf_hash(line.encode()), index, checkpoint.size, proof)
    except Broken:
        return False
    return found.hex() == checkpoint.root


def consistency(first: int, second: int) -> list[bytes]:
    """The proof that the first `second` lines continue the first `first` (0 < first ≤ second ≤ grown_size)."""
    return merkle.hashes(merkle.consistency_ranges(first, second), read_hashes)


def signing_keys() -> QuerySet[SigningKey]:
    """Every public key that ever signed, newest first."""
    return SigningKey.objects.all()


def inclusion_answer(index: int, checkpoint: Checkpoint) -> dict[str, Any]:
    """What anyone may know of a line of `checkpoint`: its leaf and the way to the root, nothing of its content."""
    leaf = Link.objects.filter(index=index).values_list("leaf_hash", flat=True).get()
    steps = [step.hex() for step in inclusion(index, checkpoint.size)]
    return {"index": index, "size": checkpoint.size, "leaf_hash": leaf, "inclusion": steps}


def consistency_answer(first: int, second: int) -> dict[str, Any]:
    """The proof of growth between two sizes, as `jalon_verify.py growth` reads it."""
    steps = [step.hex() for step in consistency(first, second)]
    return {"first": first, "second": second, "consistency": steps}
