"""Reads of consultations: the public search, the pages of a consultation, the drafts of a buyer."""

from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef, Q, QuerySet, prefetch_related_objects

from foundation.accounts.selectors import organisation_ids
from foundation.search.text import SEARCH_CONFIG
from needs.rules import projects_visible_to
from tenders import rules
from tenders.enums import CriterionKind
from tenders.models import Lot, Tender

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


TERMS = ("lots__criteria__levels", "lots__price_lines", "lots__impact_questions")
"""What the lots announce, one query each; `with_costs` adds the costs of use."""

WHOLE = (*TERMS, "documents")
"""What the page of a whole consultation shows, one query each."""


def with_costs(lots) -> list[Lot]:
    """The same lots, with the costs of use of their life-cycle criteria: one query, none without such criteria."""
    lots = list(lots)
    criteria = [row for lot in lots for row in lot.criteria.all() if row.kind == CriterionKind.COST]
    if criteria:
        prefetch_related_objects(criteria, "cost_items")
    return lots


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
