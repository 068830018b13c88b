"""Reads: search, deposits, custody, and what the opening revealed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from tenders import rules
from tenders.enums import BidState, PartKind
from tenders.models import (
    Award,
    Bid,
    Contribution,
    CustodianKey,
    InterestDeclaration,
    KeyShare,
    Offer,
    OfferPrice,
    SealedPart,
    Tender,
)
from tenders.models.notices import SEARCH_CONFIG

COUNT_LIMIT = 1000


def search_tenders(
    tenders: QuerySet[Tender],
    *,
    at: datetime,
    keywords: str = "",
    phase: str = "",
    department: str = "",
    cpv: str = "",
    due_from=None,
    due_to=None,
    buyer=None,
) -> QuerySet[Tender]:
    """`tenders` narrowed by every criterion given; by relevance with keywords, else the latest published first.

    `cpv` is a branch: trailing zeros are ignored (72000000 finds 72262000). `due_from` and `due_to` are instants.
    """
    wanted = Q()
    if department:
        wanted &= Q(department_codes__contains=[department.upper()])
    if cpv:
        wanted &= Q(cpv_code__startswith=cpv.split("-")[0].rstrip("0") or "0")
    if due_from:
        wanted &= Q(submission_due_at__gte=due_from)
    if due_to:
        wanted &= Q(submission_due_at__lt=due_to)
    if buyer:
        wanted &= Q(buyer=buyer)
    tenders = tenders.filter(wanted).select_related("buyer").defer("search_vector")
    if phase:
        tenders = tenders.in_phase(phase, at)
    if not keywords.strip():
        return tenders.order_by(F("published_at").desc(nulls_first=True), "-pk")
    query = SearchQuery(keywords, config=SEARCH_CONFIG, search_type="websearch")
    found = tenders.filter(search_vector=query)
    return found.annotate(relevance=SearchRank(F("search_vector"), query)).order_by("-relevance", "-pk")


def capped_count(rows: QuerySet, limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """How many rows, counted up to a limit, and whether there are more."""
    count = rows.order_by().values("pk")[: limit + 1].count()
    return min(count, limit), count > limit


def deposit_count(tender: Tender) -> int:
    """How many bids in force are sealed or opened: the only thing told before the opening."""
    return tender.bids.filter(state__in=[BidState.DEPOSITED, BidState.OPENED, BidState.UNREADABLE]).count()


def own_bids(user, tender: Tender) -> QuerySet[Bid]:
    """The deposits of the user's own organisations on a consultation, the latest first."""
    own = rules.bids_visible_to(user).filter(tender=tender, bidder__in=rules.bidders_for(user))
    return own.select_related("bidder", "deposited_by").prefetch_related("parts__lot").order_by("-deposited_at")


def bid_in_force(tender: Tender, bidder) -> Bid | None:
    """The bidder's bid that will be opened (or was), if any."""
    states = [BidState.DEPOSITED, BidState.OPENED, BidState.UNREADABLE]
    return tender.bids.filter(bidder=bidder, state__in=states).order_by("-deposited_at").first()


def current_custodian_key(user) -> CustodianKey | None:
    """The key the user would be given shares for now; None before he makes one."""
    return CustodianKey.objects.filter(user=user, retired_at__isnull=True).first()


def interest_declaration(tender: Tender, user) -> InterestDeclaration | None:
    """What the user declared on this consultation; None before."""
    return InterestDeclaration.objects.filter(tender=tender, user=user).first()


@dataclass(frozen=True)
class CustodianStatus:
    """Where a custodian stands in the opening session."""

    custodian: object
    declaration: InterestDeclaration | None
    contributed_at: datetime | None
    expires_at: datetime | None


def opening_status(tender: Tender, at: datetime) -> list[CustodianStatus]:
    """Each named custodian with his declaration and his contribution still valid at `at`."""
    shares = KeyShare.objects.filter(tender_key__tender=tender).select_related("custodian", "contribution")
    declared = {row.user_id: row for row in InterestDeclaration.objects.filter(tender=tender)}
    return [_status(share, declared.get(share.custodian_id), at) for share in shares]


def _status(share: KeyShare, declaration, at) -> CustodianStatus:
    given = getattr(share, "contribution", None)
    if given is not None and given.expires_at <= at:
        given = None
    return CustodianStatus(
        share.custodian,
        declaration,
        given.contributed_at if given else None,
        given.expires_at if given else None,
    )


def valid_contributions(tender: Tender, at: datetime) -> QuerySet[Contribution]:
    """Contributions to this opening that have not expired."""
    return Contribution.objects.filter(share__tender_key__tender=tender, expires_at__gt=at)


def tenders_to_open(user, at: datetime) -> QuerySet[Tender]:
    """Consultations whose deadline is past and whose bids this custodian helps to open."""
    named = KeyShare.objects.filter(custodian=user).values("tender_key__tender_id")
    return Tender.objects.filter(pk__in=named).in_phase("to_open", at).select_related("buyer")


def opened_bids(tender: Tender) -> QuerySet[Bid]:
    """The opened bids with their files and offers, for the opening record and the analysis."""
    return (
        tender.bids.filter(state=BidState.OPENED)
        .select_related("bidder")
        .prefetch_related("parts__opened", "parts__lot", "offers__lot", "offers__prices__line")
    )


def offers_of(lot) -> QuerySet[Offer]:
    """The offers of a lot with their bidder, prices and scores."""
    return (
        lot.offers.select_related("bid__bidder", "bid__tender")
        .prefetch_related("prices__line", "scores__criterion", "scores__evaluator")
        .order_by("bid__deposited_at")
    )


def files_of(offer: Offer) -> QuerySet[SealedPart]:
    """The opened files that answer this lot, or the consultation as a whole."""
    parts = SealedPart.objects.filter(bid=offer.bid, kind=PartKind.FILE, opened__isnull=False)
    return parts.filter(Q(lot=offer.lot) | Q(lot__isnull=True)).select_related("opened", "lot")


def award_prices(award: Award) -> dict[str, Decimal]:
    """The unit prices of the awarded offer: line code → euros excluding tax."""
    rows = OfferPrice.objects.filter(offer_id=award.offer_id).values_list("line__code", "unit_price_excl_tax")
    return dict(rows)


def decided_awards(tender: Tender) -> QuerySet[Award]:
    """The final awards of a consultation, by lot and rank."""
    awards = Award.objects.filter(lot__tender=tender, decided_at__isnull=False)
    return awards.select_related("bidder", "lot", "offer").order_by("lot__number", "rank")


def public_awards(tender: Tender) -> dict[int, list[Award]]:
    """Lot id → its decided awards: what the award notice says."""
    by_lot = defaultdict(list)
    for award in decided_awards(tender):
        by_lot[award.lot_id].append(award)
    return dict(by_lot)
