"""Reads of bids: what their bidders may follow, and what the opening revealed."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from foundation.accounts.models import Organisation
from foundation.files.selectors import inspections_of
from tenders import rules
from tenders.enums import BidState, PartKind, RoundState
from tenders.models import (
    Bid,
    Lot,
    Offer,
    Round,
    SealedPart,
    Tender,
    UploadEvent,
)

IN_FORCE = (BidState.DEPOSITED, BidState.OPENED, BidState.UNREADABLE)


def _of_last_round(tender: Tender) -> QuerySet[Bid]:
    last = Round.objects.filter(tender=tender).order_by("-number").values("pk")[:1]
    return tender.bids.filter(round=Subquery(last))


def deposit_count(tender: Tender) -> int:
    """How many bids of the round in force are sealed or opened: the only thing told before the opening."""
    return _of_last_round(tender).filter(state__in=IN_FORCE).count()


def own_bids(user, tender: Tender) -> QuerySet[Bid]:
    """The deposits of the user's own organisations on a consultation, the latest first."""
    own = rules.bids_visible_to(user).filter(tender=tender, bidder__in=rules.bidders_for(user))
    return own.order_by("-deposited_at")


def bid_in_force(tender: Tender, bidder) -> Bid | None:
    """The bidder's bid of the round in force that will be opened (or was), if any."""
    own = _of_last_round(tender).filter(bidder=bidder, state__in=IN_FORCE)
    return own.order_by("-deposited_at").first()


def opened_bids(round: Round) -> QuerySet[Bid]:
    """The opened bids of a round with their files and offers, for the opening record."""
    return (
        round.bids.filter(state=BidState.OPENED)
        .select_related("bidder")
        .prefetch_related("parts__opened", "parts__lot", "offers__lot", "offers__prices__line")
    )


def files_of(offer: Offer) -> QuerySet[SealedPart]:
    """The opened files that answer this lot, or the consultation as a whole."""
    parts = SealedPart.objects.filter(bid=offer.bid, kind=PartKind.FILE, opened__isnull=False)
    return parts.filter(Q(lot=offer.lot) | Q(lot__isnull=True)).select_related("opened", "lot")


def unopened_bids(tender: Tender) -> QuerySet[Bid]:
    """Bids that were received and not opened: late, replaced, withdrawn or unreadable."""
    closed = [
        BidState.LATE,
        BidState.BACKUP,
        BidState.REPLACED,
        BidState.WITHDRAWN,
        BidState.UNREADABLE,
    ]
    return tender.bids.filter(state__in=closed).select_related("bidder").order_by("deposited_at")


def files_by_bid(lot: Lot) -> dict:
    """Bid id → opened files that answer this lot, or the consultation as a whole."""
    parts = SealedPart.objects.filter(
        Q(lot=lot) | Q(lot__isnull=True), bid__offers__lot=lot, kind=PartKind.FILE, opened__isnull=False
    )
    by_bid = defaultdict(list)
    for part in parts.select_related("opened").distinct():
        by_bid[part.bid_id].append(part)
    return dict(by_bid)


def with_inspections(parts: Iterable[SealedPart]) -> list[SealedPart]:
    """The same opened files, each with what its whole check said (`inspection`, None before)."""
    parts = list(parts)
    said = inspections_of(parts)
    for part in parts:
        part.inspection = said.get(str(part.pk))
    return parts


PK_DIGITS = 18
"""No identifier is longer; a number without end is not even read."""


def answering_firm(user, asked: str) -> Organisation | None:
    """The firm in whose name this person answers or asks: that of the number in the address, the first without one;
    None when he has none, or not that one.
    """
    firms = rules.bidders_for(user)
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= PK_DIGITS
    return (firms.filter(pk=asked) if is_number else firms).first()


def own_deposits(user) -> QuerySet[Bid]:
    """Every deposit of the user's organisations, the latest first."""
    own = Bid.objects.filter(bidder__in=rules.bidders_for(user))
    return own.select_related("tender__buyer", "bidder").order_by("-deposited_at")


def closed_backups(tender: Tender) -> QuerySet[Bid]:
    """Backup copies still closed in the rounds that were opened."""
    copies = tender.bids.filter(state=BidState.BACKUP, round__state=RoundState.OPENED)
    return copies.select_related("bidder", "round").order_by("deposited_at")


def backups_asked(round: Round) -> QuerySet[Bid]:
    """Backup copies of an opened round that a buyer asked the custodians to open."""
    return round.bids.filter(state=BidState.BACKUP).exclude(backup_case="").order_by("deposited_at")


def doubled_bid(copy: Bid) -> Bid | None:
    """The bid of the same bidder in the same round that this copy doubles: the one in time (opened, unreadable), else
    the last of the late ones.
    """
    states = [BidState.OPENED, BidState.UNREADABLE, BidState.LATE]
    own = Bid.objects.filter(round=copy.round_id, bidder=copy.bidder_id, is_backup=False, state__in=states)
    found = list(own.select_related("tender__buyer").order_by("deposited_at"))
    in_time = [bid for bid in found if bid.state != BidState.LATE]
    return (in_time or found or [None])[-1]


def others_took_part(lot: Lot, bidder) -> bool:
    """Whether another firm answered this lot, in any round, and did not take its answer back itself.

    What a bid without a sealed part for a lot is for is known from its candidature, or counts for every lot.
    """
    gone = [BidState.WITHDRAWN, BidState.REPLACED]
    others = Bid.objects.filter(tender=lot.tender_id).exclude(bidder=bidder).exclude(state__in=gone)
    named = SealedPart.objects.filter(bid=OuterRef("pk"), lot__isnull=False)
    meant = Q(candidature=None) | Q(candidature__lot_numbers=[])
    meant |= Q(candidature__lot_numbers__contains=[lot.number])
    return others.filter(Exists(named.filter(lot=lot)) | (~Exists(named) & meant)).exists()


def replacement_of(bid: Bid) -> Bid | None:
    """The bid that took the place of a replaced one: it was received at the very instant of the replacement."""
    if bid.state != BidState.REPLACED:
        return None
    others = Bid.objects.filter(round=bid.round_id, bidder=bid.bidder_id, is_backup=bid.is_backup)
    return others.filter(deposited_at=bid.replaced_at).exclude(pk=bid.pk).first()


SHOWN_EVENTS = 200


def sending_of(bid: Bid) -> list[UploadEvent]:
    """What happened while the files of a bid were sent, in order; empty when they came with the form."""
    return list(UploadEvent.objects.filter(session=bid.pk).order_by("pk")[:SHOWN_EVENTS])
