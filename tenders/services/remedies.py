"""What firms may do against the award, and how the buyer takes one back: reasons, challenges, reversal, cascade."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.approvals import services as approvals
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import events, legal, ocds, rules
from tenders.enums import ContractState, ExclusionGround, ReversalGround, TenderState
from tenders.models import Award, Challenge, Contract, Offer, OfferExclusion, ReasonRequest, Tender
from tenders.notifications import tell_award_reversed, tell_reasons_answered, tell_reasons_asked
from tenders.services.locking import locked_tender
from tenders.workflow import CONTRACT, TENDER

REVERSE = "tenders.award_reverse"
DEFAULTING = (ReversalGround.DOCUMENTS, ReversalGround.PREVENTED)
"""Grounds after which the offer leaves the ranking, so that the next one is proposed (R2181-7, R2144-7)."""


@transaction.atomic
def reasons_ask(*, offer: Offer, by, at) -> ReasonRequest:
    """A firm that was not retained asks for the detailed reasons. Raises Refusal."""
    offer.bid.tender = locked_tender(offer.bid.tender)
    if not rules.can_ask_reasons(by, offer):
        raise Refusal(
            _("Seule une entreprise non retenue demande les motifs de la décision."), code="forbidden"
        )
    if ReasonRequest.objects.filter(offer=offer).exists():
        raise Refusal(_("Vous avez déjà demandé les motifs : la réponse s'affichera ici."), code="conflict")
    days = int(legal.REASONS_DAYS.value)
    due = at.astimezone(legal.PARIS).date() + timedelta(days=days)
    request = ReasonRequest.objects.create(offer=offer, asked_by=by, asked_at=at, due_date=due)
    tell_reasons_asked(request, at)
    journal.record(
        by=by,
        action="tenders.reasons_ask",
        obj=offer.bid,
        at=at,
        reason=str(offer.lot),
        after={"offer": offer.pk, "due_date": due.isoformat()},
        organisation=offer.bid.bidder,
    )
    return request


@transaction.atomic
def reasons_answer(*, request: ReasonRequest, answer: str, by, at) -> ReasonRequest:
    """Answer a request for reasons; what is a business secret of another firm stays out (L2132-1). Raises Refusal."""
    tender = locked_tender(request.offer.bid.tender)
    rows = ReasonRequest.objects.select_related(
        "offer__bid__bidder", "offer__bid__tender__buyer", "offer__lot"
    )
    request = rows.select_for_update(of=("self",)).get(pk=request.pk)
    if not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs répondent aux demandes de motifs."), code="forbidden")
    if request.answered_at:
        raise Refusal(_("Cette demande a déjà sa réponse."), code="conflict")
    if not answer.strip():
        raise Refusal(
            _("Donnez les motifs du rejet, et ce qui a distingué l'offre retenue."),
            field="answer",
            article=legal.REASONS_DAYS.cited,
        )
    request.answer, request.answered_by, request.answered_at = answer.strip(), by, at
    request.save(update_fields=["answer", "answered_by", "answered_at"])
    tell_reasons_answered(request, at)
    after = {"offer": request.offer_id, "answer": request.answer}
    _journal(tender, "tenders.reasons_answer", by, at, reason=str(request.offer.lot), after=after)
    return request


@transaction.atomic
def challenge_record(*, tender: Tender, court, case_number, claimant, filed_at, by, at) -> Challenge:
    """Record a challenge before the judge: from now on nothing is signed (L551-4 CJA). Raises Refusal."""
    tender = locked_tender(tender)
    if not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs enregistrent un recours."), code="forbidden")
    if filed_at > at:
        raise Refusal(_("Le recours ne peut pas être notifié dans l'avenir."), field="filed_at")
    challenge = Challenge.objects.create(
        tender=tender,
        court=court,
        case_number=case_number,
        claimant=claimant,
        filed_at=filed_at,
        recorded_by=by,
        recorded_at=at,
    )
    after = {"court": court, "case": case_number, "claimant": claimant, "filed_at": filed_at.isoformat()}
    _journal(tender, "tenders.challenge_record", by, at, after=after)
    return challenge


@transaction.atomic
def challenge_end(*, challenge: Challenge, outcome: str, by, at) -> Challenge:
    """Record how the challenge ended: the signature is possible again. Raises Refusal."""
    tender = locked_tender(challenge.tender)
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
    if not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs enregistrent l'issue d'un recours."), code="forbidden")
    if challenge.ended_at:
        raise Refusal(_("Ce recours est déjà terminé."), code="conflict")
    if not outcome.strip():
        raise Refusal(_("Écrivez l'issue : ordonnance, désistement, date."), field="outcome")
    challenge.outcome, challenge.ended_by, challenge.ended_at = outcome.strip(), by, at
    challenge.save(update_fields=["outcome", "ended_by", "ended_at"])
    _journal(tender, "tenders.challenge_end", by, at, reason=challenge.outcome)
    return challenge


@transaction.atomic
def award_reverse_ask(*, award: Award, ground: str, reason: str, by, at):
    """Ask the signatory to take back a decided award that is not served yet. Raises Refusal."""
    tender = locked_tender(award.lot.tender)
    if not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs demandent le retrait d'une attribution."), code="forbidden")
    if not reason.strip():
        raise Refusal(_("Écrivez pourquoi l'attribution est retirée."), field="reason")
    _check_reversible(award)
    label = str(ReversalGround(ground).label)
    change = {"award": award.pk, "ground": str(ground), "label": label, "reason": reason.strip()}
    return approvals.approval_ask(
        action=REVERSE,
        obj=tender,
        change=change,
        organisation=tender.buyer,
        reason=reason.strip()[:500],
        by=by,
        at=at,
    )


def _check_reversible(award: Award) -> None:
    if not award.is_decided or award.reversed_at:
        raise Refusal(_("Cette attribution n'est pas décidée, ou déjà retirée."), code="conflict")
    if Contract.objects.filter(award=award, state=ContractState.SERVED).exists():
        raise Refusal(
            _("Le contrat est notifié : il se résilie, l'attribution ne se retire plus."),
            code="conflict",
            article=legal.NEXT_RANKED.cited,
        )


@transaction.atomic
def award_reverse(*, award: Award, ground: str, reason: str, by, at) -> Award:
    """Take a decided award back: its contract is given up, the analysis opens again, the firm is told why.

    A firm in default leaves the ranking, so that the next one is proposed. Raises Refusal.
    """
    tender = locked_tender(award.lot.tender)
    rows = Award.objects.select_related("lot", "bidder", "offer__bid")
    award = rows.select_for_update(of=("self",)).get(pk=award.pk)
    award.lot.tender = tender
    _check_reversible(award)
    award.reversal_ground, award.reversal_reason = ground, reason
    award.reversed_by, award.reversed_at = by, at
    award.save(update_fields=["reversal_ground", "reversal_reason", "reversed_by", "reversed_at"])
    _give_up(award, at)
    if ground in DEFAULTING:
        OfferExclusion.objects.create(
            offer=award.offer, ground=ExclusionGround.WITHDRAWN, reason=reason, decided_by=by, decided_at=at
        )
    previous = tender.state
    if tender.state == TenderState.AWARDED:
        TENDER.apply(tender, "reopen", by=by, at=at)
        tender.awarded_at = tender.earliest_signature_date = None
        tender.save(update_fields=["state", "awarded_at", "earliest_signature_date"])
    tell_award_reversed(award, at)
    ocds.publish(tender, tag="awardCancellation", at=at)
    _journal(
        tender,
        "tenders.award_reverse",
        by,
        at,
        reason=reason,
        before={"state": previous, "award": [award.lot_id, award.bidder_id, award.rank]},
        after={"state": tender.state, "ground": str(ground)},
    )
    events.emit(events.AwardReversed(tender.pk, award.pk, at))
    return award


def _give_up(award: Award, at) -> None:
    contract = Contract.objects.select_for_update(of=("self",)).filter(award=award).first()
    if contract:
        CONTRACT.apply(contract, "cancel", by=None, at=at)
        contract.cancelled_at = at
        contract.save(update_fields=["state", "cancelled_at"])


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)
