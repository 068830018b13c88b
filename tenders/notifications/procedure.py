"""Messages of this stage. Until the opening none of them says anything of what a bid holds."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications.registry import MessageKind
from foundation.notifications.services import notify
from tenders import legal
from tenders.enums import BidState, ChangeKind, ReviewState
from tenders.models import Award, Bid, Change, Review, Round, Tender
from tenders.ranking import ranking
from tenders.selectors import people_to_tell

EXAMPLE = {
    "reference": "2026-014",
    "title": "Suivi des demandes",
    "buyer": "DINUM",
    "lot": "Lot 1 : conception",
}
_MARKS = {
    "rank": 1,
    "score": "87,50",
    "marks": [{"label": "Valeur technique", "weight": "60,00", "value": "52,00"}],
    "retained": [
        {
            "name": "Atelier Numérique Coopératif",
            "score": "87,50",
            "rank": 1,
            "strengths": "Équipe complète dès la notification.",
        }
    ],
    "exclusion": "",
    "unawarded_reason": "",
    "earliest_signature_date": "14 mars 2026",
}

KINDS = (
    MessageKind(
        "tenders.bid_deposited",
        _("Accusé de réception d'un pli"),
        "tender_bid_deposited",
        legal=_("accusé de réception de votre dépôt (art. 2 de l’annexe 7 du code de la commande publique)"),
        example={
            **EXAMPLE,
            "bidder": "Atelier Numérique Coopératif",
            "received_at": "3 mars 2026 à 11:59:58 (heure de Paris)",
            "is_late": False,
            "manifest_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
    ),
    MessageKind(
        "tenders.opening_alarm",
        _("Ouverture des plis arrêtée"),
        "tender_opening_alarm",
        example={"reference": "2026-014", "count": 1},
    ),
    MessageKind(
        "tenders.invited",
        _("Invitation à remettre une offre"),
        "tender_invited",
        legal=_("vous êtes invité à remettre une offre dans une consultation où vous avez répondu"),
        example={**EXAMPLE, "kind": "offres finales", "due_at": "14 mars 2026 à 12:00:00 (heure de Paris)"},
    ),
    MessageKind(
        "tenders.cancelled",
        _("Consultation sans suite"),
        "tender_cancelled",
        legal=_("art. R2185-2 du code de la commande publique"),
        example={
            **EXAMPLE,
            "reason": "Le besoin a disparu.",
            "ground": "Sans suite : le besoin a disparu ou a changé",
        },
    ),
    MessageKind(
        "tenders.changed",
        _("Rectificatif ou report d’une consultation"),
        "tender_changed",
        legal=_("égalité d’information des candidats (art. R2151-4 du code de la commande publique)"),
        example={
            **EXAMPLE,
            "kind": "Report de la date limite",
            "is_extension": True,
            "reason": "La plateforme a été indisponible une heure.",
            "facts": [{"label": "Date limite", "before": "3 mars 2026", "after": "10 mars 2026"}],
            "due_at": "10 mars 2026 à 12:00:00 (heure de Paris)",
        },
    ),
    MessageKind(
        "tenders.review_asked",
        _("Brouillon à relire"),
        "tender_review_asked",
        example={**EXAMPLE, "asked_by": "Nadia Ferrand", "version": 2, "message": "Lot 2 revu."},
    ),
    MessageKind(
        "tenders.review_decided",
        _("Relecture d’un brouillon terminée"),
        "tender_review_decided",
        example={
            **EXAMPLE,
            "decided_by": "Bruno Salvat",
            "version": 2,
            "is_approved": False,
            "reason": "Le délai de paiement manque.",
            "remarks": 3,
        },
    ),
    MessageKind(
        "tenders.lot_awarded",
        _("Offre retenue"),
        "tender_lot_awarded",
        legal=_("art. R2181-1 du code de la commande publique"),
        example={**EXAMPLE, **_MARKS},
    ),
    MessageKind(
        "tenders.lot_rejected",
        _("Offre non retenue"),
        "tender_lot_rejected",
        legal=_("art. R2181-1 et R2181-3 du code de la commande publique"),
        example={**EXAMPLE, **_MARKS, "rank": 2, "score": "71,00"},
    ),
)


def exact_words(instant: datetime) -> str:
    """An instant to the second, in words, Paris time: « 3 mars 2026 à 11:59:58 (heure de Paris) »."""
    here = instant.astimezone(legal.PARIS)
    return gettext("%(when)s (heure de Paris)") % {"when": date_format(here, "j F Y à H:i:s")}


def _url(tender: Tender) -> str:
    return reverse("tenders:detail", args=[tender.pk])


def bid_url(bid: Bid) -> str:
    return reverse("tenders:bid", args=[bid.pk])


def words_of(tender: Tender) -> dict:
    return {"reference": tender.reference, "title": tender.title, "buyer": tender.buyer.name}


def tell_deposited(bid: Bid, recipients: list, at) -> None:
    """Tell the bidder's people at once that the bid arrived, when, and whether it was in time."""
    notify(
        kind="tenders.bid_deposited",
        recipients=recipients,
        obj=bid,
        context={
            **words_of(bid.tender),
            "bidder": bid.bidder.name,
            "received_at": exact_words(bid.deposited_at),
            "is_late": bid.state == BidState.LATE,
            "manifest_sha256": bid.manifest_sha256,
        },
        url=bid_url(bid),
        at=at,
        event="deposited",
    )


