"""Messages of this stage, by subject: the procedure, candidatures, the judging of the offers, the public side."""

from foundation.notifications.registry import register
from tenders.notifications import candidatures, judging, procedure, public
from tenders.notifications.candidatures import tell_admitted, tell_answered, tell_asked, tell_excluded
from tenders.notifications.judging import (
    tell_award_reversed,
    tell_low_offer_asked,
    tell_low_offer_decided,
    tell_meeting_invited,
    tell_piece_refused,
    tell_pieces_asked,
    tell_reasons_answered,
    tell_reasons_asked,
    tell_record_shared,
    tell_served,
)
from tenders.notifications.procedure import (
    exact_words,
    tell_awarded,
    tell_cancelled,
    tell_changed,
    tell_deposited,
    tell_invited,
    tell_review_asked,
    tell_review_decided,
)
from tenders.notifications.public import (
    tell_answers_published,
    tell_follow_asked,
    tell_question_asked,
    tell_search_found,
)

__all__ = [
    "declare",
    "exact_words",
    "tell_admitted",
    "tell_answered",
    "tell_answers_published",
    "tell_asked",
    "tell_award_reversed",
    "tell_awarded",
    "tell_cancelled",
    "tell_changed",
    "tell_deposited",
    "tell_excluded",
    "tell_follow_asked",
    "tell_invited",
    "tell_low_offer_asked",
    "tell_low_offer_decided",
    "tell_meeting_invited",
    "tell_piece_refused",
    "tell_pieces_asked",
    "tell_question_asked",
    "tell_reasons_answered",
    "tell_reasons_asked",
    "tell_record_shared",
    "tell_review_asked",
    "tell_review_decided",
    "tell_search_found",
    "tell_served",
]


def declare() -> None:
    """Make the kinds known to the foundation."""
    for kind in (*procedure.KINDS, *candidatures.KINDS, *judging.KINDS, *public.KINDS):
        register(kind)
