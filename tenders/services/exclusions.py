"""Offers that leave the ranking: irregular, unacceptable, inappropriate, below a minimum, abnormally low."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import abnormal, legal, rules
from tenders.enums import ExclusionGround
from tenders.models import Award, LowOfferReview, Offer, OfferExclusion, Tender
from tenders.notifications import tell_low_offer_asked, tell_low_offer_decided
from tenders.selectors import offers_of
from tenders.services.locking import locked_tender
from tenders.workflow import LOW_OFFER


@transaction.atomic
def offer_exclude(*, offer: Offer, ground: str, reason: str, by, at) -> OfferExclusion:
    """Put an offer out of the ranking, with its ground and its reason. Raises Refusal.

    An abnormally low offer is not excluded here: its firm is heard first (`low_offer_ask`).
    """
    tender = _judged(offer, by)
    if ground == ExclusionGround.ABNORMALLY_LOW:
        raise Refusal(
            _("Demandez d'abord à l'entreprise de justifier ses prix."),
            field="ground",
            article=legal.ART.format("L2152-6"),
        )
    return _exclude(tender, offer, ground=ground, reason=reason, by=by, at=at)


def _judged(offer: Offer, by) -> Tender:
    tender = locked_tender(offer.bid.tender)
    offer.lot.tender = tender
    if not rules.can_exclude_offer(by, offer):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation écartent une offre, pendant l'analyse."),
            code="forbidden",
        )
    return tender


def _exclude(tender, offer, *, ground, reason, by, at) -> OfferExclusion:
    if not reason.strip():
        raise Refusal(
            _("Écrivez le motif : il est communiqué à l'entreprise."),
            field="reason",
            article=legal.ART.format("R2181-3"),
        )
    if offer.exclusions.filter(lifted_at__isnull=True).exists():
        raise Refusal(_("Cette offre est déjà écartée."), code="conflict")
    if Award.objects.filter(offer=offer).exists():
        raise Refusal(_("Cette offre est proposée à l'attribution : retirez d'abord la proposition."))
    exclusion = OfferExclusion.objects.create(
        offer=offer, ground=ground, reason=reason.strip(), decided_by=by, decided_at=at
    )
    after = {"offer": offer.pk, "ground": str(ground)}
    _journal(tender, "tenders.offer_exclude", by, at, reason=exclusion.reason, after=after)
    return exclusion


@transaction.atomic
def offer_restore(*, offer: Offer, reason: str, by, at) -> OfferExclusion:
    """Put an excluded offer back in the ranking, with the reason. Raises Refusal."""
    tender = _judged(offer, by)
    exclusion = (
        OfferExclusion.objects.select_for_update(of=("self",)).filter(offer=offer, lifted_at=None).first()
    )
    if exclusion is None:
        raise Refusal(_("Cette offre n'est pas écartée."), code="conflict")
    if not reason.strip():
        raise Refusal(_("Écrivez pourquoi l'offre revient dans le classement."), field="reason")
    exclusion.lifted_by, exclusion.lifted_at, exclusion.lift_reason = by, at, reason.strip()
    exclusion.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    before, after = {"ground": exclusion.ground}, {"offer": offer.pk, "ground": None}
    _journal(tender, "tenders.offer_restore", by, at, reason=reason, before=before, after=after)
    return exclusion


@transaction.atomic
def low_offer_ask(*, offer: Offer, question: str, due_at, by, at) -> LowOfferReview:
    """Ask a firm to justify prices that look abnormally low; what made them look so is frozen. Raises Refusal."""
    tender = _judged(offer, by)
    if not question.strip():
        raise Refusal(
            _("Écrivez ce que l'entreprise doit justifier."),
            field="question",
            article=legal.ART.format("R2152-3"),
        )
    if due_at <= at:
        raise Refusal(
            _("Laissez à l'entreprise le temps de répondre : choisissez une date à venir."), field="due_at"
        )
    if LowOfferReview.objects.filter(offer=offer).exists():
        raise Refusal(_("Ces justifications sont déjà demandées."), code="conflict")
    signals = abnormal.low_signals(offer.lot, list(offers_of(offer.lot))).get(offer.pk, [])
    review = LowOfferReview.objects.create(
        offer=offer,
        signals=[signal.facts for signal in signals],
        question=question.strip(),
        asked_by=by,
        asked_at=at,
        due_at=due_at,
    )
    tell_low_offer_asked(review, at)
    after = {"offer": offer.pk, "signals": review.signals, "due_at": due_at.isoformat()}
    _journal(tender, "tenders.low_offer_ask", by, at, reason=review.question, after=after)
    return review


@transaction.atomic
def low_offer_answer(*, review: LowOfferReview, answer: str, by, at) -> LowOfferReview:
    """The firm justifies its prices, before its deadline. Raises Refusal."""
    review = _locked_review(review)
    previous = LOW_OFFER.apply(review, "answer", by=by, at=at)
    if at >= review.due_at:
        raise Refusal(
            _("Le délai pour répondre est passé : écrivez à l'acheteur sans attendre."), code="too_late"
        )
    if not answer.strip():
        raise Refusal(
            _("Écrivez ce qui justifie vos prix : procédés, conditions favorables, originalité, aides…"),
            field="answer",
            article=legal.ART.format("R2152-3"),
        )
    review.answer, review.answered_by, review.answered_at = answer.strip(), by, at
    review.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    journal.record(
        by=by,
        action="tenders.low_offer_answer",
        obj=review.offer.bid,
        at=at,
        before={"state": previous},
        after={"state": review.state, "answer": review.answer},
        organisation=review.offer.bid.bidder,
    )
    return review


@transaction.atomic
def low_offer_decide(*, review: LowOfferReview, is_justified: bool, reason: str, by, at) -> LowOfferReview:
    """Hold the prices for justified, or reject the offer, with the reason (L2152-6). Raises Refusal."""
    tender = _judged(review.offer, by)
    review = _locked_review(review)
    review.decision_reason = reason.strip()
    name = "accept" if is_justified else "reject"
    previous = LOW_OFFER.apply(review, name, by=by, at=at)
    review.decided_by, review.decided_at = by, at
    review.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    if not is_justified:
        _exclude(tender, review.offer, ground=ExclusionGround.ABNORMALLY_LOW, reason=reason, by=by, at=at)
    tell_low_offer_decided(review, at)
    before, after = {"state": previous}, {"state": review.state, "offer": review.offer_id}
    _journal(tender, f"tenders.low_offer_{name}", by, at, reason=reason, before=before, after=after)
    return review


def _locked_review(review: LowOfferReview) -> LowOfferReview:
    rows = LowOfferReview.objects.select_related(
        "offer__bid__tender__buyer", "offer__bid__bidder", "offer__lot"
    )
    return rows.select_for_update(of=("self",)).get(pk=review.pk)


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)
