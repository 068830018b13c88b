"""Negotiation: the common grid, one page for each meeting, the final offers; and the candidate's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import legal, negotiating, rules, services
from tenders.forms.negotiation import (
    CommitmentForm,
    DeclineForm,
    FinalOffersForm,
    PrepareForm,
    RecordForm,
    SignRecordForm,
    SlotForm,
    StartForm,
)
from tenders.models import Negotiation, NegotiationMeeting
from tenders.views.analysis import analysis_context
from tenders.views.deposit import own_bid
from tenders.views.doors import public_crumbs
from tenders.views.evaluation import ranked_lot


def negotiated_lot(request, pk, lot_pk):
    """The consultation and its lot, when its procedure negotiates and this person reads its ranking; or 404."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    if not legal.PROCEDURES[tender.procedure].negotiates:
        raise Http404
    return tender, lot


@login_required
def negotiation(request, pk, lot_pk):
    """The negotiation of a lot: its grid to prepare, then where each candidate stands."""
    tender, lot = negotiated_lot(request, pk, lot_pk)
    found = Negotiation.objects.filter(lot=lot).first()
    may_lead = rules.can_negotiate(request.user, tender)
    if request.method == "POST" and not may_lead:
        raise Http404
    form = _next_form(request, lot, found) if may_lead else None
    if form is not None and submitted(
        request, form, lambda data: _next_call(request, tender, lot, form, data)
    ):
        messages.success(request, _("C'est fait."))
        return redirect("tenders:negotiation", pk=tender.pk, lot_pk=lot.pk)
    meetings = found.meetings.select_related("offer__bid__bidder") if found else []
    context = analysis_context(
        request,
        tender,
        _("Négociation"),
        lot=lot,
        negotiation=found,
        topics=found.topics.all() if found else [],
        meetings=meetings,
        shortlist=negotiating.shortlist(lot) if not found else [],
        form=form,
        may_lead=may_lead,
        may_invite=may_lead and found and not found.invited_at,
    )
    return render(request, "tenders/negotiation/lot.html", context)


def _next_form(request, lot, found):
    """The grid first; once everybody was heard, the final offers; None in between."""
    if found is None:
        return StartForm(request.POST or None, lot=lot)
    is_over = (
        found.invited_at
        and not found.closed_at
        and not found.meetings.exclude(state__in=["signed", "declined"]).exists()
    )
    return FinalOffersForm(request.POST or None) if is_over else None


def _next_call(request, tender, lot, form, data):
    if isinstance(form, StartForm):
        return services.negotiation_start(
            lot=lot, topics=form.chosen, minutes=data["minutes"], by=request.user, at=now()
        )
    return services.final_offers_ask(tender=tender, due_at=data["due_at"], by=request.user, at=now())


@login_required
@require_POST
def invite(request, pk, lot_pk):
    """Send the invitations, all at once."""
    tender, lot = negotiated_lot(request, pk, lot_pk)
    found = get_object_or_404(Negotiation, lot=lot)
    if not rules.can_negotiate(request.user, tender):
        raise Http404
    attempt(
        request,
        lambda: services.negotiation_invite(negotiation=found, by=request.user, at=now()),
        _("Chaque candidat est invité, avec les mêmes sujets et le même temps."),
    )
    return redirect("tenders:negotiation", pk=tender.pk, lot_pk=lot.pk)


def _meeting(request, pk, meeting_pk):
    rows = NegotiationMeeting.objects.select_related(
        "negotiation__lot__tender", "offer__bid__bidder", "offer__bid__tender", "signed_by"
    )
    found = get_object_or_404(rows, negotiation__lot__tender_id=pk, pk=meeting_pk)
    tender, lot = negotiated_lot(request, pk, found.negotiation.lot_id)
    return tender, lot, found


@login_required
def meeting(request, pk, meeting_pk):
    """One candidate: what it is asked, when it comes, the record, its commitments."""
    tender, lot, found = _meeting(request, pk, meeting_pk)
    may_lead = rules.can_negotiate(request.user, tender)
    if request.method == "POST" and not may_lead:
        raise Http404
    notes = list(found.notes.select_related("topic"))
    form = _meeting_form(request, found, notes) if may_lead else None
    if form is not None and submitted(request, form, lambda _data: _meeting_call(request, found, form)):
        messages.success(request, _("C'est enregistré."))
        return redirect("tenders:meeting", pk=tender.pk, meeting_pk=found.pk)
    context = analysis_context(
        request,
        tender,
        str(found.offer.bidder),
        lot=lot,
        meeting=found,
        notes=notes,
        commitments=found.commitments.select_related("topic"),
        form=form,
        may_commit=may_lead and found.state in ("planned", "shared"),
    )
    return render(request, "tenders/negotiation/meeting.html", context)


