"""What is settled after each has marked alone: consensus, exclusions, low prices, ties, offers side by side."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import abnormal, judging, rules, selectors, services
from tenders.forms.evaluation import (
    AskLowForm,
    CloseForm,
    CostsForm,
    DecideLowForm,
    ExcludeForm,
    RestoreForm,
    SettleForm,
    TieForm,
)
from tenders.models import CostItem, DeclaredCost, LowOfferReview, Offer
from tenders.ranking import exclusion_of, ranking
from tenders.views.analysis import analysis_context, lot_of, opened_tender


def ranked_lot(request, pk, lot_pk):
    """The consultation and its lot, for those who may read its ranking, or 404."""
    tender = opened_tender(request, pk)
    lot = lot_of(tender, lot_pk)
    if not rules.reads_ranking(request.user, lot):
        raise Http404
    return tender, lot


def judged_offer(request, pk, offer_pk):
    """The consultation and one of its offers, for those who may read the ranking of its lot, or 404."""
    tender = opened_tender(request, pk)
    offers = Offer.objects.filter(bid__tender=tender).select_related("bid__bidder", "bid__tender")
    offer = get_object_or_404(offers, pk=offer_pk)
    offer.lot = lot_of(tender, offer.lot_id)
    if not rules.reads_ranking(request.user, offer.lot):
        raise Http404
    return tender, offer


@login_required
@require_safe
def comparison(request, pk, lot_pk):
    """The offers of a lot in columns: prices, marks, words, files."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    wanted = {int(value) for value in request.GET.getlist("offre") if value.isdecimal()}
    every = judging.comparison(lot)
    columns = [column for column in every if not wanted or column.offer.pk in wanted] or every
    files = selectors.files_by_bid(lot)
    for column in columns:
        column.files = files.get(column.offer.bid_id, [])
    context = analysis_context(
        request,
        tender,
        _("Offres côte à côte"),
        lot=lot,
        every=every,
        columns=columns,
        chosen={column.offer.pk for column in columns},
        criteria=_criteria_rows(lot, columns),
        prices=_price_rows(lot, columns),
    )
    return render(request, "tenders/analysis/comparison.html", context)


def _criteria_rows(lot, columns) -> list[tuple]:
    """Each criterion with, for each column, its mark and the words that justify it."""
    return [
        (
            criterion,
            [(_mark_of(column, criterion), column.comments.get(criterion.pk, [])) for column in columns],
        )
        for criterion in lot.scored_criteria()
    ]


def _mark_of(column, criterion):
    return next((mark.value for mark in column.row.marks if mark.criterion == criterion), None)


def _price_rows(lot, columns) -> list[tuple]:
    rows = []
    for line in lot.price_lines.all():
        amounts = [column.prices.get(line.pk) for column in columns]
        lowest = min((amount for amount in amounts if amount is not None), default=None)
        rows.append((line, [(amount, len(columns) > 1 and amount == lowest) for amount in amounts]))
    return rows


@login_required
def consensus(request, pk, lot_pk):
    """Where the evaluators differ, what they settled and why; closing the session is a form of this page."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    may_hold = rules.can_hold_consensus(request.user, lot)
    sessions = list(judging.sessions_of(lot))
    session = next((one for one in sessions if one.closed_at is None), None)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and not (may_hold and session):
        raise Http404

    def call(data):
        return services.consensus_close(session=session, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("La séance est close : les notes arrêtées comptent dans le classement."))
        return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=lot.pk)
    rows = judging.with_evaluators(judging.consensus_rows(lot))
    context = analysis_context(
        request,
        tender,
        _("Consensus"),
        lot=lot,
        rows=rows,
        left=sum(1 for row in rows if row.is_to_settle),
        session=session,
        sessions=sessions,
        may_hold=may_hold,
        form=form,
    )
    return render(request, "tenders/analysis/consensus.html", context)


@login_required
@require_POST
def consensus_open(request, pk, lot_pk):
    """Open a consensus session on a lot."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    if not rules.can_hold_consensus(request.user, lot):
        raise Http404
    attempt(
        request,
        lambda: services.consensus_open(lot=lot, by=request.user, at=now()),
        _("La séance est ouverte : arrêtez ensemble les notes qui diffèrent."),
    )
    return redirect("tenders:consensus", pk=tender.pk, lot_pk=lot.pk)


