"""Reads of consultations: the pages of a consultation, the drafts of a buyer."""

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from foundation.accounts.selectors import organisation_ids
from foundation.nested import with_rows
from needs.rules import projects_visible_to
from tenders import rules
from tenders.enums import AnswerState
from tenders.models import Answer, Criterion, Lot, Paper, Tender
from tenders.selectors.papers import papers_in_force

_TO_ANSWER = ("price_lines", "impact_questions")


def lots_with_terms() -> QuerySet[Lot]:
    """Lots with their criteria, price schedule and impact questions, whole: two queries."""
    return _with_criteria(_lots_to_answer())


def lots_to_judge() -> QuerySet[Lot]:
    """The same, with how ties were decided."""
    return _with_criteria(with_rows(Lot.objects.order_by("number"), *_TO_ANSWER, "tie_breaks"))


def _with_criteria(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    criteria = with_rows(Criterion.objects.order_by("position", "id"), "levels", "cost_items")
    return lots.prefetch_related(Prefetch("criteria", criteria))


def _lots_to_answer() -> QuerySet[Lot]:
    return with_rows(Lot.objects.order_by("number"), *_TO_ANSWER)


ANSWERED = (Prefetch("lots", _lots_to_answer()),)
"""What a firm fills in: one query."""

TERMS = (Prefetch("lots", lots_with_terms()),)
"""What the lots announce: two queries."""

JUDGED = (Prefetch("lots", lots_to_judge()),)
"""What the analysis shows of the lots: two queries."""

WHOLE = (*TERMS, "documents")
"""What the page of a whole consultation shows: its files come in the statement of the consultation."""


FOLLOWED = ("documents", "changes", "paper_values")
"""What the page of its buyer shows, whatever its state: nothing more than the statement of the consultation."""

ANNOUNCED = (*TERMS, "documents", "changes")
"""What its public page shows of what was announced: three queries."""

DRAFT = (*TERMS, Prefetch("papers", with_rows(Paper.objects.order_by("id"), "clauses")), "paper_values")
"""What the pages of a draft read for their check-list: three queries."""


def tender_detail(user, wanted=WHOLE, **others: QuerySet) -> QuerySet[Tender]:
    """Consultations this reader may see, with those of their parts that the page shows: the small tables that `wanted`
    names come in the same statement, and so do `others` (see `with_rows`).
    """
    project = projects_visible_to(user).filter(pk=OuterRef("project_id"))
    small = [part for part in wanted if isinstance(part, str)]
    return (
        with_rows(rules.tenders_visible_to(user), *small, **others)
        .select_related("buyer")
        .defer("search_vector")
        .annotate(is_project_visible=Exists(project))
        .prefetch_related(*(part for part in wanted if part not in small))
    )


def announced_to(user) -> QuerySet[Tender]:
    """Consultations this reader may see, as their public page tells them: three queries, in which are the papers
    (`public_papers` asks nothing more) and the number of published answers (`answer_count`).
    """
    papers = papers_in_force().filter(tender=OuterRef("pk"))
    answers = Answer.objects.filter(tender=OuterRef("pk"), state=AnswerState.PUBLISHED).order_by()
    count = Subquery(answers.values("tender").annotate(n=Count("pk")).values("n"))
    found = tender_detail(user, ANNOUNCED, papers_at_hand=papers)
    return found.annotate(answer_count=Coalesce(count, 0))


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
