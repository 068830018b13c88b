"""Messages on candidatures: what is asked, what was answered, what was decided, at the same instant for all."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications.registry import MessageKind
from foundation.notifications.services import notify
from tenders.legal import candidatures as law
from tenders.models import Candidature, ComplementAnswer, ComplementRequest
from tenders.notifications.procedure import EXAMPLE, bid_url, exact_words, words_of

KINDS = (
    MessageKind(
        "tenders.complements_asked",
        _("Compléments de candidature demandés"),
        "tender_complements_asked",
        legal=_("art. R2144-2 du code de la commande publique"),
        example={
            **EXAMPLE,
            "wanted": ["Déclaration sur l'honneur", "Attestation d'assurance en cours"],
            "message": "Merci de compléter votre dossier.",
            "due_at": "14 mars 2026 à 12:00:00 (heure de Paris)",
        },
    ),
    MessageKind(
        "tenders.complement_answered",
        _("Un candidat complète son dossier"),
        "tender_complement_answered",
        example={**EXAMPLE, "bidder": "Octave & Filles", "wanted": "Attestation d'assurance en cours"},
    ),
    MessageKind(
        "tenders.candidature_admitted",
        _("Candidature admise"),
        "tender_candidature_admitted",
        example=EXAMPLE,
    ),
    MessageKind(
        "tenders.candidature_excluded",
        _("Candidature rejetée"),
        "tender_candidature_excluded",
        legal=_("art. R2181-1 du code de la commande publique"),
        example={
            **EXAMPLE,
            "ground": "Candidature incomplète",
            "article": "art. R2144-7 du code de la commande publique",
            "reason": "L'attestation d'assurance demandée n'a pas été reçue.",
        },
    ),
)


def tell_asked(request: ComplementRequest, candidature: Candidature, at) -> None:
    """Tell a candidate what is missing and until when it may be sent: the same date for all."""
    bid = candidature.bid
    items = request.items.filter(candidature=candidature)
    notify(
        kind="tenders.complements_asked",
        recipients=users_with_role(bid.bidder, Role.SUPPLIER),
        obj=candidature,
        context={
            **words_of(bid.tender),
            "wanted": [str(item) for item in items],
            "message": request.message,
            "due_at": exact_words(request.due_at),
        },
        url=reverse("tenders:complements", args=[bid.pk]),
        at=at,
        event=f"request {request.pk}",
    )


def tell_answered(answer: ComplementAnswer, at) -> None:
    """Tell the buyer who asked that an answer came."""
    item = answer.item
    tender = item.request.tender
    notify(
        kind="tenders.complement_answered",
        recipients=[item.request.asked_by],
        obj=item.candidature,
        context={**words_of(tender), "bidder": item.candidature.bid.bidder.name, "wanted": str(item)},
        url=reverse("tenders:candidature", args=[tender.pk, item.candidature_id]),
        at=at,
        event=f"answer {answer.pk}",
    )


def tell_admitted(candidature: Candidature, at) -> None:
    """Tell a candidate that his candidature is admitted."""
    _tell(candidature, "tenders.candidature_admitted", {}, at)


def tell_excluded(candidature: Candidature, at) -> None:
    """Tell a candidate that his candidature is rejected, and why."""
    facts = {
        "ground": candidature.get_ground_display(),
        "article": law.GROUND_ARTICLES[candidature.ground].cited,
        "reason": candidature.reason,
    }
    _tell(candidature, "tenders.candidature_excluded", facts, at)


def _tell(candidature: Candidature, kind: str, facts: dict, at) -> None:
    bid = candidature.bid
    notify(
        kind=kind,
        recipients=users_with_role(bid.bidder, Role.SUPPLIER),
        obj=candidature,
        context={**words_of(bid.tender), **facts},
        url=bid_url(bid),
        at=at,
        event="settled",
    )
