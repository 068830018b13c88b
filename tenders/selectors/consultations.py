"""Reads of consultations: the pages of a consultation, the drafts of a buyer."""

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from foundation.accounts.selectors import organisation_ids
from needs.rules import projects_visible_to
from tenders import rules
from tenders.enums import CriterionKind
from tenders.models import Lot, Tender

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
