"""Reads of the answers to impact questions, told by the opening."""

from dataclasses import dataclass

from tenders.enums import PartKind
from tenders.models import ImpactQuestion, Offer, OpenedFacts


@dataclass(frozen=True)
class ImpactAnswer:
    """A question with what an offer answers: empty words when it was left out."""

    question: ImpactQuestion
    words: str
    evidence: str


def impact_answers(offer: Offer) -> list[ImpactAnswer]:
    """What an opened offer answers to the questions of its lot, in their order. Two queries."""
    questions = list(offer.lot.impact_questions.select_related("criterion"))
    if not questions:
        return []
    told = OpenedFacts.objects.filter(
        part__bid=offer.bid_id, part__kind=PartKind.ANSWERS, part__lot=offer.lot_id
    ).first()
    rows = told.facts.get("answers", []) if told else []
    known = {row["question"]: row for row in rows}
    return [
        ImpactAnswer(
            question,
            known.get(question.pk, {}).get("words", ""),
            known.get(question.pk, {}).get("evidence", ""),
        )
        for question in questions
    ]
