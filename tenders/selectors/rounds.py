"""Reads of rounds."""

from datetime import datetime

from django.db.models import QuerySet

from tenders.enums import RoundState, TenderState
from tenders.models import Round, Tender


def round_in_force(tender: Tender) -> Round | None:
    """The last round of a consultation, the one whose deadline is announced; None before the publication."""
    found = tender.rounds.select_related("key").order_by("-number").first()
    if found is not None:
        found.tender = tender
    return found


def rounds_to_open(at: datetime) -> QuerySet[Round]:
    """Rounds past their deadline, still sealed, of the consultations that go on."""
    going_on = (TenderState.PUBLISHED, TenderState.OPENED)
    return Round.objects.filter(state=RoundState.SEALED, due_at__lte=at, tender__state__in=going_on)
