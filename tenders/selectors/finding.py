"""Reads: the consultations that answer what a reader asks, in an order that an index gives.

By date unless relevance is asked for, and relevance is looked for among a bounded set: ranking every match of a
common word costs as much as reading all of them.
"""

from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from foundation.search.text import query, spelt_nearly
from tenders.enums import Phase, Sort
from tenders.models import Lot, Tender

RANKED_LIMIT = 500
"""Matches, the latest first, among which the most relevant are looked for."""
FEW = 200
"""Matches of words that are looked up before they are put in order."""
LONGEST_WORDS = 200
_ON_A_CARD = (
    "reference",
    "title",
    "description",
    "state",
    "procedure",
    "technique",
    "department_codes",
    "submission_due_at",
    "published_at",
    "buyer__name",
)


def search_tenders(
    tenders: QuerySet[Tender],
    *,
    at: datetime,
    q: str = "",
    phase: str = "",
    department: str = "",
    cpv: str = "",
    procedure: str = "",
    technique: str = "",
    buyer=None,
    due_after: datetime | None = None,
    due_before: datetime | None = None,
    amount_min: Decimal | None = None,
    amount_max: Decimal | None = None,
    nearly: bool = False,
) -> QuerySet[Tender]:
    """`tenders` narrowed by every criterion given, in no order.

    `cpv` is a branch: trailing zeros are ignored (72000000 finds 72262000). `due_before` excludes its instant. The
    amount is the announced maximum, else the estimated value. `nearly`: titles spelt almost like `q`.
    """
    given = {"procedure": procedure, "technique": technique, "buyer": buyer}
    wanted = Q(**{name: value for name, value in given.items() if value})
    if department:
        wanted &= Q(department_codes__contains=[department.upper()])
    if cpv:
        wanted &= Q(cpv_code__startswith=cpv.split("-", maxsplit=1)[0].rstrip("0") or "0")
    if due_after:
        wanted &= Q(submission_due_at__gte=due_after)
    if due_before:
        wanted &= Q(submission_due_at__lt=due_before)
    found = _of_amount(tenders.filter(wanted), amount_min, amount_max)
    if phase:
        found = found.in_phase(phase, at)
    words = " ".join(q.replace("\x00", "").split())[:LONGEST_WORDS]
    if words:
        found = spelt_nearly(found, "title", words) if nearly else found.filter(search_vector=query(words))
    return found


def _of_amount(tenders, low: Decimal | None, high: Decimal | None):
    if low is None and high is None:
        return tenders
    tenders = tenders.alias(amount=Coalesce("maximum_value_excl_tax", "estimated_value_excl_tax"))
    if low is not None:
        tenders = tenders.filter(amount__gte=low)
    return tenders.filter(amount__lte=high) if high is not None else tenders


def few_named(found: QuerySet[Tender]) -> QuerySet[Tender]:
    """The same rows; when they are few, by their keys.

    The database does not know how rare a word is: to give the latest matches of a word that nothing holds, it would
    read every consultation in the order of dates.
    """
    keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return found if len(keys) > FEW else found.filter(pk__in=keys)


def in_order(found: QuerySet[Tender], sort: str = "", q: str = "") -> QuerySet[Tender]:
    """The latest first, or as `sort` says; relevance means something with words only, among the latest matches."""
    if sort == Sort.DUE:
        return found.order_by("submission_due_at", "pk")
    if sort != Sort.RELEVANCE or not q.strip():
        return found.order_by("-published_at", "-pk")
    latest = found.order_by("-published_at", "-pk").values("pk")[:RANKED_LIMIT]
    among = found.model._default_manager.filter(pk__in=latest)
    return among.alias(rank=SearchRank(F("search_vector"), query(q))).order_by(
        "-rank", "-published_at", "-pk"
    )


def for_cards(found: QuerySet[Tender]) -> QuerySet[Tender]:
    """The same rows with what a card shows of each, counted for the rows of the page only."""
    lots = Lot.objects.filter(tender=OuterRef("pk")).order_by().values("tender").annotate(n=Count("pk"))
    shown = found.select_related("buyer").only(*_ON_A_CARD)
    return shown.annotate(lot_count=Subquery(lots.values("n")))


def phase_for(phase: str, sort: str) -> str:
    """The phase asked for; by deadline, only those still open are told unless another one is."""
    return phase or (Phase.RECEIVING if sort == Sort.DUE else "")
