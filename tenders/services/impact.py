"""Answers to the impact questions of a lot: checked, then sealed with its prices."""

from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal
from tenders.envelopes import Envelope
from tenders.models import ImpactQuestion, Lot

LONGEST = 4000


def impact_check(lot: Lot, answers: dict[int, dict[str, str]]) -> None:
    """Raises Refusal naming each question of a lot that is left out: {question: {"words", "evidence"}}."""
    reasons = [
        reason
        for question in lot.impact_questions.all()
        for reason in _reasons(question, answers.get(question.pk, {}))
    ]
    if reasons:
        raise Refusal.of(reasons)


def impact_seal(envelope: Envelope, lot: Lot, answers: dict[int, dict[str, str]]) -> None:
    """Seal the answers of a lot. Raises Refusal as `impact_check` does."""
    impact_check(lot, answers)
    questions = list(lot.impact_questions.all())
    told = [
        {
            "question": question.pk,
            "words": answers[question.pk].get("words", "").strip()[:LONGEST],
            "evidence": answers[question.pk].get("evidence", "").strip()[:LONGEST],
        }
        for question in questions
        if answers.get(question.pk, {}).get("words", "").strip()
    ]
    if told:
        envelope.seal_answers(lot, {"answers": told})


def _reasons(question: ImpactQuestion, answer: dict[str, str]) -> list[Reason]:
    words, evidence = answer.get("words", "").strip(), answer.get("evidence", "").strip()
    if question.is_required and not words:
        return [Reason(_("L'acheteur attend une réponse à cette question."), field=f"impact-{question.pk}")]
    if words and question.evidence and not evidence:
        message = _("Dites où trouver la preuve : une adresse, ou le nom d'un fichier joint.")
        return [Reason(message, field=f"preuve-{question.pk}")]
    return []
