"""Pages of firms: answer, receipt, withdrawal, follow-up."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.documents.selectors import documents_of
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.screens.doors import submitted
from tenders import following, judging, progress, rules, selectors, services
from tenders.enums import BidState, PartKind
from tenders.forms.deposit import WithdrawForm
from tenders.forms.evaluation import AnswerLowForm
from tenders.models import LowOfferReview
from tenders.uploads import protected, seal_uploads, sealed_door
from tenders.views import device
from tenders.views.answer_page import AnswerPage, deposit_number, receipt_address, take_number
from tenders.views.copies import copy_of
from tenders.views.doors import page_of, public_crumbs, visible_tender
from tenders.workflow import BID


@sealed_door
@never_cache
@login_required
def answer(request, pk):
    """Answer a consultation. Files are sealed while they arrive, before anything else reads the request."""
    tender = visible_tender(request, pk, wanted=selectors.ANSWERED)
    number = deposit_number(request)
    if request.method == "POST" and number and (bid := services.deposited(number, by=request.user)):
        return redirect(receipt_address(bid, "deja"))
    bidder = _bidder(request)
    try:
        envelope = services.envelope_in_progress(tender=tender, bidder=bidder, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tenders:detail", pk=tender.pk)
    if request.method == "POST":
        take_number(envelope, number)
        seal_uploads(request, envelope)
    return protected(_answer)(request, tender, bidder, envelope)


def _bidder(request):
    """The organisation that answers: that of the address, else the first of this person; 404 without any."""
    bidder = selectors.answering_firm(request.user, request.GET.get("organisation", ""))
    if bidder is None:
        raise Http404
    return bidder


def _answer(request, tender, bidder, envelope):
    page = AnswerPage(request, tender, bidder, envelope)
    return page.posted() if request.method == "POST" else page.shown()


def _receipt(request, bid) -> dict:
    """What a receipt shows; names of files only in the browser that has just made the deposit."""
    contents = copy_of(request)
    sent = {part["id"]: (part["name"], part["size"]) for part in contents.get("parts", ()) if part["name"]}
    tender = bid.tender
    rows = list(bid.parts.select_related("lot", "opened"))
    parts = [_shown_part(part, sent.get(str(part.pk))) for part in rows]
    return {
        "tender": tender,
        "bid": bid,
        "parts": parts,
        "is_new": "nouveau" in request.GET and bid.deposited_by == request.user,
        "is_again": "deja" in request.GET and bid.deposited_by == request.user,
        "has_names": bool(sent),
        "has_copy": bool(contents),
        "manifest": json.loads(services.manifest_of(bid, rows)) if hasattr(bid, "key") else None,
        "seats": device.fingerprints(selectors.seats_of(bid.round)),
        "in_force": selectors.bid_in_force(tender, bid.bidder) if bid.state == BidState.LATE else None,
        "words": device.receipt_words(),
        "has_files": any(part.kind == PartKind.FILE for part, _name, _size in parts),
        "document": documents_of(bid).first(),
        "candidature": getattr(bid, "candidature", None),
        "progress": progress.progress(tender, now()),
        "may_withdraw": _may_withdraw(request.user, bid),
        "newcomer": rules.newcomer_reasons(request.user, [bid])
        if not BID.reasons(bid, "withdraw", now())
        else (),
        "replacement": selectors.replacement_of(bid),
        **_after_opening(request.user, bid),
        "sending": selectors.sending_of(bid),
        "may_read_again": rules.can_follow_bid(request.user, bid),
        "history": history(bid) if rules.can_follow_bid(request.user, bid) else None,
        "breadcrumbs": [*_answers_crumbs(), (tender.reference, None)],
    }


def _shown_part(part, sent) -> tuple:
    """A sealed part, its name as far as it may be told, its size in clear when it is."""
    if part.kind != PartKind.FILE:
        return part, part.get_kind_display(), None
    if sent:
        return part, *sent
    opened = getattr(part, "opened", None)
    if opened:
        return part, opened.name, opened.size
    return part, _("Fichier %(position)d") % {"position": part.position}, None


def _may_withdraw(user, bid) -> bool:
    return rules.can_withdraw_bid(user, bid) and not BID.reasons(bid, "withdraw", now())


def _after_opening(user, bid) -> dict:
    """What its firm follows of a bid that was opened: nothing of it exists before."""
    if bid.state != BidState.OPENED:
        return {}
    offers = selectors.own_offers(bid)
    is_holder = any(offer.awards.all() for offer in offers)
    return {
        "reviews": [offer.low_review for offer in offers if hasattr(offer, "low_review")],
        "meetings": [(offer.lot, meeting) for offer in offers for meeting in offer.meetings],
        "contracts": following.contracts_of_bid(bid) if is_holder else (),
        "outcomes": _outcomes(user, bid, offers),
    }


def _outcomes(user, bid, offers) -> list[dict]:
    """After the award: each lot of the bid with its own row of the ranking, the holders, the reasons asked."""
    own = {offer.pk: offer for offer in offers}
    return [
        {
            "lot": found.lot,
            "row": found.row,
            "awards": found.awards,
            "asked": getattr(own[found.row.offer.pk], "reason_request", None),
            "may_ask": rules.can_ask_reasons(user, own[found.row.offer.pk]),
        }
        for found in judging.outcomes_of(bid)
    ]


def own_bid(request, bid_pk):
    """A bid of one's own organisations, or 404."""
    own = rules.bids_visible_to(request.user).filter(bidder__in=rules.bidders_for(request.user))
    return get_object_or_404(
        own.select_related("tender__buyer", "round", "key", "bidder", "deposited_by", "candidature"),
        pk=bid_pk,
    )


