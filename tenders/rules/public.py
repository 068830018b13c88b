"""Who may see or do what on the public side: questions and answers, saved searches, practice."""

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.selectors import has_role, organisation_ids
from tenders import rules
from tenders.enums import AnswerState
from tenders.legal import PUBLISHING
from tenders.models import Answer, PaperVersion, PracticeDeposit, Question, SavedSearch, Tender

ANSWERERS = (Role.BUYER, Role.PRESCRIBER)


def searches_visible_to(user) -> QuerySet[SavedSearch]:
    """The searches that this person keeps: nobody else's."""
    return (
        SavedSearch.objects.filter(user_id=user.pk) if user.is_authenticated else SavedSearch.objects.none()
    )


def can_answer_questions(user, tender: Tender) -> bool:
    """The buyer's buyers, and the prescribers who know the need, answer the questions of a published consultation."""
    return bool(tender.published_at) and has_role(user, tender.buyer_id, *ANSWERERS)


def tenders_answered_by(user) -> QuerySet[Tender]:
    """The published consultations whose questions this person answers."""
    return Tender.objects.filter(published_at__isnull=False, buyer_id__in=organisation_ids(user, *ANSWERERS))


def questions_visible_to(user) -> QuerySet[Question]:
    """A question is read by the firm that asked it and by those who answer it, nobody else."""
    own = Q(firm_id__in=organisation_ids(user, Role.SUPPLIER))
    return Question.objects.filter(own | Q(tender__buyer_id__in=organisation_ids(user, *ANSWERERS)))


def can_follow_question(user, question: Question) -> bool:
    """The history of a question names who asked it: it is for the firm alone."""
    return has_role(user, question.firm_id, Role.SUPPLIER)


def answers_visible_to(user) -> QuerySet[Answer]:
    """Whoever reads the consultation reads what is published; those who answer read what they prepare."""
    prepared = Q(tender__buyer_id__in=organisation_ids(user, *ANSWERERS))
    published = Q(
        state=AnswerState.PUBLISHED, tender__in=rules.tenders_visible_to(user).order_by().values("pk")
    )
    return Answer.objects.filter(prepared | published)


def can_follow_answer(user, answer: Answer) -> bool:
    """Those who answer read who prepared what."""
    return can_answer_questions(user, answer.tender)


def can_publish_answer(user, answer: Answer) -> bool:
    """Those who answer publish."""
    return can_answer_questions(user, answer.tender)


def practice_deposits_visible_to(user) -> QuerySet[PracticeDeposit]:
    """What this person deposited to practise: nobody else's."""
    if not user.is_authenticated:
        return PracticeDeposit.objects.none()
    return PracticeDeposit.objects.filter(user_id=user.pk)


def can_view_tender(user, tender: Tender) -> bool:
    """What `rules.tenders_visible_to` says, of one consultation at hand."""
    if rules.works_for_buyer(user, tender):
        return True
    if tender.published_at is None:
        return False
    firms = organisation_ids(user, Role.SUPPLIER)
    return tender.procedure in PUBLISHING or tender.invited.filter(pk__in=firms).exists()


def can_read_paper(user, version: PaperVersion) -> bool:
    """A published version of a written paper is everybody's; another one is for the buyer's people."""
    return version.is_public or rules.works_for_buyer(user, version.tender)