def tell_invited(round: Round, at) -> None:
    """Tell each invited candidate, at the same instant, what is expected and until when."""
    for bidder in round.invited.all():
        notify(
            kind="tenders.invited",
            recipients=users_with_role(bidder, Role.SUPPLIER),
            obj=round.tender,
            context={
                **words_of(round.tender),
                "kind": round.get_kind_display().lower(),
                "due_at": exact_words(round.due_at),
            },
            url=reverse("tenders:answer", args=[round.tender_id]) + f"?organisation={bidder.pk}",
            at=at,
            event=f"round {round.number}, bidder {bidder.pk}",
        )


def tell_cancelled(tender: Tender, at) -> None:
    """Tell everybody concerned that the consultation is given up, and why."""
    ground = tender.get_cancel_ground_display()
    notify(
        kind="tenders.cancelled",
        recipients=people_to_tell(tender),
        obj=tender,
        context={**words_of(tender), "reason": tender.cancel_reason, "ground": str(ground)},
        url=_url(tender),
        at=at,
        event="cancelled",
    )


def tell_changed(change: Change, at) -> None:
    """Tell everybody concerned what is said otherwise, before and after, and the deadline as it stands."""
    tender = change.tender
    notify(
        kind="tenders.changed",
        recipients=people_to_tell(tender),
        obj=tender,
        context={
            **words_of(tender),
            "kind": str(change.get_kind_display()),
            "is_extension": change.kind == ChangeKind.EXTENSION,
            "reason": change.reason,
            "facts": change.facts,
            "due_at": exact_words(tender.submission_due_at),
        },
        url=_url(tender),
        at=at,
        event=f"change {change.number}",
    )


def tell_review_asked(review: Review, reviewers, at) -> None:
    """Tell those who may approve it that a version waits for them."""
    notify(
        kind="tenders.review_asked",
        recipients=reviewers,
        obj=review.tender,
        context={
            **words_of(review.tender),
            "asked_by": str(review.asked_by),
            "version": review.version,
            "message": review.message,
        },
        url=_review_url(review),
        at=at,
        event=f"review {review.version} asked",
    )


def tell_review_decided(review: Review, at) -> None:
    """Tell who wrote the draft what was decided of its version."""
    drafters = [row.user for row in review.tender.drafters.select_related("user")]
    notify(
        kind="tenders.review_decided",
        recipients=drafters,
        obj=review.tender,
        context={
            **words_of(review.tender),
            "decided_by": str(review.decided_by),
            "version": review.version,
            "is_approved": review.state == ReviewState.APPROVED,
            "reason": review.decision_reason,
            "remarks": review.comments.count(),
        },
        url=_review_url(review),
        at=at,
        event=f"review {review.version} decided",
    )


def _review_url(review: Review) -> str:
    return reverse("tenders:review", args=[review.tender_id])


def tell_awarded(tender: Tender, at, *, lots) -> None:
    """Tell each bidder of these lots its rank and score, who is retained with which score, and what
    distinguished the offers retained (R2181-3). No price, no word of another offer (L2132-1).
    """
    for lot in lots:
        awards = list(Award.objects.filter(lot=lot).select_related("bidder"))
        retained = [
            {
                "name": award.bidder.name,
                "score": number_format(award.score),
                "rank": award.rank,
                "strengths": award.strengths,
            }
            for award in awards
        ]
        winners = {award.offer_id for award in awards}
        for row in ranking(lot):
            kind = "tenders.lot_awarded" if row.offer.pk in winners else "tenders.lot_rejected"
            _tell_bidder(kind, lot, row, retained, at)


def _shown(value) -> str:
    return "" if value is None else number_format(value)


def _tell_bidder(kind: str, lot, row, retained: list, at) -> None:
    tender = lot.tender
    marks = [
        {
            "label": mark.criterion.label,
            "weight": number_format(mark.criterion.weight, 2),
            "value": _shown(mark.value),
        }
        for mark in row.marks
    ]
    notify(
        kind=kind,
        recipients=users_with_role(row.offer.bidder, Role.SUPPLIER),
        obj=tender,
        context={
            **words_of(tender),
            "lot": str(lot),
            "rank": row.rank,
            "score": _shown(row.score),
            "marks": marks,
            "retained": retained,
            "unawarded_reason": lot.unawarded_reason,
            "exclusion": row.exclusion.reason if row.exclusion else "",
            "earliest_signature_date": date_format(tender.earliest_signature_date, "j F Y"),
        },
        url=bid_url(row.offer.bid),
        at=at,
        event=f"lot {lot.pk}, offer {row.offer.pk}, {tender.awarded_at:%Y%m%d%H%M%S}",
    )
