"""Messages of the judging: what firms are asked and told while their offers are compared."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications.registry import MessageKind
from foundation.notifications.services import notify
from tenders.enums import LowOfferState
from tenders.models import Award, Contract, LowOfferReview, NegotiationMeeting, ReasonRequest, RequestedPiece
from tenders.notifications.procedure import EXAMPLE, bid_url, exact_words, words_of

KINDS = (
    MessageKind(
        "tenders.low_offer_asked",
        _("Justification de prix demandée"),
        "tender_low_offer_asked",
        legal=_("art. L2152-6 et R2152-3 du code de la commande publique"),
        example={
            **EXAMPLE,
            "question": "Comment tenez-vous ce prix de journée ?",
            "due_at": "14 mars 2026 à 12:00:00 (heure de Paris)",
        },
    ),
    MessageKind(
        "tenders.low_offer_decided",
        _("Suite donnée à la justification de prix"),
        "tender_low_offer_decided",
        legal=_("art. L2152-6 du code de la commande publique"),
        example={**EXAMPLE, "is_accepted": True, "reason": "Le procédé est décrit et chiffré."},
    ),
    MessageKind(
        "tenders.meeting_invited",
        _("Invitation à négocier"),
        "tender_meeting_invited",
        legal=_("art. R2161-17 du code de la commande publique"),
        example={**EXAMPLE, "minutes": 60, "topics": ["Équipe et méthode", "Sobriété"]},
    ),
    MessageKind(
        "tenders.record_shared",
        _("Compte rendu de négociation à contresigner"),
        "tender_record_shared",
        legal=_("compte rendu d’une négociation à laquelle vous avez pris part"),
        example=EXAMPLE,
    ),
    MessageKind(
        "tenders.pieces_asked",
        _("Pièces demandées avant la signature"),
        "tender_pieces_asked",
        legal=_("art. R2143-6 à R2143-10 et R2144-4 du code de la commande publique"),
        example={
            **EXAMPLE,
            "labels": ["Attestation de vigilance sociale"],
            "due_at": "14 mars 2026 à 12:00:00 (heure de Paris)",
        },
    ),
    MessageKind(
        "tenders.piece_refused",
        _("Pièce à remplacer"),
        "tender_piece_refused",
        legal=_("art. R2144-4 du code de la commande publique"),
        example={
            **EXAMPLE,
            "label": "Attestation de vigilance sociale",
            "reason": "Elle a plus de six mois.",
        },
    ),
    MessageKind(
        "tenders.served",
        _("Notification du marché"),
        "tender_served",
        legal=_("art. R2182-4 et R2182-5 du code de la commande publique"),
        example={**EXAMPLE, "served_at": "14 mars 2026 à 12:00:00 (heure de Paris)"},
    ),
    MessageKind(
        "tenders.award_reversed",
        _("Attribution retirée"),
        "tender_award_reversed",
        legal=_("retrait d’une attribution qui vous concerne"),
        example={**EXAMPLE, "ground": "Pièces non fournies ou refusées", "reason": "Rien n'a été reçu."},
    ),
    MessageKind(
        "tenders.reasons_asked",
        _("Demande de motifs reçue"),
        "tender_reasons_asked",
        legal=_("art. R2181-2 et R2181-4 du code de la commande publique"),
        example={**EXAMPLE, "bidder": "Atelier Numérique Coopératif", "due_date": "14 mars 2026"},
    ),
    MessageKind(
        "tenders.reasons_answered",
        _("Motifs de la décision"),
        "tender_reasons_answered",
        legal=_("art. R2181-2 et R2181-4 du code de la commande publique"),
        example={**EXAMPLE, "answer": "Votre équipe ne comptait pas de designer."},
    ),
)


def tell_bidder(kind: str, offer, context: dict, at, *, event: str, url: str = "") -> None:
    """Tell the suppliers of the firm that made an offer something of it."""
    tender = offer.bid.tender
    notify(
        kind=kind,
        recipients=users_with_role(offer.bid.bidder, Role.SUPPLIER),
        obj=tender,
        context={**words_of(tender), "lot": str(offer.lot), **context},
        url=url or bid_url(offer.bid),
        at=at,
        event=event,
    )


def tell_low_offer_asked(review: LowOfferReview, at) -> None:
    """Ask the firm to justify its prices, until when."""
    context = {"question": review.question, "due_at": exact_words(review.due_at)}
    tell_bidder("tenders.low_offer_asked", review.offer, context, at, event=f"low offer {review.offer_id}")


def tell_low_offer_decided(review: LowOfferReview, at) -> None:
    """Tell the firm whether its prices are held for justified, and why."""
    context = {
        "is_accepted": review.state == LowOfferState.ACCEPTED,
        "reason": review.decision_reason,
    }
    tell_bidder(
        "tenders.low_offer_decided", review.offer, context, at, event=f"low offer {review.offer_id} decided"
    )


def tell_pieces_asked(contract: Contract, labels: list[str], due_at, at) -> None:
    """Ask the future holder for its documents, until when."""
    context = {"labels": labels, "due_at": exact_words(due_at)}
    event = f"contract {contract.pk}, {', '.join(labels)}"[:200]
    tell_bidder("tenders.pieces_asked", contract.award.offer, context, at, event=event)


def tell_piece_refused(piece: RequestedPiece, at) -> None:
    """Tell the future holder which document does not do, and why."""
    context = {"label": piece.label, "reason": piece.refusal_reason}
    offer = piece.contract.award.offer
    tell_bidder("tenders.piece_refused", offer, context, at, event=f"piece {piece.pk}, {at:%Y%m%d%H%M%S}")


def tell_served(contract: Contract, at) -> None:
    """Tell the holder that its contract is served: it takes effect now."""
    context = {"served_at": exact_words(contract.served_at)}
    tell_bidder("tenders.served", contract.award.offer, context, at, event=f"contract {contract.pk} served")


def tell_award_reversed(award: Award, at) -> None:
    """Tell the firm that its award is taken back, and why."""
    context = {"ground": award.get_reversal_ground_display(), "reason": award.reversal_reason}
    tell_bidder("tenders.award_reversed", award.offer, context, at, event=f"award {award.pk} reversed")


def tell_reasons_asked(request: ReasonRequest, at) -> None:
    """Tell the buyers that a firm asks for the reasons, and until when they answer."""
    offer = request.offer
    tender = offer.bid.tender
    notify(
        kind="tenders.reasons_asked",
        recipients=users_with_role(tender.buyer, Role.BUYER),
        obj=tender,
        context={
            **words_of(tender),
            "lot": str(offer.lot),
            "bidder": offer.bid.bidder.name,
            "due_date": date_format(request.due_date, "j F Y"),
        },
        url=reverse("tenders:contracts", args=[tender.pk]),
        at=at,
        event=f"reasons {offer.pk}",
    )


def tell_reasons_answered(request: ReasonRequest, at) -> None:
    """Give the firm the reasons it asked for."""
    context = {"answer": request.answer}
    tell_bidder(
        "tenders.reasons_answered", request.offer, context, at, event=f"reasons {request.offer_id} answered"
    )


def tell_meeting_invited(meeting: NegotiationMeeting, at) -> None:
    """Invite a candidate: the same topics and the same time as the others."""
    topics = [note.topic.label for note in meeting.notes.select_related("topic")]
    context = {"minutes": meeting.negotiation.minutes, "topics": topics}
    url = reverse("tenders:own_meeting", args=[meeting.offer.bid_id, meeting.pk])
    tell_bidder("tenders.meeting_invited", meeting.offer, context, at, event=f"meeting {meeting.pk}", url=url)


def tell_record_shared(meeting: NegotiationMeeting, at) -> None:
    """Give a candidate the record of its meeting to countersign."""
    url = reverse("tenders:own_meeting", args=[meeting.offer.bid_id, meeting.pk])
    event = f"record {meeting.pk}, {at:%Y%m%d%H%M%S}"
    tell_bidder("tenders.record_shared", meeting.offer, {}, at, event=event, url=url)
