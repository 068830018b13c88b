"""After the opening: offers side by side, marks, ranking, award."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.views import to_signed_link
from foundation.screens.doors import attempt, submitted
from tenders import abnormal, downloads, judging, legal, rules, selectors, services
from tenders.forms.analysis import AwardForm, DecideForm, MarksForm
from tenders.forms.opening import InterestForm
from tenders.lot_limits import served_bidders
from tenders.models import Award, SealedPart
from tenders.ranking import price_formulas, ranking
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps
from tenders.workflow import TENDER


def opened_tender(request, pk, wanted=selectors.JUDGED):
    """The consultation whose offers this person may read, or 404: nothing shows before the opening."""
    return allowed_tender(request, pk, rules.reads_offers, wanted)


def lot_of(tender, lot_pk):
    """A lot of the consultation, or 404."""
    lot = next((lot for lot in tender.lots.all() if lot.pk == lot_pk), None)
    if lot is None:
        raise Http404
    lot.tender = tender
    return lot


def analysis_context(request, tender, here: str, **more) -> dict:
    """What every page of the analysis shows."""
    return {
        "tender": tender,
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(here, tender),
        **more,
    }


@login_required
@require_safe
def analysis(request, pk):
    """The lots, how far their analysis is, and what this person has to do."""
    tender = opened_tender(request, pk, wanted=())
    context = analysis_context(
        request,
        tender,
        _("Analyse"),
        lots=selectors.analysis_progress(tender, request.user),
        unopened=selectors.unopened_bids(tender),
        may_write=rules.can_write_reports(request.user, tender),
        may_score=rules.can_score_tender(request.user, tender),
        may_decide=tender.state == "opened" and rules.can_decide_award(request.user, tender),
        may_export=rules.can_export_procedure(request.user, tender),
        may_submit=tender.state == "opened" and rules.can_write_reports(request.user, tender),
        has_contracts=Award.every.filter(lot__tender=tender, decided_at__isnull=False).exists(),
    )
    return render(request, "tenders/analysis/overview.html", context)


@login_required
@require_safe
def lot_analysis(request, pk, lot_pk):
    """Offers of a lot side by side, their files, the ranking; an evaluator marks first and reads it after."""
    tender = opened_tender(request, pk)
    lot = lot_of(tender, lot_pk)
    ranks = ranking(lot)
    scores = list(selectors.visible_scores(request.user, lot))
    own = [found for found in scores if found.evaluator == request.user]
    may_read = rules.reads_ranking(request.user, lot)
    context = analysis_context(
        request,
        tender,
        str(lot),
        lot=lot,
        ranks=ranks,
        may_read_ranking=may_read,
        offers=_offer_cards(lot, ranks, own),
        prices=_price_table(lot, sorted((row.offer for row in ranks), key=lambda o: o.bid.deposited_at)),
        formula=price_formulas(lot),
        awards=lot.awards.select_related("bidder"),
        scores=scores,
        may_score=rules.can_score_tender(request.user, tender),
        may_submit=any(found.submitted_at is None for found in own),
        may_award=rules.can_award_lot(request.user, lot),
        may_tie=may_read and rules.can_award_lot(request.user, lot) and judging.tied_groups(ranks),
        has_costs=any(row.cost_items.all() for row in lot.criteria.all()),
        negotiates=legal.PROCEDURES[tender.procedure].negotiates,
        left=len(judging.left_to_settle(lot, [row.offer for row in ranks])) if may_read else 0,
    )
    return render(request, "tenders/analysis/lot.html", context)


def _offer_cards(lot, ranks, own) -> list[dict]:
    """Each offer with its files, whether this reader has marked it, what its price says, what excludes it.

    In the order of arrival: the order of the ranking would tell those who have not marked yet.
    """
    files = selectors.files_by_bid(lot)
    signals = abnormal.low_signals(lot, [row.offer for row in ranks if not row.exclusion])
    reviews = judging.low_reviews(lot)
    selectors.with_inspections(part for parts in files.values() for part in parts)
    marked = {found.offer_id for found in own}
    return [
        {
            "offer": row.offer,
            "files": files.get(row.offer.bid_id, []),
            "is_marked": row.offer.pk in marked,
            "signals": signals.get(row.offer.pk, []),
            "review": reviews.get(row.offer.pk),
            "exclusion": row.exclusion,
        }
        for row in sorted(ranks, key=lambda row: row.offer.bid.deposited_at)
    ]


def _price_table(lot, offers) -> list[tuple]:
    """Each line of the schedule with the price of each offer, and whether it is the lowest."""
    by_offer = [
        {price.line_id: price.unit_price_excl_tax for price in offer.prices.all()} for offer in offers
    ]
    rows = []
    for line in lot.price_lines.all():
        amounts = [prices.get(line.pk) for prices in by_offer]
        lowest = min((amount for amount in amounts if amount is not None), default=None)
        rows.append((line, [(amount, len(offers) > 1 and amount == lowest) for amount in amounts]))
    return rows


@never_cache
@login_required
@require_safe
def opened_file(request, pk, part_pk):
    """A file of an opened bid, behind a signed link; decrypted as it is sent, each reading journalled."""
    parts = SealedPart.objects.filter(bid__in=rules.bids_visible_to(request.user), bid__tender_id=pk)
    part = get_object_or_404(parts.select_related("bid__tender", "opened"), pk=part_pk)
    try:
        services.bid_file_download(part=part, by=request.user, at=now())
    except services.NotInspectedError as refusal:
        context = {"tender": part.bid.tender, "part": part, "reason": str(refusal)}
        return render(request, "tenders/analysis/not_inspected.html", context, status=409)
    except Refusal as refusal:
        raise Http404 from refusal
    return to_signed_link(request, downloads.OPENED_FILE, part.pk)


@login_required
def score(request, pk, offer_pk):
    """One's marks on one offer; a declaration of interests comes first."""
    tender = allowed_tender(request, pk, rules.can_score_tender)
    offers = rules.offers_visible_to(request.user).filter(bid__tender=tender)
    offer = get_object_or_404(offers.select_related("lot", "bid__bidder", "bid__tender"), pk=offer_pk)
    declaration = selectors.interest_declaration(tender, request.user)
    if declaration is None:
        return _declare_first(request, tender, offer)
    if declaration.has_interest:
        raise Http404
    lot = lot_of(tender, offer.lot_id)
    own = selectors.own_scores(request.user, offer)
    form = MarksForm(request.POST or None, criteria=lot.scored_criteria(), initial=_marks_known(own))
    is_final = any(found.submitted_at for found in own)
    if not is_final and submitted(request, form, lambda _data: _save_marks(request, offer, form)):
        messages.success(request, _("Vos notes sont gardées. Elles ne comptent qu'une fois rendues."))
        return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=lot.pk)
    context = analysis_context(
        request,
        tender,
        _("Noter une offre"),
        lot=lot,
        offer=offer,
        form=form,
        own=own,
        is_final=is_final,
        files=selectors.with_inspections(selectors.files_of(offer)),
        impact=selectors.impact_answers(offer),
    )
    return render(request, "tenders/analysis/score.html", context)


