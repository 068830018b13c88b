"""Reads of rounds."""

from datetime import datetime

from django.db.models import QuerySet

from foundation.journal.models import Checkpoint, Entry
from foundation.journal.selectors import latest_checkpoint, sealing_checkpoint
from tenders.enums import RoundState, TenderState
from tenders.events import CLOSE
from tenders.models import Round, Tender


def round_in_force(tender: Tender) -> Round | None:
    """The last round of a consultation, the one whose deadline is announced; None before the publication."""
    found = tender.rounds.select_related("custody").order_by("-number").first()
    if found is not None:
        found.tender = tender
    return found


def rounds_to_open(at: datetime) -> QuerySet[Round]:
    """Rounds past their deadline, still sealed, of the consultations that go on."""
    going_on = (TenderState.PUBLISHED, TenderState.OPENED)
    return Round.objects.filter(state=RoundState.SEALED, due_at__lte=at, tender__state__in=going_on)


def rounds_to_close(at: datetime) -> QuerySet[Round]:
    """Rounds past their deadline of which the journal was not told yet, whatever became of their consultation."""
    return Round.objects.filter(closed_at=None, due_at__lte=at).select_related("tender").order_by("due_at")


def closing_line(round: Round) -> Entry | None:
    """The line of the journal that ends a round, with its place in the chain."""
    lines = Entry.objects.filter(object_type=Round._meta.label, object_id=str(round.pk), action=CLOSE)
    return lines.select_related("link").first()


def closing_checkpoint(round: Round) -> Checkpoint | None:
    """The signed state of the journal that holds every deposit in time of a round; None before it is signed."""
    line = closing_line(round)
    link = getattr(line, "link", None)
    return sealing_checkpoint(link.index) if link else None


def is_signed(round: Round) -> bool:
    """Whether the state of the journal at the end of a round is signed."""
    return closing_checkpoint(round) is not None


def signs() -> bool:
    """Whether this installation signs its journal, here or in another process."""
    return latest_checkpoint() is not None
