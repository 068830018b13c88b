"""Reads: questions, answers, and until when both are asked and given."""

from datetime import datetime

from django.db.models import QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.selectors import users_with_role
from tenders import legal, rules
from tenders.enums import AnswerState
from tenders.models import Answer, Question, Tender
from tenders.selectors.audience import audience


def questions_due_at(tender: Tender) -> datetime | None:
    """Until when firms ask: the date announced, else the one that leaves time to answer."""
    if tender.questions_due_at or not tender.submission_due_at:
        return tender.questions_due_at
    return legal.questions_due_at(tender.procedure, tender.delay_ground, tender.submission_due_at)


def takes_questions(tender: Tender, at: datetime) -> bool:
    """Whether a firm may ask at `at`."""
    return tender.is_receiving(at) and at < questions_due_at(tender)


def published_answers(tender: Tender) -> QuerySet[Answer]:
    """What everyone reads, in the order of the numbers."""
    return tender.answers.filter(state=AnswerState.PUBLISHED).order_by("number")


def draft_answers(tender: Tender) -> QuerySet[Answer]:
    """What the buyer prepares, with the questions that each answers."""
    drafts = tender.answers.filter(state=AnswerState.DRAFT).order_by("pk")
    return drafts.prefetch_related("questions__files")


def waiting_questions(tender: Tender) -> QuerySet[Question]:
    """Questions that no answer takes up yet, without their authors."""
    return _nameless(tender.questions.filter(answer=None))


def questions_for(answer: Answer) -> QuerySet[Question]:
    """Questions that this draft answers or may answer."""
    return _nameless(answer.tender.questions.filter(answer__in=[answer, None])) | waiting_questions(
        answer.tender
    )


def _nameless(questions: QuerySet[Question]) -> QuerySet[Question]:
    return questions.defer("firm", "asked_by").prefetch_related("files").order_by("pk")


def own_questions(user, tender: Tender) -> QuerySet[Question]:
    """What the user's own firms asked, with the answers."""
    own = tender.questions.filter(firm__in=rules.bidders_for(user))
    return own.select_related("answer").prefetch_related("files").order_by("asked_at")


def late_answers_deadline(tender: Tender, at: datetime) -> datetime | None:
    """The deadline to announce if answers leave at `at`; None while they are in time."""
    if not tender.submission_due_at:
        return None
    return legal.deadline_after(tender.procedure, tender.delay_ground, tender.submission_due_at, at)


@audience
def askers(tender: Tender) -> list[User]:
    """The suppliers of every firm that asked something."""
    asked = tender.questions.select_related("firm").order_by("firm_id").distinct("firm_id")
    return [person for question in asked for person in users_with_role(question.firm, Role.SUPPLIER)]


def information_rule(tender: Tender) -> legal.Rule | None:
    """How many days before the deadline answers are due by law; None where it fixes none."""
    if not tender.submission_due_at:
        return None
    return legal.information_rule(tender.procedure, tender.delay_ground, tender.submission_due_at.date())


def answers_due_at(tender: Tender) -> datetime | None:
    """By when answers leave without asking for more time."""
    if not tender.submission_due_at:
        return None
    return legal.answers_due_at(tender.procedure, tender.delay_ground, tender.submission_due_at)