def _declare_first(request, tender, offer):
    form = InterestForm(request.POST or None, prefix="interet")

    def call(data):
        return services.interest_declare(tender=tender, **data, by=request.user, at=now())

    declaration = submitted(request, form, call)
    if declaration is None:
        context = analysis_context(request, tender, _("Déclaration d'intérêts"), form=form, offer=offer)
        return render(request, "tenders/analysis/interest.html", context)
    if declaration.has_interest:
        messages.success(request, _("Votre déclaration est enregistrée : vous ne noterez pas ces offres."))
        return redirect("tenders:analysis", pk=tender.pk)
    return redirect("tenders:score", pk=tender.pk, offer_pk=offer.pk)


def _marks_known(own) -> dict:
    points = {f"points-{found.criterion_id}": found.points for found in own}
    return points | {f"comment-{found.criterion_id}": found.comment for found in own}


def _save_marks(request, offer, form):
    at = now()
    return [services.score_save(offer=offer, **mark, by=request.user, at=at) for mark in form.marks]


@login_required
@require_POST
def scores_submit(request, pk, lot_pk):
    """Submit all of one's marks on a lot: they never change again."""
    tender = allowed_tender(request, pk, rules.can_score_tender)
    lot = lot_of(tender, lot_pk)
    attempt(
        request,
        lambda: services.scores_submit(lot=lot, by=request.user, at=now()),
        _("Vos notes du lot %(number)d sont rendues.") % {"number": lot.number},
    )
    return redirect("tenders:lot_analysis", pk=tender.pk, lot_pk=lot.pk)


