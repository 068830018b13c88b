"""Award: the buyer proposes lot by lot, the signatory decides for the whole consultation."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.approvals import services as approvals
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import events, judging, legal, ocds, rules, webhooks
from tenders.documents import request_analysis_report, request_award_notice
from tenders.enums import CriterionKind, TenderState
from tenders.lot_limits import awarded_reasons, served_bidders
from tenders.models import Award, Lot, LowOfferReview, Offer, Tender
from tenders.notifications import tell_awarded
from tenders.ranking import Ranked, ranking
from tenders.services.contracts import contracts_begin
from tenders.services.locking import locked_tender
from tenders.workflow import TENDER

SUBMIT = "tenders.award_submit"


@transaction.atomic
def lot_award(*, lot: Lot, offers: list[Offer], strengths: str = "", by, at) -> list[Award]:
    """Propose the holders of a lot: the best ranked offers, as many as announced at most. Raises Refusal.

    A new proposal replaces the former until the signatory decides; holders already decided stay. `strengths`
    tells the other firms what distinguishes the offers retained (R2181-3).
    """
    tender = _tender_to_award(lot, by)
    ranks = ranking(lot)
    kept = {award.offer_id for award in lot.awards.all() if award.is_decided}
    chosen = {offer.pk for offer in offers}
    _check_choice(lot, [row.offer for row in ranks if row.offer.pk in chosen | kept], ranks)
    lot.awards.filter(decided_at__isnull=True).delete()
    lot.unawarded_reason = ""
    lot.save(update_fields=["unawarded_reason"])
    awards = Award.objects.bulk_create(
        Award(
            lot=lot,
            offer=row.offer,
            bid=row.offer.bid,
            bidder=row.offer.bid.bidder,
            rank=row.rank,
            score=row.score,
            strengths=strengths.strip(),
            proposed_by=by,
            proposed_at=at,
        )
        for row in ranks
        if row.offer.pk in chosen - kept
    )
    after = {"holders": [[award.bidder_id, award.rank, award.score] for award in awards]}
    _journal(tender, "tenders.lot_award", by, at, reason=str(lot), after=after)
    return awards


def _tender_to_award(lot: Lot, by) -> Tender:
    tender = locked_tender(lot.tender)
    lot.tender = tender
    if not rules.can_award_lot(by, lot):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation proposent l'attribution, une fois les plis ouverts."),
            code="forbidden",
        )
    return tender


def _check_choice(lot: Lot, offers: list[Offer], ranks: list[Ranked]) -> None:
    if not offers:
        raise Refusal(_("Choisissez au moins une offre, ou déclarez le lot infructueux."), field="offers")
    if len(offers) > lot.max_holders:
        raise Refusal(
            _("Le lot a été annoncé pour %(count)s titulaire(s) au plus : retirez une offre.")
            % {"count": lot.max_holders},
            field="offers",
        )
    _check_judging(lot, ranks)
    if reasons := awarded_reasons(lot, [offer.bid.bidder for offer in offers]):
        raise Refusal.of(reasons)
    chosen, served = {offer.pk for offer in offers}, served_bidders(lot)
    candidates = [row for row in ranks if row.rank and row.offer.bid.bidder_id not in served]
    worst = max((row.rank for row in candidates if row.offer.pk in chosen), default=None)
    skipped = [row for row in candidates if row.offer.pk not in chosen and worst and row.rank < worst]
    if worst is None or skipped or chosen - {row.offer.pk for row in candidates}:
        raise Refusal(
            _("L'attribution suit le classement : choisissez les offres les mieux classées."),
            field="offers",
            article=legal.ART.format("L2152-7"),
        )
    _check_ties(offers, ranks)


def _check_judging(lot: Lot, ranks: list[Ranked]) -> None:
    """Every offer is marked, the evaluators agree, and nobody still waits to be heard on its prices."""
    if unmarked := [row for row in ranks if row.rank is None and not row.exclusion and not row.is_eliminated]:
        raise Refusal(_missing_marks(unmarked), field="offers")
    left = judging.left_to_settle(lot)
    if left or judging.open_session(lot):
        raise Refusal(
            _(
                "Les notes des évaluateurs diffèrent encore : arrêtez-les en séance de consensus, puis closez-la."
            ),
            field="offers",
        )
    if LowOfferReview.objects.filter(offer__lot=lot, decided_at__isnull=True).exists():
        raise Refusal(
            _("Une entreprise justifie ses prix : décidez d'abord de la suite donnée."),
            field="offers",
            article=legal.ART.format("L2152-6"),
        )


def _missing_marks(unmarked: list[Ranked]) -> str:
    """What the ranking still waits for: costs that the buyer notes, or marks of the evaluators."""
    without_costs = [
        str(row.offer.bidder)
        for row in unmarked
        if any(mark.value is None and mark.criterion.kind == CriterionKind.COST for mark in row.marks)
    ]
    if without_costs:
        message = _("Relevez d'abord, sur la page du lot, les coûts d'usage déclarés par : %(names)s.")
        return message % {"names": ", ".join(without_costs)}
    return _("Toutes les offres ne sont pas notées : attendez les notes des évaluateurs.")


def _check_ties(offers: list[Offer], ranks: list[Ranked]) -> None:
    chosen = {offer.pk for offer in offers}
    kept = {row.rank for row in ranks if row.offer.pk in chosen and row.is_tied}
    left_out = {row.rank for row in ranks if row.offer.pk not in chosen and row.is_tied}
    if kept & left_out:
        raise Refusal(
            _("Des offres sont à égalité : départagez-les d'abord, avec un motif écrit."), field="offers"
        )


@transaction.atomic
def lot_leave(*, lot: Lot, reason: str, by, at) -> Lot:
    """Propose not to award a lot (no offer, or none acceptable), with its reason. Raises Refusal."""
    tender = _tender_to_award(lot, by)
    if not reason.strip():
        raise Refusal(
            _("Écrivez pourquoi le lot n'est pas attribué : les candidats le liront."), field="reason"
        )
    if lot.awards.filter(decided_at__isnull=False).exists():
        raise Refusal(
            _("Ce lot a déjà un titulaire décidé : retirez d'abord son attribution."), code="conflict"
        )
    lot.awards.all().delete()
    lot.unawarded_reason = reason
    lot.save(update_fields=["unawarded_reason"])
    _journal(tender, "tenders.lot_leave", by, at, reason=reason)
    return lot


def proposals_of(tender: Tender) -> list[dict]:
    """What the signatory is asked to decide: each lot with its holders, or why it has none."""
    return [
        {
            "label": str(lot),
            "unawarded_reason": lot.unawarded_reason,
            "holders": [
                {"name": award.bidder.name, "rank": award.rank, "score": str(award.score)}
                for award in lot.awards.select_related("bidder")
            ],
        }
        for lot in tender.lots.order_by("number")
    ]


@transaction.atomic
def award_submit(*, tender: Tender, by, at):
    """Have the report written, and ask the signatory to decide what is proposed; he reads both. Raises Refusal."""
    tender = locked_tender(tender)
    if tender.state != TenderState.OPENED or not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs soumettent l'attribution, pendant l'analyse."), code="forbidden")
    reasons = TENDER.reasons(tender, "award", at)
    if reasons:
        raise Refusal.of(reasons)
    report = request_analysis_report(tender, by=by, at=at)
    change = {"tender": str(tender), "report": str(report)}
    approval = approvals.approval_ask(
        action=SUBMIT, obj=tender, change=change, organisation=tender.buyer, by=by, at=at
    )
    _journal(tender, "tenders.award_submit", by, at, after={"lots": proposals_of(tender)})
    return approval


@transaction.atomic
def tender_award(*, tender: Tender, by, at) -> Tender:
    """Decide: the proposed awards become final, winners and losers are told why, each contract starts its wait.

    After a reversal only what is new is decided and told. Raises Refusal when `by` is not a signatory or a lot
    is not settled.
    """
    tender = locked_tender(tender)
    previous = TENDER.apply(tender, "award", by=by, at=at)
    waiting = Award.objects.filter(lot__tender=tender, decided_at__isnull=True)
    awards = list(waiting.select_related("bidder", "lot__tender", "bid"))
    for award in awards:
        award.decided_by, award.decided_at = by, at
        award.save(update_fields=["decided_by", "decided_at"])
    contracts = contracts_begin(awards, at)
    tender.awarded_at = at
    tender.earliest_signature_date = _earliest_signature_date(tender, contracts, at)
    tender.save(update_fields=["state", "awarded_at", "earliest_signature_date"])
    tell_awarded(tender, at, lots=_lots_to_tell(tender, awards))
    webhooks.tell_awarded(tender, at)
    ocds.publish(tender, tag="award", at=at)
    request_award_notice(tender, by, at, is_signed=False)
    after = {"state": tender.state, "awards": [[a.lot_id, a.bidder_id, a.rank] for a in awards]}
    _journal(tender, "tenders.award", by, at, before={"state": previous}, after=after)
    events.emit(events.TenderAwarded(tender.pk, tuple(award.pk for award in awards), at))
    return tender


def _earliest_signature_date(tender: Tender, contracts: list, at):
    """The last of the waits just begun; that of the procedure when no contract begins."""
    days = [contract.signable_at.astimezone(legal.PARIS).date() for contract in contracts]
    return max(days, default=at.astimezone(legal.PARIS).date())


def _lots_to_tell(tender: Tender, awards: list[Award]) -> list[Lot]:
    """The lots decided now: those that get holders, and those that stay without any."""
    now_held = {award.lot_id for award in awards}
    lots = tender.lots.select_related("tender__buyer").prefetch_related("awards")
    return [lot for lot in lots if lot.pk in now_held or not lot.awards.all()]


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)
