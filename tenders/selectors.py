"""Reads: search, deposits, custody, and what the opening revealed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids, users_with_role
from foundation.files.selectors import inspections_of
from foundation.search.text import SEARCH_CONFIG
from needs.rules import projects_visible_to
from tenders import rules
from tenders.enums import BidState, CriterionKind, PartKind, TenderState
from tenders.models import (
    Award,
    Bid,
    Contribution,
    CustodianKey,
    InterestDeclaration,
    KeyShare,
    Lot,
    Offer,
    OfferPrice,
    Score,
    SealedPart,
    Tender,
)

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
    """`tenders` narrowed by every criterion given; by relevance with keywords, else the latest published
    first.

    `cpv` is a branch: trailing zeros are ignored (72000000 finds 72262000). `due_from` and `due_to` are
    instants.
    """
    wanted = Q()
    if department:
        wanted &= Q(department_codes__contains=[department.upper()])
    if cpv:
        wanted &= Q(cpv_code__startswith=cpv.split("-", maxsplit=1)[0].rstrip("0") or "0")
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
    return (
        own.select_related("bidder", "deposited_by").prefetch_related("parts__lot").order_by("-deposited_at")
    )


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


def tenders_to_score(user) -> QuerySet[Tender]:
    """Consultations whose offers this evaluator has not all marked and submitted, the oldest opening
    first.
    """
    houses = organisation_ids(user, Role.EVALUATOR)
    given = Score.objects.filter(evaluator=user, offer=OuterRef("pk"), submitted_at__isnull=False)
    to_mark = Offer.objects.filter(
        ~Exists(given), bid__tender=OuterRef("pk"), lot__criteria__kind=CriterionKind.QUALITY
    )
    opened = Tender.objects.filter(Exists(to_mark), state=TenderState.OPENED, buyer_id__in=houses)
    return opened.select_related("buyer").defer("search_vector").order_by("opened_at", "pk")


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


# Reads of the pages.


WHOLE = ("lots__criteria", "lots__price_lines", "documents")
"""What the page of a whole consultation shows, one query each."""


def tender_detail(user, wanted=WHOLE) -> QuerySet[Tender]:
    """Consultations this reader may see, with those of their parts that the page shows."""
    project = projects_visible_to(user).filter(pk=OuterRef("project_id"))
    return (
        rules.tenders_visible_to(user)
        .select_related("buyer")
        .defer("search_vector")
        .annotate(is_project_visible=Exists(project))
        .prefetch_related(*wanted)
    )


def tenders_of_buyer(user) -> QuerySet[Tender]:
    """Consultations of the organisations this person works for, drafts included, the latest first."""
    own = Tender.objects.filter(buyer_id__in=organisation_ids(user, *rules.DRAFT_READERS))
    return own.select_related("buyer").defer("search_vector").order_by("-created_at", "-pk")


def draft_from_project(project) -> dict:
    """What a project already says of its consultation."""
    brief = getattr(project, "brief", None)
    if brief is None:
        return {"title": project.title}
    told = [text.strip() for text in (brief.problem, brief.users, brief.constraints) if text.strip()]
    return {
        "title": project.title,
        "description": "\n\n".join(told),
        "estimated_value_excl_tax": brief.budget_max_excl_tax,
    }


def possible_custodians(tender: Tender) -> QuerySet:
    """Custodians of the buyer; `has_key` says whether each has made a personal key."""
    keys = CustodianKey.objects.filter(user=OuterRef("pk"), retired_at__isnull=True)
    return users_with_role(tender.buyer, Role.CUSTODIAN).annotate(has_key=Exists(keys))


@dataclass(frozen=True)
class LotResult:
    """A lot of an awarded consultation as the public reads it."""

    lot: Lot
    holders: list[str]
    offer_count: int


def published_results(tender: Tender) -> list[LotResult]:
    """The results, lot by lot; empty before the award is decided."""
    if not tender.awarded_at:
        return []
    awards = public_awards(tender)
    lots = tender.lots.annotate(offer_count=Count("offers"))
    return [
        LotResult(lot, [award.bidder.name for award in awards.get(lot.pk, [])], lot.offer_count)
        for lot in lots
    ]


@dataclass(frozen=True)
class LotProgress:
    """How far the analysis of a lot is, and whether this reader still has marks to give."""

    lot: Lot
    offer_count: int
    evaluator_count: int
    is_mine_done: bool
    holders: list[str]


def analysis_progress(tender: Tender, user) -> list[LotProgress]:
    """Each lot with its offers, the evaluators who submitted their marks, the proposed holders."""
    given = Count(
        "offers__scores__evaluator", filter=Q(offers__scores__submitted_at__isnull=False), distinct=True
    )
    lots = tender.lots.annotate(offer_count=Count("offers", distinct=True), evaluator_count=given)
    lots = lots.prefetch_related("awards__bidder")
    submitted = Score.objects.filter(evaluator=user, submitted_at__isnull=False, offer__bid__tender=tender)
    mine = set(submitted.values_list("offer__lot_id", flat=True))
    return [
        LotProgress(
            lot,
            lot.offer_count,
            lot.evaluator_count,
            lot.pk in mine,
            [award.bidder.name for award in lot.awards.all()],
        )
        for lot in lots
    ]


def unopened_bids(tender: Tender) -> QuerySet[Bid]:
    """Bids that were received and not opened: late, replaced, withdrawn or unreadable."""
    closed = [BidState.LATE, BidState.REPLACED, BidState.WITHDRAWN, BidState.UNREADABLE]
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


def visible_scores(user, lot: Lot) -> QuerySet[Score]:
    """Marks on a lot that this reader may see, with their words."""
    scores = rules.scores_visible_to(user).filter(offer__lot=lot)
    return scores.select_related("criterion", "evaluator", "offer__bid__bidder").order_by(
        "criterion__position", "offer_id", "evaluator__full_name"
    )


def own_scores(user, offer: Offer) -> list[Score]:
    """What this evaluator gave to an offer so far."""
    return list(Score.objects.filter(offer=offer, evaluator=user).select_related("criterion"))


def own_deposits(user) -> QuerySet[Bid]:
    """Every deposit of the user's organisations, the latest first."""
    own = Bid.objects.filter(bidder__in=rules.bidders_for(user))
    return own.select_related("tender__buyer", "bidder").order_by("-deposited_at")


def reasons_for_bidder(bid: Bid) -> list[Score]:
    """The words of the evaluators on the offers of a bid, told to its bidder once the award is decided
    (R2181-3).
    """
    if not bid.tender.awarded_at:
        return []
    scores = Score.objects.filter(offer__bid=bid, submitted_at__isnull=False)
    return list(
        scores.select_related("criterion", "offer").order_by("offer__lot__number", "criterion__position")
    )


def pieces_of(tender: Tender) -> list[Tender | Bid | Offer]:
    """What the documents of the procedure are about: the consultation, its bids, the offers that the letters answer."""
    return [tender, *tender.bids.all(), *Offer.objects.filter(bid__tender=tender)]
