"""Reads of the second look: the version in force, who may give it."""

from django.db.models import QuerySet

from foundation.accounts.selectors import users_with_role
from tenders import rules
from tenders.comparison import RowChange, compare_parts
from tenders.enums import ReviewState
from tenders.models import Drafter, Review, Tender


def review_in_force(tender: Tender) -> Review | None:
    """The version under review or approved; None while the draft has only been written."""
    states = [ReviewState.ASKED, ReviewState.APPROVED]
    found = tender.reviews.filter(state__in=states).select_related("asked_by", "decided_by").first()
    return _of(tender, found)


def last_review(tender: Tender) -> Review | None:
    """The last version put to review, whatever became of it."""
    return _of(tender, tender.reviews.select_related("asked_by", "decided_by").order_by("-version").first())


def _of(tender: Tender, review: Review | None) -> Review | None:
    if review is not None:
        review.tender = tender
    return review


def drafters_of(tender: Tender) -> QuerySet:
    """Who wrote in the draft: the pairs (consultation, person)."""
    return Drafter.objects.filter(tender=tender).select_related("user")


def possible_reviewers(tender: Tender) -> QuerySet:
    """Who may give the second look: those of the buyer's who approve drafts and did not write this one."""
    written = Drafter.objects.filter(tender=tender).values("user_id")
    return users_with_role(tender.buyer, *rules.REVIEWERS).exclude(pk__in=written)


def changes_since_last_version(review: Review) -> dict[str, list[RowChange]]:
    """What this version says that the one put to review before it did not; empty for a first version."""
    former = review.tender.reviews.filter(version__lt=review.version).order_by("-version").first()
    return compare_parts(former.facts, review.facts) if former else {}
