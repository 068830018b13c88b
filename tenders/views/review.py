"""The second look at a draft: one page for who wrote it and who reads it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import rules, selectors, services
from tenders.enums import ReviewState, TenderState
from tenders.forms.review import AskReviewForm, CommentForm, SendBackForm
from tenders.models import ReviewComment
from tenders.snapshots import SECTIONS
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps


@login_required
@require_safe
def review(request, pk):
    """Where the second look stands: the version, what it says, what changed, what was said of it."""
    tender = _draft(request, pk)
    return _page(request, tender)


def _draft(request, pk):
    """A draft that is or was put to review, for the buyer's people."""
    return allowed_tender(request, pk, rules.works_for_buyer, wanted=())


def _page(request, tender, **forms):
    found = selectors.last_review(tender)
    is_asked = found is not None and found.state == ReviewState.ASKED
    may_edit = rules.can_ask_review(request.user, tender)
    may_review = is_asked and rules.can_review_draft(request.user, found)
    context = {
        "tender": tender,
        "review": found,
        "sections": _sections(found) if found else [],
        "may_ask": may_edit
        and (found is None or found.state in (ReviewState.SENT_BACK, ReviewState.REOPENED)),
        "may_reopen": may_edit
        and found is not None
        and found.state in (ReviewState.ASKED, ReviewState.APPROVED),
        "may_settle": may_edit,
        "may_publish": _may_publish(request.user, found),
        "may_review": may_review,
        "reviewers": selectors.possible_reviewers(tender) if tender.state == TenderState.DRAFT else [],
        "ask_form": AskReviewForm(),
        "comment_form": CommentForm(),
        "send_back_form": SendBackForm(),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(_("Relecture"), tender),
        **forms,
    }
    return render(request, "tenders/review.html", context)


def _may_publish(user, found) -> bool:
    if found is None or found.state != ReviewState.APPROVED or found.tender.state != TenderState.DRAFT:
        return False
    return rules.can_publish_tender(user, found.tender)


def _sections(found) -> list[dict]:
    """Each part with its rows, what changed since the version before, and the remarks made on it."""
    changes = selectors.changes_since_last_version(found)
    remarks = list(found.comments.select_related("written_by", "settled_by"))
    return [
        {
            "code": code,
            "label": label,
            "rows": found.facts.get(code, []),
            "changes": changes.get(code, []),
            "remarks": [remark for remark in remarks if remark.section == code],
        }
        for code, label in SECTIONS.items()
        if found.facts.get(code)
    ]


@login_required
@require_POST
def review_ask(request, pk):
    """Put the draft to review as it stands."""
    tender = allowed_tender(request, pk, rules.can_ask_review, wanted=())
    form = AskReviewForm(request.POST)
    if submitted(
        request, form, lambda data: services.review_ask(tender=tender, **data, by=request.user, at=now())
    ):
        return redirect("tenders:review", pk=pk)
    return _page(request, tender, ask_form=form)


def _under_review(request, pk):
    """The draft and its version under review, or 404 for who may not review it."""
    tender = _draft(request, pk)
    found = selectors.review_in_force(tender)
    if found is None or found.state != ReviewState.ASKED or not rules.can_review_draft(request.user, found):
        raise Http404
    return tender, found


@login_required
@require_POST
def review_comment(request, pk):
    """Say something of one part."""
    tender, found = _under_review(request, pk)
    form = CommentForm(request.POST)
    call = partial(services.review_comment, review=found, by=request.user, at=now())
    if submitted(request, form, lambda data: call(**data)):
        return redirect("tenders:review", pk=pk)
    return _page(request, tender, comment_form=form)


@login_required
@require_POST
@fresh_sign_in_required
def review_approve(request, pk):
    """Approve the version that is shown."""
    _tender, found = _under_review(request, pk)
    call = partial(services.review_approve, review=found, by=request.user, at=now())
    attempt(request, call, _("La version est approuvée : elle peut être publiée telle quelle."))
    return redirect("tenders:review", pk=pk)


@login_required
@require_POST
def review_send_back(request, pk):
    """Send the draft back."""
    tender, found = _under_review(request, pk)
    form = SendBackForm(request.POST)
    call = partial(services.review_send_back, review=found, by=request.user, at=now())
    if submitted(request, form, lambda data: call(reason=data["decision_reason"])):
        return redirect("tenders:review", pk=pk)
    return _page(request, tender, send_back_form=form)


@login_required
@require_POST
def review_reopen(request, pk):
    """Take the version back to write again."""
    tender = allowed_tender(request, pk, rules.can_ask_review, wanted=())
    call = partial(services.review_reopen, tender=tender, by=request.user, at=now())
    attempt(request, call, _("La version est reprise : une nouvelle relecture sera nécessaire."))
    return redirect("tenders:identity", pk=pk)


@login_required
@require_POST
def comment_settle(request, pk, comment_pk):
    """Tick a remark off."""
    tender = allowed_tender(request, pk, rules.can_ask_review, wanted=())
    comment = get_object_or_404(ReviewComment, pk=comment_pk, review__tender=tender)
    call = partial(services.comment_settle, comment=comment, by=request.user, at=now())
    attempt(request, call, _("La remarque est traitée."))
    return redirect("tenders:review", pk=pk)
