"""Pages of candidatures: the buyer examines them, the candidate completes his."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import now
from foundation.files.views import to_signed_link
from foundation.journal.selectors import history
from foundation.screens.doors import attempt, submitted
from tenders import downloads, legal, rules, selectors, services
from tenders.enums import CandidatureState, RejectionGround, RoundKind, TenderState
from tenders.forms.candidatures import ComplementForm, ComplementsForm, OffersForm, RejectForm
from tenders.legal import candidatures as law
from tenders.models import ComplementItem
from tenders.views.deposit import own_bid
from tenders.views.doors import allowed_tender, buyer_crumbs, public_crumbs
from tenders.workflow import CANDIDATURE

form_door = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@require_safe
def table(request, pk):
    """Every candidature: what it holds, what misses, where its examination stands."""
    tender = allowed_tender(request, pk, rules.reads_offers, wanted=())
    rows = selectors.candidature_table(tender, now())
    context = {
        "tender": tender,
        "rows": rows,
        "is_settled": any(row.candidature.settled_at for row in rows),
        "undecided": sum(1 for row in rows if not row.candidature.decided_at),
        "may_examine": rules.can_examine_candidatures(request.user, tender),
        "awaits_offers": selectors.awaits_offers(tender),
        "complements_article": law.COMPLEMENTS.cited,
        "breadcrumbs": buyer_crumbs(_("Candidatures"), tender),
    }
    return render(request, "tenders/candidatures/table.html", context)


@never_cache
@login_required
@require_safe
def detail(request, pk, candidature_pk):
    """One candidature, whole: what was declared, with whom, what was asked, answered, decided."""
    tender = allowed_tender(request, pk, rules.reads_offers, wanted=())
    row = _row(tender, candidature_pk)
    context = {
        "tender": tender,
        "row": row,
        "candidature": row.candidature,
        "file": row.candidature.supplier_file,
        "transitions": [t.name for t in CANDIDATURE.available(request.user, row.candidature)],
        "is_settled": bool(row.candidature.settled_at),
        "one_agent": law.ONE_AGENT.cited,
        "history": history(row.candidature),
        "breadcrumbs": _crumbs(row.candidature.bid.bidder, tender),
    }
    return render(request, "tenders/candidatures/detail.html", context)


def _row(tender, candidature_pk):
    for row in selectors.candidature_table(tender, now()):
        if row.candidature.pk == candidature_pk:
            return row
    raise Http404


def _crumbs(here, tender) -> list[tuple]:
    return buyer_crumbs(here, tender)


@login_required
@form_door
def complete(request, pk):
    """Ask all the candidates concerned to complete, with one date for all."""
    tender = allowed_tender(request, pk, rules.can_examine_candidatures, wanted=())
    form = ComplementsForm(request.POST or None, rows=selectors.candidature_table(tender, now()))

    def ask(data):
        return services.complements_ask(
            tender=tender,
            wanted=form.wanted,
            due_at=data["due_at"],
            message=data["message"],
            by=request.user,
            at=now(),
        )

    if submitted(request, form, ask):
        messages.success(request, _("La demande est partie, au même instant pour tous."))
        return redirect("tenders:candidatures", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        "article": law.COMPLEMENTS.cited,
        "breadcrumbs": _crumbs(_("Demander des compléments"), tender),
    }
    return render(request, "tenders/candidatures/complete.html", context)


def _examined(request, pk, candidature_pk, act: str):
    """The consultation and the candidature, or 404 when this person may not do this to it now."""
    tender = allowed_tender(request, pk, rules.can_examine_candidatures, wanted=())
    candidature = get_object_or_404(
        selectors.candidatures_of(tender).filter(settled_at__isnull=True), pk=candidature_pk
    )
    if act not in {transition.name for transition in CANDIDATURE.available(request.user, candidature)}:
        raise Http404
    return tender, candidature


@login_required
@require_POST
def admit(request, pk, candidature_pk):
    """Admit a candidature."""
    tender, candidature = _examined(request, pk, candidature_pk, "admit")
    done = _("%(name)s est admise. Elle le saura quand la liste sera arrêtée.")
    attempt(
        request,
        lambda: services.candidature_admit(candidature=candidature, by=request.user, at=now()),
        done % {"name": candidature.bid.bidder},
    )
    return redirect("tenders:candidatures", pk=tender.pk)


@login_required
@form_door
def exclude(request, pk, candidature_pk):
    """Reject a candidature, with its ground and its reasons."""
    tender, candidature = _examined(request, pk, candidature_pk, "exclude")
    form = RejectForm(request.POST or None, grounds=_grounds(tender))

    def reject(data):
        return services.candidature_exclude(candidature=candidature, **data, by=request.user, at=now())

    if submitted(request, form, reject):
        messages.success(
            request, _("La candidature est rejetée. Le candidat le saura quand la liste sera arrêtée.")
        )
        return redirect("tenders:candidatures", pk=tender.pk)
    context = {
        "tender": tender,
        "candidature": candidature,
        "form": form,
        "grounds": [(ground.label, law.GROUND_ARTICLES[ground].cited) for ground in form.grounds],
        "breadcrumbs": _crumbs(_("Rejeter"), tender),
    }
    return render(request, "tenders/candidatures/exclude.html", context)


def _grounds(tender) -> list[RejectionGround]:
    """The grounds that the procedure knows: no short list where every admissible candidate is admitted."""
    selects = legal.PROCEDURES[tender.procedure].selects_candidates
    return [ground for ground in law.GROUND_ARTICLES if selects or ground != RejectionGround.NOT_SELECTED]


@login_required
@require_POST
def reconsider(request, pk, candidature_pk):
    """Take a decision back."""
    tender, candidature = _examined(request, pk, candidature_pk, "reconsider")
    attempt(
        request,
        lambda: services.candidature_reconsider(candidature=candidature, by=request.user, at=now()),
        _("L'examen reprend."),
    )
    return redirect("tenders:candidature", pk=tender.pk, candidature_pk=candidature.pk)


@login_required
@form_door
def invite(request, pk):
    """Ask the listed candidates for their offers, sealed, with one date for all."""
    tender = allowed_tender(request, pk, rules.can_open_next_round, wanted=())
    listed = list(selectors.admitted_candidatures(tender))
    if not listed or not selectors.awaits_offers(tender):
        raise Http404
    at = now()
    step = (tender.procedure, at.astimezone(legal.PARIS).date(), RoundKind.OFFER, tender.delay_ground)
    form = OffersForm(request.POST or None)

    def ask(data):
        return services.offers_ask(tender=tender, **data, by=request.user, at=now())

    if submitted(request, form, ask):
        messages.success(request, _("Les candidats retenus sont invités, au même instant."))
        return redirect("tenders:manage", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        "listed": listed,
        "earliest": legal.earliest_due_at(tender.procedure, at, RoundKind.OFFER, tender.delay_ground),
        "delay": legal.minimum_delay(*step),
        "breadcrumbs": _crumbs(_("Inviter à remettre une offre"), tender),
    }
    return render(request, "tenders/candidatures/invite.html", context)


@login_required
@require_POST
def settle(request, pk):
    """Close the list: every candidate is told at the same instant."""
    tender = allowed_tender(request, pk, rules.can_examine_candidatures, wanted=())
    attempt(
        request,
        lambda: services.candidatures_settle(tender=tender, by=request.user, at=now()),
        _("La liste est arrêtée, chaque candidat est informé."),
    )
    return redirect("tenders:candidatures", pk=tender.pk)


@never_cache
@login_required
@form_door
def complements(request, bid_pk):
    """What the buyer asks a candidate to complete; he answers here."""
    bid = own_bid(request, bid_pk)
    requests = list(selectors.complements_for(request.user, bid))
    if not requests:
        raise Http404
    bound = ComplementForm(request.POST or None, request.FILES or None)
    items = ComplementItem.objects.filter(candidature__bid=bid)

    def send(data):
        item = get_object_or_404(items, pk=data["item"])
        return services.complement_answer(
            item=item, words=data["words"], upload=data["upload"], by=request.user, at=now()
        )

    if submitted(request, bound, send):
        messages.success(request, _("Votre réponse est reçue."))
        return redirect("tenders:complements", bid_pk=bid.pk)
    context = {
        "bid": bid,
        "tender": bid.tender,
        "requests": [(one, _open_items(one, bid, bound)) for one in requests],
        "form": bound if bound.is_bound else None,
        "article": law.COMPLEMENTS.cited,
        "breadcrumbs": public_crumbs(_("Compléter ma candidature"), bid.tender),
    }
    return render(request, "tenders/candidatures/complements.html", context)


def _open_items(one, bid, bound) -> list[tuple]:
    """Each thing asked with its form, while it may still be answered; the form that was refused is shown again."""
    is_open = now() < one.due_at and bid.tender.state == TenderState.OPENED
    rows = []
    for item in one.own_items:
        form = None
        if is_open and item.candidature.state == CandidatureState.TO_COMPLETE:
            is_it = bound.is_bound and bound.data.get("item") == str(item.pk)
            form = bound if is_it else ComplementForm(initial={"item": item.pk}, auto_id=f"id_{item.pk}_%s")
        rows.append((item, form))
    return rows


@never_cache
@login_required
@require_safe
def complement_file(request, answer_pk):
    """A file that completes a candidature, behind a signed link."""
    visible = rules.complement_answers_visible_to(request.user).exclude(content="")
    return to_signed_link(request, downloads.COMPLEMENT, get_object_or_404(visible, pk=answer_pk).pk)
