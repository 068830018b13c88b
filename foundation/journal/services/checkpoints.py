"""Signing what the journal is: the tree grows, its root is signed, its time is stamped."""

import base64
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation import bell
from foundation.errors import Refusal
from foundation.journal import authority, keys, selectors
from foundation.journal.models import Checkpoint, Entry, Link, Node, SigningKey, TimeStamp
from foundation.journal.verifier import RECEIPT_FORMAT, Tree, leaf_hash

GROWTH_LOCK = 456901029743
"""The number after the chain's: whoever makes a checkpoint waits for another one, writers of lines never do."""
NODES_AT_ONCE = 5000


class Forked(Exception):
    """The lines or the nodes in the database no longer continue what was signed: nothing more is signed."""


def checkpoint_make(*, at: datetime) -> Checkpoint | None:
    """Sign the journal as it stands; the last checkpoint when nothing was added, None without key or without line.

    Raises Forked when the stored tree is not the one signed last, or when a line is not what was hashed: the platform
    does not sign a history that somebody rewrote.
    """
    key = keys.signing_key()
    if key is None:
        return None
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GROWTH_LOCK])
        last = Checkpoint.objects.first()
        tree = _grown(last)
        if tree.size == 0:
            return None
        same = Checkpoint.objects.filter(size=tree.size, verifier_key=str(key.public)).first()
        return same or _signed(tree, key, at)


def _signed(tree: Tree, key: keys.SigningKey, at: datetime) -> Checkpoint:
    SigningKey.objects.get_or_create(
        verifier_key=str(key.public),
        defaults={"is_development": key.is_development, "first_used_at": at},
    )
    root = base64.b64encode(tree.root()).decode()
    return Checkpoint.objects.create(
        size=tree.size,
        root=tree.root().hex(),
        note=key.sign(f"{key.public.name}\n{tree.size}\n{root}\n"),
        verifier_key=str(key.public),
        is_development=key.is_development,
        made_at=at,
    )


def _grown(last: Checkpoint | None) -> Tree:
    """The tree of the whole journal, what is new of it being stored. Raises Forked."""
    try:
        tree = selectors.tree_at(last.size if last else 0)
    except KeyError as error:
        raise Forked(f"node {error} of the stored tree is gone") from error
    if last and tree.root().hex() != last.root:
        raise Forked(f"the stored tree of {last.size} lines is not the one that was signed")
    if selectors.size() < tree.size:
        raise Forked(f"the last of the {tree.size} signed lines are gone")
    links = Link.objects.filter(index__gte=tree.size).order_by("index")
    rows = links.values_list("index", "line", "leaf_hash").iterator(chunk_size=2000)
    nodes = (node for row in rows for node in _append(tree, *row))
    while some := list(islice(nodes, NODES_AT_ONCE)):
        Node.objects.bulk_create(some)
    return tree


def _append(tree: Tree, index: int, line: str, leaf: str) -> list[Node]:
    found = leaf_hash(line.encode())
    if index != tree.size or found.hex() != leaf:
        raise Forked(f"line {index} is not what was hashed")
    return [Node(level=level, index=place, hash=node) for level, place, node in tree.append(found)]


def timestamp_make() -> TimeStamp | None:
    """Have the newest checkpoint stamped, unless it is or there is no authority: it speaks for the earlier ones.

    The authority is asked outside any transaction. Raises AuthorityAway when it does not answer well.
    """
    checkpoint = selectors.latest_checkpoint()
    if checkpoint is None or checkpoint.timestamps.all() or not authority.is_configured():
        return None
    found = authority.stamp(checkpoint.note.encode())
    return TimeStamp.objects.create(
        checkpoint=checkpoint,
        token=found.token,
        stamped_at=found.stamped_at,
        authority=found.authority,
        is_qualified=authority.is_qualified(),
        is_development=authority.is_development(),
    )


def checkpoint_ask() -> None:
    """Ask whoever has the signing key for a checkpoint; the sweep makes one anyway."""
    from foundation.journal.tasks import make_checkpoint

    bell.ring(make_checkpoint)


def receipt(entry: Entry) -> dict[str, Any]:
    """What proves, away from the platform, that `entry` is in the journal (`jalon_verify.py receipt`).

    When no checkpoint contains the line yet, one is asked for. Raises Refusal `too_early` as long as none does.
    """
    return extract([entry])


def extract(entries: list[Entry]) -> dict[str, Any]:
    """The same for several lines: one checkpoint, a proof for each. Raises Refusal `too_early`."""
    links = list(Link.objects.filter(entry__in=entries).order_by("index").values_list("index", "line"))
    if len(links) < len(entries) or not links:
        raise _not_yet()
    last = links[-1][0]
    if selectors.grown_size() <= last:
        checkpoint_ask()
    checkpoint = selectors.sealing_checkpoint(last)
    if checkpoint is None:
        raise _not_yet()
    proofs = selectors.inclusions([index for index, _line in links], checkpoint.size)
    return {
        "format": RECEIPT_FORMAT,
        "checkpoint": checkpoint.note,
        "verifier_key": checkpoint.verifier_key,
        "entries": [_proven(index, line, proofs[index]) for index, line in links],
        "timestamps": [_told(stamp) for stamp in checkpoint.timestamps.all()],
    }


def _proven(index: int, line: str, proof: list[bytes]) -> dict[str, Any]:
    steps = [step.hex() for step in proof]
    return {"index": index, "line": line, "leaf_hash": leaf_hash(line.encode()).hex(), "inclusion": steps}


def _told(stamp: TimeStamp) -> dict[str, Any]:
    """What its token proves, and nothing else: what the platform says of it is no proof."""
    return {
        "authority": stamp.authority,
        "stamped_at": stamp.stamped_at.isoformat(),
        "token": base64_token(stamp),
    }


def base64_token(stamp: TimeStamp) -> str:
    """The token as JSON carries it."""
    return base64.b64encode(bytes(stamp.token)).decode()


def _not_yet() -> Refusal:
    return Refusal(
        _("Cette ligne n'est pas encore signée : la signature est demandée, recommencez dans une minute."),
        code="too_early",
    )