def _meeting_form(request, found, notes):
    if found.state == "prepared":
        known = {f"slot-{number}": slot for number, slot in enumerate(found.slots, start=1)}
        known |= {f"prompt-{note.topic_id}": note.prompt for note in notes} | {"place": found.place}
        return PrepareForm(request.POST or None, notes=notes, initial=known)
    if found.state in ("planned", "shared"):
        known = {f"outcome-{note.topic_id}": note.outcome for note in notes}
        return RecordForm(request.POST or None, notes=notes, initial=known)
    return None


def _meeting_call(request, found, form):
    if isinstance(form, PrepareForm):
        return services.meeting_prepare(meeting=found, **form.call, by=request.user, at=now())
    return services.record_share(meeting=found, outcomes=form.outcomes, by=request.user, at=now())


@login_required
def commitment(request, pk, meeting_pk):
    """Write a commitment of the candidate."""
    tender, lot, found = _meeting(request, pk, meeting_pk)
    if found.state not in ("planned", "shared") or not rules.can_negotiate(request.user, tender):
        raise Http404
    form = CommitmentForm(request.POST or None, topics=found.negotiation.topics.all())

    def call(data):
        data = {**data, "topic": form.topics[data["topic"]]}
        return services.commitment_add(meeting=found, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("L'engagement est écrit : le candidat le contresignera avec le compte rendu.")
        )
        return redirect("tenders:meeting", pk=tender.pk, meeting_pk=found.pk)
    context = analysis_context(request, tender, _("Engagement"), lot=lot, meeting=found, form=form)
    return render(request, "tenders/negotiation/commitment.html", context)


def slot_words(slot) -> str:
    """A slot in words: « mardi 3 mars 2026 à 14:30 »."""
    return date_format(localtime(slot), r"l j F Y à G \h i")


@never_cache
@login_required
def own_meeting(request, bid_pk, meeting_pk):
    """The candidate's page: topics, slots to choose, record to countersign."""
    bid = own_bid(request, bid_pk)
    found = get_object_or_404(negotiating.meetings_of_bid(bid), pk=meeting_pk)
    form = _own_form(request, found)
    if form is not None and submitted(request, form, lambda data: _own_call(request, found, form, data)):
        messages.success(request, _("C'est enregistré, l'acheteur le voit."))
        return redirect("tenders:own_meeting", bid_pk=bid.pk, meeting_pk=found.pk)
    context = {
        "bid": bid,
        "tender": bid.tender,
        "meeting": found,
        "notes": found.notes.select_related("topic"),
        "commitments": found.commitments.select_related("topic"),
        "form": form,
        "breadcrumbs": public_crumbs(_("Négociation"), bid.tender),
    }
    return render(request, "tenders/negotiation/own.html", context)


def _own_form(request, found):
    if found.state in ("invited", "planned"):
        initial = {"starts_at": found.starts_at.isoformat() if found.starts_at else None}
        return SlotForm(request.POST or None, slots=found.slots, words=slot_words, initial=initial)
    if found.state != "shared":
        return None
    return SignRecordForm(request.POST or None, initial={"read": negotiating.record_digest(found)})


def _own_call(request, found, form, data):
    if isinstance(form, SlotForm):
        return services.slot_choose(meeting=found, starts_at=form.chosen, by=request.user, at=now())
    told = {"remarks": data["remarks"], "read": data["read"]}
    return services.record_sign(meeting=found, **told, by=request.user, at=now())


@login_required
def own_decline(request, bid_pk, meeting_pk):
    """The candidate keeps its offer without a meeting."""
    bid = own_bid(request, bid_pk)
    found = get_object_or_404(negotiating.meetings_of_bid(bid).filter(state="invited"), pk=meeting_pk)
    form = DeclineForm(request.POST or None)

    def call(data):
        return services.meeting_decline(meeting=found, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("L'acheteur sait que vous maintenez votre offre."))
        return redirect("tenders:own_meeting", bid_pk=bid.pk, meeting_pk=found.pk)
    context = {"bid": bid, "tender": bid.tender, "meeting": found, "form": form}
    context["breadcrumbs"] = public_crumbs(_("Négociation"), bid.tender)
    return render(request, "tenders/negotiation/decline.html", context)
