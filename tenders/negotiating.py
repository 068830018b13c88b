"""Reads of the negotiation: topics that may be discussed, who is heard, commitments that become clauses."""

from dataclasses import dataclass

from django.db.models import QuerySet

from foundation.journal import services as journal
from tenders.enums import MeetingState
from tenders.models import Commitment, Criterion, ImpactQuestion, Lot, NegotiationMeeting, Offer
from tenders.ranking import ranking


@dataclass(frozen=True)
class Topic:
    """A topic offered for the grid: `code` names its source, `label` its words."""

    code: str
    label: str
    criterion: Criterion | None = None
    question: ImpactQuestion | None = None

    @property
    def fields(self) -> dict:
        """As a row of the grid keeps it."""
        return {"label": self.label[:400], "criterion": self.criterion, "question": self.question}


def topics_offered(lot: Lot) -> list[Topic]:
    """What the lot announced: its quality criteria, then its impact questions."""
    marked = [row for row in lot.scored_criteria() if not row.is_scored_by_formula]
    topics = [Topic(f"criterion-{row.pk}", row.full_label, criterion=row) for row in marked]
    return topics + [
        Topic(f"question-{row.pk}", row.text, question=row) for row in lot.impact_questions.all()
    ]


def shortlist(lot: Lot) -> list[Offer]:
    """The offers that are negotiated: all those still compared, in the order of the ranking (R2161-17).

    Candidates are fewer only when their number was announced, and then chosen before they sent an offer.
    """
    return [row.offer for row in ranking(lot) if not row.exclusion and not row.is_eliminated]


def meetings_of_bid(bid) -> QuerySet[NegotiationMeeting]:
    """The meetings that a candidate is invited to."""
    rows = NegotiationMeeting.objects.filter(offer__bid=bid).exclude(state=MeetingState.PREPARED)
    return rows.select_related("negotiation__lot", "offer__lot").order_by("negotiation__lot__number")


def record_digest(meeting: NegotiationMeeting) -> str:
    """The digest of what a record says: its outcomes and its commitments. Another one as soon as either changes."""
    outcomes = meeting.notes.order_by("pk").values_list("topic_id", "outcome")
    commitments = meeting.commitments.order_by("pk").values_list("topic_id", "clause", "indicator", "target")
    return journal.digest({"outcomes": [*map(list, outcomes)], "commitments": [*map(list, commitments)]})


def commitments_of(lot: Lot, bidder) -> QuerySet[Commitment]:
    """The countersigned commitments of a firm on a lot: clauses of its contract, each with its indicator."""
    signed = Commitment.objects.filter(
        meeting__negotiation__lot=lot,
        meeting__offer__bid__bidder=bidder,
        meeting__state=MeetingState.SIGNED,
    )
    return signed.select_related("topic").order_by("topic__position", "pk")
