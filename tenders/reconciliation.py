"""What the journal holds of a round, against the rows: the opening starts from the journal, never from rows alone.

For every deposit, replacement, withdrawal and late arrival that the journal tells, the row exists, in the state that
the story gives, and its key, shares, parts and receipt make the very manifest of the line. What is not in the journal
is no bid. `findings_of` names each difference; reads only.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from foundation.documents.models import Document
from foundation.journal import services as journal
from foundation.journal.models import Entry
from foundation.journal.selectors import unproven
from tenders import events, manifests
from tenders.documents import RECEIPT
from tenders.enums import BidState, Finding, PartKind
from tenders.events import CLOSE
from tenders.models import Bid, Round, SealedPart
from tenders.services.journalled import is_journalled

DEPOSITS = {action: state for state, action in events.DEPOSITS.items()}
WITHDRAW = "tenders.bid_withdraw"
_OF_ROUND = ("tenders.custody", "tenders.round_deadline", CLOSE)


@dataclass
class Told:
    """A bid as the journal tells it."""

    line: Entry
    state: str

    @property
    def bidder(self) -> str:
        return self.line.facts.get("bidder", "")


def findings_of(round: Round) -> list[dict]:
    """Every difference, as [{kind, bid, bidder}]; empty when rows and journal agree."""
    lines = list(_lines(round))
    told = _story(lines)
    rows = {str(bid.pk): bid for bid in _rows(round)}
    receipts = _receipts(rows)
    found = [*_of_round(round, lines), *_missing(told, rows)]
    for pk, bid in rows.items():
        kind = _difference(bid, told.get(pk), receipts.get(pk)) or _too_late(bid, round)
        if kind:
            found.append(_finding(kind, pk, str(bid.bidder_id)))
    return found


def _finding(kind: Finding, bid: str = "", bidder: str = "") -> dict:
    return {"kind": str(kind), "bid": bid, "bidder": bidder}


def _lines(round: Round) -> Iterator[Entry]:
    """The lines about the bids of a round and about itself, in their order in the journal."""
    about_bids = Entry.objects.filter(
        object_type=Bid._meta.label, action__in=[*DEPOSITS, WITHDRAW], facts__round=str(round.pk)
    )
    about_it = Entry.objects.filter(
        object_type=Round._meta.label, object_id=str(round.pk), action__in=_OF_ROUND
    )
    return iter((about_bids | about_it).select_related("link").order_by("link__index", "pk"))


def _story(lines: Iterable[Entry]) -> dict[str, Told]:
    """The bids as the lines leave them: a deposit in time replaces the former one of the firm. Once the round is
    closed, no line puts or takes a bid in time any more.
    """
    told: dict[str, Told] = {}
    is_closed = False
    for line in lines:
        state = DEPOSITS.get(line.action)
        is_closed = is_closed or line.action == CLOSE
        if state == BidState.LATE:
            told[line.object_id] = Told(line, state)
        elif is_closed:
            continue
        elif state:
            _replace(told.values(), line.facts.get("bidder", ""), state)
            told[line.object_id] = Told(line, state)
        elif line.action == WITHDRAW and line.object_id in told:
            told[line.object_id].state = BidState.WITHDRAWN
    return told


def _replace(told: Iterable[Told], bidder: str, state: str) -> None:
    for former in told:
        if former.bidder == bidder and former.state == state:
            former.state = BidState.REPLACED


def _rows(round: Round) -> Iterable[Bid]:
    bids = Bid.objects.filter(round=round).select_related("key")
    return bids.prefetch_related("parts", "shares__seat__custodian_key")


def _receipts(rows: dict[str, Bid]) -> dict[str, dict]:
    found = Document.objects.filter(object_type=Bid._meta.label, object_id__in=rows, kind=RECEIPT)
    return dict(found.values_list("object_id", "facts"))


def _missing(told: dict[str, Told], rows: dict[str, Bid]) -> list[dict]:
    return [_finding(Finding.MISSING, pk, one.bidder) for pk, one in told.items() if pk not in rows]


def _difference(bid: Bid, told: Told | None, receipt: dict | None) -> Finding | None:
    if told is None:
        return Finding.UNKNOWN
    if not _is_manifest(bid, told.line) or not _is_receipt(bid, told.line, receipt):
        return Finding.ALTERED
    is_same = (str(bid.bidder_id), bid.state) == (told.bidder, told.state)
    return None if is_same else Finding.STATE


def _too_late(bid: Bid, round: Round) -> Finding | None:
    """In time by a deadline that was moved for a while, then put back: no line of a deposit tells the deadline."""
    in_time = bid.state in {BidState.DEPOSITED, BidState.BACKUP}
    return Finding.STATE if in_time and bid.deposited_at >= round.due_at else None


def _is_manifest(bid: Bid, line: Entry) -> bool:
    if not hasattr(bid, "key") or not all(_is_digest(part) for part in bid.parts.all()):
        return False
    found = manifests.manifest_sha256(bid, bid.key, bid.shares.all(), bid.parts.all())
    return found == bid.manifest_sha256 == line.facts.get("manifest")


def _is_digest(part: SealedPart) -> bool:
    """Files are read when they open; their digest is in the manifest."""
    if part.kind == PartKind.FILE:
        return True
    return hashlib.sha256(bytes(part.sealed_data)).hexdigest() == part.sealed_sha256


def _is_receipt(bid: Bid, line: Entry, receipt: dict | None) -> bool:
    if receipt is None or receipt["manifest_sha256"] != bid.manifest_sha256:
        return False
    after = {
        "state": line.facts.get("state"),
        "manifest": bid.manifest_sha256,
        "receipt": journal.digest(receipt),
    }
    is_instant = receipt["received_at"] == bid.deposited_at.isoformat(timespec="microseconds")
    return is_instant and journal.digest(after) == line.after_digest


def _of_round(round: Round, lines: list[Entry]) -> Iterator[dict]:
    deadlines = [line.facts.get("due_at") for line in lines if line.object_type == Round._meta.label]
    if not deadlines or any(due_at != round.due_at.isoformat() for due_at in deadlines[-1:]):
        yield _finding(Finding.DEADLINE)
    seats = list(round.custody.seats.select_related("custodian_key"))
    if not is_journalled(round, seats):
        yield _finding(Finding.CUSTODY)
    if unproven(lines):
        yield _finding(Finding.JOURNAL)
