"""Ask, group, answer, publish to all at the same instant (J5)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.files import services as files
from foundation.journal import services as journal
from tenders import rules, webhooks
from tenders.enums import AnswerState
from tenders.models import Answer, Question, QuestionFile, Tender
from tenders.notifications import exact_words, tell_answers_published, tell_question_asked
from tenders.profiles import QUESTION_FILE
from tenders.rules import public
from tenders.selectors import questions_due_at
from tenders.services.locking import locked_tender, steady_tender
from tenders.workflow import ANSWER

MOST_FILES = 5
LONGEST = 5_000
"""Characters of a question."""


def question_ask(*, tender: Tender, firm, text: str, uploads: Iterable = (), by, at: datetime) -> Question:
    """Ask the buyer something, with files. Raises Refusal: not a supplier of the firm, too late, nothing said."""
    text, uploads = text.strip(), list(uploads)
    _refuse_question(tender, firm, text, uploads, by=by, at=at)
    # Before the transaction: a file may be long to check, and the consultation is not held meanwhile.
    checked = [files.check_upload(upload, profile=QUESTION_FILE, field="uploads") for upload in uploads]
    return _ask(tender, firm, text, list(zip(uploads, checked, strict=True)), by=by, at=at)


@transaction.atomic
def _ask(tender: Tender, firm, text: str, pieces: list[tuple], *, by, at: datetime) -> Question:
    tender = steady_tender(tender)
    _refuse_question(tender, firm, text, pieces, by=by, at=at)
    question = Question.objects.create(tender=tender, firm=firm, asked_by=by, asked_at=at, text=text)
    for rank, (upload, facts) in enumerate(pieces, start=1):
        _attach(question, rank, upload, facts)
    tell_question_asked(question, at)
    after = {"text": text, "files": [facts.sha256 for _upload, facts in pieces]}
    journal.record(by=by, action="tenders.question_ask", obj=question, at=at, after=after, organisation=firm)
    return question


def _refuse_question(tender: Tender, firm, text: str, uploads: list, *, by, at: datetime) -> None:
    if not rules.can_submit_bid(by, firm):
        raise Refusal(_("Seul un fournisseur de l’entreprise pose ses questions."), code="forbidden")
    if not rules.tenders_visible_to(by).filter(pk=tender.pk).exists():
        raise Refusal(_("Cette consultation n’est pas la vôtre."), code="forbidden")
    _refuse_too_late(tender, at)
    if not text:
        raise Refusal(_("Écrivez votre question."), field="text")
    if len(text) > LONGEST:
        raise Refusal(
            _("Une question a %(count)d caractères au plus : joignez un fichier.") % {"count": LONGEST},
            field="text",
        )
    if len(uploads) > MOST_FILES:
        raise Refusal(_("Joignez %(count)d fichiers au plus.") % {"count": MOST_FILES}, field="uploads")


def _refuse_too_late(tender: Tender, at: datetime) -> None:
    if not tender.is_receiving(at):
        raise Refusal(_("Cette consultation ne reçoit plus de réponse, ni de question."), code="too_late")
    due_at = questions_due_at(tender)
    if at >= due_at:
        raise Refusal(
            _(
                "Les questions étaient reçues jusqu’au %(due)s : l’acheteur n’aurait plus le temps d’y répondre."
            )
            % {"due": exact_words(due_at)},
            code="too_late",
        )


def _attach(question: Question, rank: int, upload, facts) -> None:
    folder = f"tenders/questions/{question.tender_id}/{question.pk}"
    # Stored under a neutral name: the path of a file is read by more people than its row.
    neutral = f"piece-{rank}.{facts.name.rpartition('.')[2].lower()}"
    stored = files.store(upload, folder=folder, name=neutral)
    QuestionFile.objects.create(
        question=question,
        position=rank,
        name=facts.name,
        file=stored,
        content_type=facts.media_type,
        size=facts.size,
        sha256=facts.sha256,
    )


@transaction.atomic
def answer_write(
    *, tender: Tender, questions: Iterable[Question], question: str, text: str, answer=None, by, at: datetime
) -> Answer:
    """Prepare what will be answered to these questions together; nobody but the buyer reads it yet. Raises Refusal."""
    tender = _tender_to_answer(tender, by)
    answer = _draft(tender, answer) if answer else Answer(tender=tender)
    answer.question, answer.text = question.strip(), text.strip()
    answer.written_by, answer.written_at = by, at
    answer.save()
    chosen = [row.pk for row in questions]
    answer.questions.exclude(pk__in=chosen).update(answer=None)
    # Those of another answer stay there: a question is answered once.
    tender.questions.filter(pk__in=chosen, answer=None).update(answer=answer)
    _record("tenders.answer_write", answer, by, at)
    return answer


@transaction.atomic
def answer_remove(*, answer: Answer, by, at: datetime) -> None:
    """Throw a draft away; its questions wait again."""
    tender = _tender_to_answer(answer.tender, by)
    answer = _draft(tender, answer)
    _record("tenders.answer_remove", answer, by, at)
    answer.questions.update(answer=None)
    answer.delete()


@transaction.atomic
def answers_publish(*, tender: Tender, by, at: datetime) -> list[Answer]:
    """Publish every draft at once: same instant, same words, for everybody (J5). Raises Refusal.

    An answer is for those who may still answer the consultation: nothing is published after its deadline.
    """
    tender = _tender_to_answer(tender, by)
    if not tender.is_receiving(at):
        raise Refusal(
            _("La date limite est passée : une réponse ne servirait plus à personne."), code="too_late"
        )
    drafts = list(
        tender.answers.select_for_update(of=("self",)).filter(state=AnswerState.DRAFT).order_by("pk")
    )
    if not drafts:
        raise Refusal(_("Aucune réponse n’est prête : écrivez-en une."), code="conflict")
    reasons = [reason for answer in drafts for reason in ANSWER.reasons(answer, "publish", at)]
    if reasons:
        raise Refusal.of(reasons)
    last = tender.answers.aggregate(last=Max("number"))["last"] or 0
    for number, answer in enumerate(drafts, start=last + 1):
        ANSWER.apply(answer, "publish", by=by, at=at)
        answer.number, answer.published_at = number, at
        answer.save()
    tell_answers_published(tender, drafts, at)
    webhooks.tell_answered(tender, drafts, at)
    for answer in drafts:
        _record("tenders.answer_publish", answer, by, at, before={"state": AnswerState.DRAFT})
    return drafts


def _tender_to_answer(tender: Tender, by) -> Tender:
    tender = locked_tender(tender)
    if not public.can_answer_questions(by, tender):
        raise Refusal(_("Seuls les acheteurs de l’organisation répondent aux questions."), code="forbidden")
    return tender


def _draft(tender: Tender, answer: Answer) -> Answer:
    found = (
        tender.answers.select_for_update(of=("self",)).filter(pk=answer.pk, state=AnswerState.DRAFT).first()
    )
    if found is None:
        raise Refusal(_("Cette réponse est publiée : elle ne change plus."), code="conflict")
    return found


def _record(action: str, answer: Answer, by, at, before=None) -> None:
    after = {"state": answer.state, "number": answer.number, "question": answer.question, "text": answer.text}
    journal.record(
        by=by,
        action=action,
        obj=answer,
        at=at,
        before=before,
        after=after,
        organisation=answer.tender.buyer,
    )
