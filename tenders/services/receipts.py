"""What a bidder may hold against the platform: his receipt with its proofs, and what is kept, read again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.documents.selectors import documents_of
from foundation.errors import Refusal
from foundation.files.downloads import Download, between
from foundation.journal import services as journal
from foundation.journal.models import Entry
from foundation.journal.verifier import DEPOSIT_FORMAT
from tenders import rules
from tenders.documents import RECEIPT
from tenders.events import DEPOSITS
from tenders.manifests import manifest
from tenders.models import Bid, SealedPart

STEP = 1024 * 1024


def bid_receipt(*, bid: Bid) -> dict:
    """The receipt of a deposit with the proof that the journal holds it: the five facts of the law, the pieces, the
    line of the journal, its inclusion, the signature and the time stamps (`jalon_verify.py deposit`).

    Raises Refusal `too_early` as long as no checkpoint holds the line; one is then asked of the signer.
    """
    document = documents_of(bid).filter(kind=RECEIPT).first()
    entry = Entry.objects.filter(
        object_type=Bid._meta.label, object_id=str(bid.pk), action__in=DEPOSITS.values()
    ).first()
    if document is None or entry is None:
        raise Refusal(_("Ce dépôt a été écrit pour la démonstration : il n'a pas de ligne au journal."))
    facts = document.facts
    state = "late" if facts["is_late"] else "backup" if facts["is_backup"] else "deposited"
    return {
        "format": DEPOSIT_FORMAT,
        "statement": facts,
        "after": {"state": state, "manifest": bid.manifest_sha256, "receipt": journal.digest(facts)},
        "manifest": manifest_of(bid),
        "journal": journal.receipt(entry),
    }


def manifest_of(bid: Bid, parts: list[SealedPart] | None = None) -> str:
    """The text whose SHA-256 is in the journal: what a device compares with what it sealed. `parts`: when at hand."""
    shares = bid.shares.select_related("seat__custodian_key")
    return manifest(bid, bid.key, shares, bid.parts.all() if parts is None else parts).decode()


@dataclass(frozen=True)
class ReadAgain:
    """A piece as it is kept: whether its bytes are still those of the receipt."""

    part: SealedPart
    found_sha256: str

    @property
    def is_same(self) -> bool:
        return self.found_sha256 == self.part.sealed_sha256


@transaction.atomic
def bid_read_again(*, bid: Bid, by, at) -> list[ReadAgain]:
    """Read every kept piece of one's bid and compute its digest anew; the reading is a line of the journal.

    Only ciphertext is read. Raises Refusal.
    """
    if not rules.can_follow_bid(by, bid):
        raise Refusal(_("Seule l'entreprise qui a déposé ce pli le relit."), code="forbidden")
    parts = bid.parts.select_related("lot", "opened").order_by("position")
    read = [ReadAgain(part, _digest_of(part)) for part in parts]
    journal.record(
        by=by,
        action="tenders.bid_read_again",
        obj=bid,
        at=at,
        after={"same": all(piece.is_same for piece in read)},
        organisation=bid.bidder,
    )
    return read


def _digest_of(part: SealedPart) -> str:
    digest = hashlib.sha256()
    try:
        for chunk in _sealed_chunks(part):
            digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def _sealed_chunks(part: SealedPart) -> Iterator[bytes]:
    if not part.file:
        yield bytes(part.sealed_data)
        return
    with part.file.open("rb") as sealed:
        while chunk := sealed.read(STEP):
            yield chunk


def sealed_part_download(*, part: SealedPart, by) -> Download:
    """A piece of one's own bid as it is kept, sealed, to check its digest elsewhere. Raises Refusal."""
    if not rules.can_follow_bid(by, part.bid):
        raise Refusal(_("Seule l'entreprise qui a déposé ce pli le relit."), code="forbidden")
    return Download(
        str(part.pk),
        "application/octet-stream",
        part.sealed_size,
        part.sealed_sha256,
        lambda start, stop: between(_sealed_chunks(part), start, stop),
    )
