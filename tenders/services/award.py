"""Award: the buyer proposes lot by lot, the signatory decides for the whole consultation."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import events, legal, ocds, rules, webhooks
from tenders.documents import request_award_notice
from tenders.lot_limits import awarded_reasons, served_bidders
from tenders.models import Award, Lot, Offer, Tender
from tenders.notifications import tell_awarded
from tenders.ranking import Ranked, ranking
from tenders.services.locking import locked_tender
from tenders.workflow import TENDER


@transaction.atomic
def lot_award(*, lot: Lot, offers: list[Offer], by, at) -> list[Award]:
    """Propose the holders of a lot: the best ranked offers, as many as announced at most. Raises Refusal.

    A new proposal replaces the former until the signatory decides.
    """
    tender = _tender_to_award(lot, by)
    ranks = ranking(lot)
    _check_choice(lot, offers, ranks)
    lot.awards.all().delete()
    lot.unawarded_reason = ""
    lot.save(update_fields=["unawarded_reason"])
    chosen = {offer.pk for offer in offers}
    awards = Award.objects.bulk_create(
        Award(
            lot=lot,
            offer=row.offer,
            bid=row.offer.bid,
            bidder=row.offer.bid.bidder,
            rank=row.rank,
            score=row.score,
            proposed_by=by,
            proposed_at=at,
        )
        for row in ranks
        if row.offer.pk in chosen
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
    if reasons := awarded_reasons(lot, [offer.bid.bidder for offer in offers]):
        raise Refusal.of(reasons)
    if any(row.rank is None and not row.is_eliminated for row in ranks):
        raise Refusal(
            _("Toutes les offres ne sont pas notées : attendez les notes des évaluateurs."), field="offers"
        )
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


@transaction.atomic
def lot_leave(*, lot: Lot, reason: str, by, at) -> Lot:
    """Propose not to award a lot (no offer, or none acceptable), with its reason. Raises Refusal."""
    tender = _tender_to_award(lot, by)
    if not reason.strip():
        raise Refusal(
            _("Écrivez pourquoi le lot n'est pas attribué : les candidats le liront."), field="reason"
        )
    lot.awards.all().delete()
    lot.unawarded_reason = reason
    lot.save(update_fields=["unawarded_reason"])
    _journal(tender, "tenders.lot_leave", by, at, reason=reason)
    return lot


@transaction.atomic
def tender_award(*, tender: Tender, by, at) -> Tender:
    """Decide: the proposed awards become final, winners and losers are told why, the notice is public.

    Raises Refusal when `by` is not a signatory or a lot is not settled.
    """
    tender = locked_tender(tender)
    previous = TENDER.apply(tender, "award", by=by, at=at)
    tender.awarded_at = at
    tender.earliest_signature_date = legal.earliest_signature_date(tender.procedure, at)
    tender.save(update_fields=["state", "awarded_at", "earliest_signature_date"])
    awards = list(Award.objects.filter(lot__tender=tender).select_related("bidder", "lot"))
    for award in awards:
        award.decided_by, award.decided_at = by, at
        award.save(update_fields=["decided_by", "decided_at"])
    tell_awarded(tender, at)
    webhooks.tell_awarded(tender, at)
    ocds.publish(tender, tag="award", at=at)
    request_award_notice(tender, by, at)
    after = {"state": tender.state, "awards": [[a.lot_id, a.bidder_id, a.rank] for a in awards]}
    _journal(tender, "tenders.award", by, at, before={"state": previous}, after=after)
    events.emit(events.TenderAwarded(tender.pk, tuple(award.pk for award in awards), at))
    return tender


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)
