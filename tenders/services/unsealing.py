"""Read sealed bids once the key of each is rebuilt: whole, or found unreadable."""

import hashlib
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.files.storage import STORAGE_FAILURES
from foundation.journal import services as journal
from tenders import sealing
from tenders.enums import PartKind
from tenders.envelopes import binding_of, place_binding
from tenders.models import Bid, BidKey, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from tenders.prices import read_price, simulated_total
from tenders.services.candidatures.birth import candidature_write
from tenders.workflow import BID

TOLD = (PartKind.CANDIDATURE, PartKind.ANSWERS)
"""Parts whose facts are kept as they were sealed; prices become offers."""
STRANGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What facts that this platform would not have sealed raise: they stop their bid, not the others."""
PROBED = 20
"""Files looked for before an opening, to know whether the storage is there."""


def open_bids(bids: list[Bid], keys: dict[UUID, bytes], at) -> None:
    """Open these bids, those of which custodians gave enough shares; the others are found unreadable, and stay closed
    for ever. Raises Refusal when the storage is away: nothing is opened then.
    """
    require_storage(bids)
    for bid in bids:
        if bid.pk in keys:
            open_bid(bid, keys[bid.pk], at)
        else:
            mark_unreadable(bid, "shares", at)


def require_storage(bids: list[Bid]) -> None:
    """Where no file at all is found, the storage is away: to go on would find every bid unreadable, for good."""
    files = SealedPart.objects.filter(bid__in=bids, kind=PartKind.FILE)
    found = [_is_there(part) for part in files[:PROBED]]
    if found and not any(found):
        raise _storage_away()


def _is_there(part: SealedPart) -> bool:
    try:
        return part.file.storage.exists(part.file.name)
    except STORAGE_FAILURES:
        return False


def _storage_away() -> Refusal:
    return Refusal(
        _(
            "Le stockage des fichiers ne répond pas : rien n'est ouvert et rien n'est perdu. Prévenez "
            "l'exploitation, puis redonnez votre phrase de passe."
        ),
        code="conflict",
    )


def open_bid(bid: Bid, private: bytes, at) -> None:
    """Decrypt everything before writing anything: a bid opens whole, or is found unreadable, with its alarm.

    Raises Refusal when the storage fails while it is read: that is no fact about the bid.
    """
    parts = list(bid.parts.select_related("bid", "lot"))
    try:
        _check_contents(bid, parts, private)
        prices = {part.lot: _prices(part, private) for part in parts if part.kind == PartKind.PRICES}
        told = [_told(part, private) for part in parts if part.kind in TOLD]
        files = [_file_facts(part, private) for part in parts if part.kind == PartKind.FILE]
    except (sealing.SealBroken, FileNotFoundError, *STRANGE) as error:
        mark_unreadable(bid, type(error).__name__, at)
        return
    except STORAGE_FAILURES as error:
        raise _storage_away() from error
    try:
        with transaction.atomic():
            OpenedFile.objects.bulk_create(files)
            OpenedFacts.objects.bulk_create(told)
            candidature_write(bid)
            for lot, amounts in prices.items():
                _write_offer(bid, lot, amounts)
    except (DataError, IntegrityError, *STRANGE) as error:
        mark_unreadable(bid, type(error).__name__, at)
        return
    BID.apply(bid, "open", by=None, at=at)
    bid.opened_at = at
    bid.save(update_fields=["state", "opened_at"])
    keep_key(bid, private, at)
    journal.record(by=None, action="tenders.bid_open", obj=bid, at=at, organisation=bid.tender.buyer)


def keep_key(bid: Bid, private: bytes, at) -> None:
    """Keep the key of an opened bid under the server's, so that its files are read for the analysis."""
    kept = sealing.keep(private, key_binding(bid))
    BidKey.objects.filter(bid=bid).update(kept_private_key=kept, opened_at=at)


def opened_key(bid: Bid) -> bytes:
    """The private key of an opened bid."""
    return sealing.unkeep(bid.key.kept_private_key, key_binding(bid))


def key_binding(bid: Bid) -> sealing.Binding:
    """Where the private key of an opened bid is kept."""
    return place_binding("bid-key", (bid.tender_id, bid.round_id, None, bid.bidder_id, bid.pk, None))


def _check_contents(bid: Bid, parts: list[SealedPart], private: bytes) -> None:
    """What was written is what the manifest committed to: the firm can prove it, and so can the buyer."""
    [part] = [part for part in parts if part.kind == PartKind.CONTENTS]
    plain = sealing.unseal(part.sealed_data, private, binding_of(part, PartKind.CONTENTS)).rstrip(b" ")
    if hashlib.sha256(plain).hexdigest() != bid.key.commitment:
        raise sealing.SealBroken("commitment")


def _prices(part: SealedPart, private: bytes) -> dict[str, str]:
    return _facts(part, private)["prices"]


def _told(part: SealedPart, private: bytes) -> OpenedFacts:
    facts = _facts(part, private)
    if part.kind == PartKind.ANSWERS and not all(_is_answer(row) for row in facts["answers"]):
        raise ValueError("answers")
    return OpenedFacts(part=part, facts=facts)


def _is_answer(row: dict) -> bool:
    words = isinstance(row["words"], str) and isinstance(row["evidence"], str)
    return type(row["question"]) is int and words


def _facts(part: SealedPart, private: bytes) -> dict:
    if hashlib.sha256(bytes(part.sealed_data)).hexdigest() != part.sealed_sha256:
        raise sealing.SealBroken("digest")
    return sealing.unseal_facts(part.sealed_data, private, binding_of(part, part.kind))


def _file_facts(part: SealedPart, private: bytes) -> OpenedFile:
    """The facts of a sealed file, once its whole content was found to be the one that was deposited."""
    facts = sealing.unseal_facts(part.sealed_facts, private, binding_of(part, "facts"))
    digest = hashlib.sha256()
    with part.file.open("rb") as sealed:
        sealed_digest = hashlib.file_digest(sealed, "sha256").hexdigest()
        sealed.seek(0)
        for chunk in sealing.unseal_stream(sealed, private, binding_of(part, "file")):
            digest.update(chunk)
    # A file that came piece by piece was never whole in clear: its digest is learned here.
    if digest.hexdigest() != facts.get("sha256", digest.hexdigest()) or sealed_digest != part.sealed_sha256:
        raise sealing.SealBroken("digest")
    return OpenedFile(
        part=part,
        name=facts["name"],
        content_type=facts["content_type"],
        size=facts["size"],
        sha256=digest.hexdigest(),
    )


def _write_offer(bid: Bid, lot, amounts: dict[str, str]) -> None:
    lines = {line.code: line for line in lot.price_lines.all()}
    if amounts.keys() != lines.keys():  # a line left out would make the total lower than the others'
        raise ValueError("lines")
    prices = {lines[code]: read_price(amount, lines[code]) for code, amount in amounts.items()}
    offer = Offer.objects.create(bid=bid, lot=lot, total_excl_tax=simulated_total(prices))
    OfferPrice.objects.bulk_create(
        OfferPrice(offer=offer, line=line, unit_price_excl_tax=price) for line, price in prices.items()
    )


def mark_unreadable(bid: Bid, reason: str, at) -> None:
    """A bid in time that cannot be read: the record tells it, with its reason."""
    BID.apply(bid, "mark_unreadable", by=None, at=at)
    bid.opened_at = at
    bid.save(update_fields=["state", "opened_at"])
    journal.record(
        by=None,
        action="tenders.bid_unreadable",
        obj=bid,
        at=at,
        reason=reason,
        organisation=bid.tender.buyer,
    )
