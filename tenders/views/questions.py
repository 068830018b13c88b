"""Questions and answers: what everyone reads, what a firm asks, what the buyer prepares."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import now
from foundation.files.views import to_signed_link
from foundation.screens.doors import attempt, submitted
from tenders import downloads, rules, selectors, services
from tenders.forms.questions import AnswerForm, QuestionForm
from tenders.rules import public
from tenders.views.doors import allowed_tender, buyer_crumbs, public_crumbs
from tenders.views.following import published


@require_safe
def questions(request, pk):
    """The answers that everyone reads, one's own questions, and where to ask."""
    tender, at = published(request, pk), now()
    supplies = rules.answers_tenders(request.user)
    context = {
        "tender": tender,
        "answers": selectors.published_answers(tender),
        "own": selectors.own_questions(request.user, tender) if supplies else [],
        "due_at": selectors.questions_due_at(tender),
        "takes_questions": selectors.takes_questions(tender, at),
        "may_ask": supplies,
        "may_answer": public.can_answer_questions(request.user, tender),
        "breadcrumbs": public_crumbs(_("Questions et réponses"), tender),
    }
    return render(request, "tenders/questions/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def question_ask(request, pk):
    """Ask the buyer something."""
    tender = published(request, pk)
    firm = selectors.answering_firm(request.user, request.GET.get("organisation", ""))
    if firm is None:
        raise Http404
    form = QuestionForm(request.POST or None, request.FILES or None)

    def call(data):
        return services.question_ask(tender=tender, firm=firm, by=request.user, at=now(), **data)

    if submitted(request, form, call):
        messages.success(
            request, _("Votre question est partie, sans votre nom. La réponse sera publiée ici.")
        )
        return redirect("tenders:questions", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        "firm": firm,
        "bidders": rules.bidders_for(request.user),
        "due_at": selectors.questions_due_at(tender),
        "takes_questions": selectors.takes_questions(tender, now()),
        "breadcrumbs": [*public_crumbs(), *_questions_crumb(tender), (_("Poser une question"), None)],
    }
    return render(request, "tenders/questions/ask.html", context)


def _questions_crumb(tender) -> list[tuple]:
    return [
        (tender.reference, reverse("tenders:detail", args=[tender.pk])),
        (_("Questions et réponses"), reverse("tenders:questions", args=[tender.pk])),
    ]


@login_required
@require_safe
def question_file(request, pk, question_pk, position):
    """A file sent with a question, for the firm and for the buyer."""
    visible = public.questions_visible_to(request.user).filter(tender_id=pk)
    question = get_object_or_404(visible, pk=question_pk)
    piece = get_object_or_404(question.files, position=position)
    return to_signed_link(request, downloads.QUESTION_FILE, piece.pk)


@login_required
@require_safe
def answers_prepare(request, pk):
    """The buyer's table: what waits, what is ready, and the date by which it must leave."""
    tender, at = allowed_tender(request, pk, public.can_answer_questions, wanted=()), now()
    context = {
        "tender": tender,
        "waiting": selectors.waiting_questions(tender),
        "drafts": selectors.draft_answers(tender),
        "answers": selectors.published_answers(tender),
        "due_at": selectors.questions_due_at(tender),
        "is_receiving": tender.is_receiving(at),
        "may_extend": rules.can_correct_tender(request.user, tender),
        **_timing(tender, at),
        "breadcrumbs": buyer_crumbs(_("Questions"), tender),
    }
    return render(request, "tenders/questions/prepare.html", context)


def _timing(tender, at) -> dict:
    """By when the answers must leave, and the deadline that late ones call for (R2132-6)."""
    rule = selectors.information_rule(tender)
    return {
        "rule": rule,
        "answers_due_at": selectors.answers_due_at(tender),
        "later_due_at": selectors.late_answers_deadline(tender, at) if tender.is_receiving(at) else None,
    }


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def answer_write(request, pk, answer_pk=None):
    """Group questions and write their answer; it stays between the buyer's people until it is published."""
    tender = allowed_tender(request, pk, public.can_answer_questions, wanted=())
    answer = get_object_or_404(selectors.draft_answers(tender), pk=answer_pk) if answer_pk else None
    choices = selectors.questions_for(answer) if answer else selectors.waiting_questions(tender)
    form = AnswerForm(request.POST or None, questions=choices, initial=_initial(request, answer, choices))

    def call(data):
        return services.answer_write(tender=tender, answer=answer, by=request.user, at=now(), **data)

    if submitted(request, form, call):
        messages.success(
            request, _("La réponse est prête. Elle paraîtra quand vous publierez, avec les autres.")
        )
        return redirect("tenders:answers_prepare", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        "answer": answer,
        "breadcrumbs": [
            *buyer_crumbs("", tender),
            (_("Questions"), reverse("tenders:answers_prepare", args=[tender.pk])),
            (_("Réponse"), None),
        ],
    }
    return render(request, "tenders/questions/answer.html", context)


def _initial(request, answer, choices) -> dict:
    """What the draft holds; for a new one, the question ticked on the table and its own words to start from."""
    if answer:
        taken = [question.pk for question in answer.questions.all()]
        return {"questions": taken, "question": answer.question, "text": answer.text}
    ticked = {str(value) for value in request.GET.getlist("question")}
    chosen = [question for question in choices if str(question.pk) in ticked]
    return {
        "questions": [question.pk for question in chosen],
        "question": chosen[0].text if len(chosen) == 1 else "",
    }


@login_required
@require_POST
def answer_remove(request, pk, answer_pk):
    """Throw a draft away."""
    tender = allowed_tender(request, pk, public.can_answer_questions, wanted=())
    answer = get_object_or_404(selectors.draft_answers(tender), pk=answer_pk)
    done = _("Le projet de réponse est supprimé : ses questions attendent de nouveau.")
    attempt(request, lambda: services.answer_remove(answer=answer, by=request.user, at=now()), done)
    return redirect("tenders:answers_prepare", pk=tender.pk)


@login_required
@require_POST
def answers_publish(request, pk):
    """Publish all that is ready, for everybody at once."""
    tender = allowed_tender(request, pk, public.can_answer_questions, wanted=())
    count = selectors.draft_answers(tender).count()
    done = ngettext("%d réponse est publiée.", "%d réponses sont publiées au même instant.", count) % count
    attempt(request, lambda: services.answers_publish(tender=tender, by=request.user, at=now()), done)
    return redirect("tenders:answers_prepare", pk=tender.pk)