@login_required
def consensus_settle(request, pk, lot_pk, offer_pk, criterion_pk):
    """Settle one mark, the individual ones before one's eyes."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    session = judging.open_session(lot)
    rows = judging.with_evaluators(judging.consensus_rows(lot))
    row = next((r for r in rows if (r.offer.pk, r.criterion.pk) == (offer_pk, criterion_pk)), None)
    if row is None or session is None or not rules.can_hold_consensus(request.user, lot):
        raise Http404
    initial = {"points": row.settled.points} if row.settled else None
    form = SettleForm(request.POST or None, initial=initial)

    def call(data):
        return services.consensus_settle(
            session=session, offer=row.offer, criterion=row.criterion, **data, by=request.user, at=now()
        )

    if submitted(request, form, call):
        messages.success(request, _("La note est arrêtée."))
        return redirect("tenders:consensus", pk=tender.pk, lot_pk=lot.pk)
    context = analysis_context(request, tender, _("Arrêter une note"), lot=lot, row=row, form=form)
    return render(request, "tenders/analysis/settle.html", context)


@login_required
def tie_break(request, pk, lot_pk):
    """Put equal offers in order, with the reason."""
    tender, lot = ranked_lot(request, pk, lot_pk)
    groups = judging.tied_groups(ranking(lot))
    if not groups or not rules.can_award_lot(request.user, lot):
        raise Http404
    form = TieForm(request.POST or None, offers=[row.offer for row in groups[0]])

    def call(data):
        return services.tie_break(lot=lot, order=form.order, reason=data["reason"], by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Le départage est écrit au dossier."))
        return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=lot.pk)
    context = analysis_context(request, tender, _("Départager"), lot=lot, group=groups[0], form=form)
    return render(request, "tenders/analysis/tie.html", context)


@login_required
def offer_exclude(request, pk, offer_pk):
    """Put an offer out of the ranking, or back in it."""
    tender, offer = judged_offer(request, pk, offer_pk)
    if not rules.can_exclude_offer(request.user, offer):
        raise Http404
    exclusion = exclusion_of(offer)
    form = (RestoreForm if exclusion else ExcludeForm)(request.POST or None)
    service = services.offer_restore if exclusion else services.offer_exclude
    if submitted(request, form, lambda data: service(offer=offer, **data, by=request.user, at=now())):
        done = _("L'offre revient dans le classement.") if exclusion else _("L'offre est écartée.")
        messages.success(request, done)
        return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=offer.lot_id)
    context = analysis_context(
        request, tender, _("Écarter une offre"), lot=offer.lot, offer=offer, exclusion=exclusion, form=form
    )
    return render(request, "tenders/analysis/exclude.html", context)


@login_required
def costs(request, pk, offer_pk):
    """The quantities that an offer declares for the costs of use of its lot."""
    tender, offer = judged_offer(request, pk, offer_pk)
    items = list(CostItem.objects.filter(criterion__lot=offer.lot))
    if not items or not rules.can_exclude_offer(request.user, offer):
        raise Http404
    known = {row.item_id: row for row in DeclaredCost.objects.filter(offer=offer, replaced_at__isnull=True)}
    initial = {f"quantity-{pk}": row.quantity for pk, row in known.items()}
    initial |= {f"evidence-{pk}": row.evidence for pk, row in known.items()}
    form = CostsForm(request.POST or None, items=items, initial=initial)

    def call(_data):
        return (
            services.costs_record(offer=offer, quantities=form.quantities, by=request.user, at=now()) or True
        )

    if submitted(request, form, call):
        messages.success(request, _("Les coûts déclarés comptent dans le coût du cycle de vie."))
        return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=offer.lot_id)
    title = _("Coûts d'usage déclarés")
    context = analysis_context(request, tender, title, lot=offer.lot, offer=offer, items=items, form=form)
    return render(request, "tenders/analysis/costs.html", context)


@login_required
def low_offer(request, pk, offer_pk):
    """What makes an offer look too low, what was asked and answered, and the decision."""
    tender, offer = judged_offer(request, pk, offer_pk)
    review = LowOfferReview.objects.filter(offer=offer).select_related("asked_by", "decided_by").first()
    form = _low_form(request, offer, review)
    if request.method == "POST" and form is None:
        raise Http404
    if form is not None and submitted(request, form, lambda data: _low_call(request, offer, review, data)):
        messages.success(request, _("C'est écrit au dossier, et l'entreprise en est avertie."))
        return redirect("tenders:low_offer", pk=tender.pk, offer_pk=offer.pk)
    signals = abnormal.low_signals(offer.lot, list(selectors.offers_of(offer.lot))).get(offer.pk, [])
    context = analysis_context(
        request,
        tender,
        _("Prix paraissant bas"),
        lot=offer.lot,
        offer=offer,
        review=review,
        signals=[signal.facts for signal in signals] if review is None else review.signals,
        form=form,
    )
    return render(request, "tenders/analysis/low_offer.html", context)


def _low_form(request, offer, review):
    """The form of the next step, None when nothing is left to do or for who only reads."""
    if not rules.can_exclude_offer(request.user, offer):
        return None
    if review is None:
        return AskLowForm(request.POST or None)
    return DecideLowForm(request.POST or None) if review.decided_at is None else None


def _low_call(request, offer, review, data):
    if review is None:
        return services.low_offer_ask(offer=offer, **data, by=request.user, at=now())
    return services.low_offer_decide(review=review, **data, by=request.user, at=now())
