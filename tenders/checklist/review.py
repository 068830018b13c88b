"""Has another person approved this very version of the draft? Conditions of the publication and of the review."""

from django.utils.translation import gettext as _

from foundation.errors import Reason
from foundation.journal import services as journal
from tenders.checklist import publication_reasons
from tenders.enums import ReviewState
from tenders.snapshots import draft_facts


def may_be_published(tender, at):
    """Nothing misses, then another person approved this very version: what changed since sends it back to review."""
    reasons = publication_reasons(tender, at)
    yield from reasons
    if reasons:
        return
    review = tender.reviews.filter(state=ReviewState.APPROVED).first()
    if review is None or review.digest != journal.digest(draft_facts(tender)):
        yield Reason(
            _("Faites d'abord relire ce brouillon : quelqu'un d'autre approuve la version qui sera publiée."),
            code="conflict",
        )


def version_is_still_the_draft(review, at):
    """What was read is what is approved."""
    if review.digest != journal.digest(draft_facts(review.tender)):
        yield Reason(
            _("Le brouillon a changé depuis la demande : demandez une nouvelle relecture."), code="conflict"
        )


def version_may_be_published(review, at):
    """A version that the law would refuse is sent back, not approved."""
    yield from publication_reasons(review.tender, at)


def says_what_to_mend(review, at):
    """A draft comes back with words: a general one, or remarks on its parts."""
    if not review.decision_reason.strip() and not review.comments.exists():
        yield Reason(
            _("Dites ce qui est à reprendre, ici ou par une remarque sur une partie."),
            field="decision_reason",
        )