@login_required
@fresh_sign_in_required
def award(request, pk, lot_pk):
    """Propose the holders of a lot, in the order of the ranking."""
    tender = opened_tender(request, pk)
    lot = lot_of(tender, lot_pk)
    if not rules.can_award_lot(request.user, lot):
        raise Http404
    ranks = ranking(lot)
    names = [str(row.offer.bidder) for row in _eligible(lot, ranks)]
    form = AwardForm(request.POST or None, names=names, maximum=lot.max_holders)

    def call(data):
        return _propose(request, lot, ranks, data)

    if submitted(request, form, call):
        messages.success(
            request, _("La proposition pour le lot %(number)d est prête.") % {"number": lot.number}
        )
        return redirect("tenders:analysis", pk=tender.pk)
    context = analysis_context(
        request,
        tender,
        _("Proposer l'attribution"),
        lot=lot,
        ranks=ranks,
        form=form,
        formula=price_formulas(lot),
    )
    return render(request, "tenders/analysis/award.html", context)


def _eligible(lot, ranks) -> list:
    """The offers that may still win this lot: neither eliminated, nor of a firm with enough lots."""
    served = served_bidders(lot)
    return [row for row in ranks if not row.is_eliminated and row.offer.bid.bidder_id not in served]


def _propose(request, lot, ranks, data):
    if data["holders"] == 0:
        return services.lot_leave(lot=lot, reason=data["reason"], by=request.user, at=now())
    offers = [row.offer for row in _eligible(lot, ranks)[: data["holders"]]]
    strengths = data["strengths"]
    return services.lot_award(lot=lot, offers=offers, strengths=strengths, by=request.user, at=now())


@login_required
@fresh_sign_in_required
def decide(request, pk):
    """The signatory reads the proposals and decides them all."""
    tender = opened_tender(request, pk)
    if tender.state != "opened" or not rules.can_decide_award(request.user, tender):
        raise Http404
    form = DecideForm(request.POST or None)

    def call(_data):
        return services.tender_award(tender=tender, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("L'attribution est décidée ; chaque entreprise en est avertie, avec ses motifs.")
        )
        return redirect("tenders:manage", pk=tender.pk)
    proposals = [
        (lot, list(lot.awards.select_related("bidder")), ranking(lot), price_formulas(lot))
        for lot in tender.lots.all()
    ]
    context = analysis_context(
        request,
        tender,
        _("Décider l'attribution"),
        form=form,
        lots=proposals,
        reasons=TENDER.reasons(tender, "award", now()),
    )
    return render(request, "tenders/analysis/decide.html", context)


@login_required
@require_POST
def submit(request, pk):
    """Have the report written and ask the signatory to decide what is proposed."""
    tender = opened_tender(request, pk, wanted=())
    if tender.state != "opened" or not rules.can_write_reports(request.user, tender):
        raise Http404
    attempt(
        request,
        lambda: services.award_submit(tender=tender, by=request.user, at=now()),
        _("Le rapport est établi et le signataire est saisi."),
    )
    return redirect("tenders:analysis", pk=tender.pk)