@never_cache
@login_required
@require_safe
def bid_detail(request, bid_pk):
    """A deposit: its receipt, where the consultation stands, and the result once it is decided."""
    return render(request, "tenders/deposit/receipt.html", _receipt(request, own_bid(request, bid_pk)))


@login_required
def bid_withdraw(request, bid_pk):
    """Withdraw a bid before the deadline."""
    bid = own_bid(request, bid_pk)
    if not _may_withdraw(request.user, bid):
        raise Http404
    form = WithdrawForm(request.POST or None)
    if submitted(request, form, lambda _data: services.bid_withdraw(bid=bid, by=request.user)):
        messages.success(request, _("Votre pli est retiré. Il restera fermé."))
        return redirect("tenders:bid", bid_pk=bid.pk)
    context = {"bid": bid, "tender": bid.tender, "form": form}
    context["breadcrumbs"] = [*_answers_crumbs(), (_("Retirer"), None)]
    return render(request, "tenders/deposit/withdraw.html", context)


@login_required
@require_safe
def answers(request):
    """Every deposit of one's organisations."""
    if not rules.bidders_for(request.user).exists():
        raise Http404
    context = {
        "page_obj": page_of(request, selectors.own_deposits(request.user)),
        "breadcrumbs": _answers_crumbs(link=False),
    }
    return render(request, "tenders/deposit/answers.html", context)


def _answers_crumbs(*, link=True) -> list[tuple]:
    return [*public_crumbs(), (_("Mes réponses"), reverse("tenders:answers") if link else None)]


@login_required
def low_offer_answer(request, bid_pk, review_pk):
    """Justify prices that look abnormally low to the buyer."""
    bid = own_bid(request, bid_pk)
    reviews = LowOfferReview.objects.filter(offer__bid=bid).select_related("offer__lot")
    review = get_object_or_404(reviews, pk=review_pk)
    form = AnswerLowForm(request.POST or None)

    def call(data):
        return services.low_offer_answer(review=review, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Vos justifications sont envoyées à l'acheteur."))
        return redirect("tenders:bid", bid_pk=bid.pk)
    context = {"bid": bid, "tender": bid.tender, "review": review, "form": form}
    context["breadcrumbs"] = [*_answers_crumbs(), (_("Justifier mes prix"), None)]
    return render(request, "tenders/deposit/low_offer.html", context)
