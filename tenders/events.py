"""What this stage tells the journal, and the events that the stages above may listen to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "tenders.create": _("a créé la consultation"),
    "tenders.update": _("a modifié la consultation"),
    "tenders.invite": _("a modifié la liste des entreprises invitées"),
    "tenders.document": _("a modifié les documents de la consultation"),
    "tenders.publish": _("a publié la consultation"),
    "tenders.review_ask": _("a demandé la relecture du brouillon"),
    "tenders.review_comment": _("a fait une remarque de relecture"),
    "tenders.review_settle": _("a traité une remarque de relecture"),
    "tenders.review_approve": _("a approuvé la version à publier"),
    "tenders.review_send_back": _("a renvoyé le brouillon à son auteur"),
    "tenders.review_reopen": _("a repris la rédaction d'une version relue"),
    "tenders.corrigendum": _("a publié un rectificatif"),
    "tenders.extend": _("a repoussé la date limite"),
    "tenders.cancel": _("a déclaré la consultation sans suite"),
    "tenders.custodian_key": _("a créé sa clé de dépositaire"),
    "tenders.bid_deposit": _("a déposé un pli"),
    "tenders.bid_late": _("a déposé un pli hors délai, conservé fermé"),
    "tenders.bid_withdraw": _("a retiré son pli"),
    "tenders.interest": _("a déclaré ses intérêts"),
    "tenders.opening_contribute": _("a donné sa phrase de passe pour l'ouverture des plis"),
    "tenders.opening_refused": _("s'est vu refuser l'ouverture des plis"),
    "tenders.round": _("a demandé de nouvelles offres"),
    "tenders.open": _("a ouvert les plis"),
    "tenders.bid_open": _("a ouvert le pli"),
    "tenders.bid_unreadable": _("a constaté un pli illisible"),
    "tenders.file_read": _("a lu un fichier d'une offre"),
    "tenders.scores_submit": _("a rendu ses notes"),
    "tenders.lot_award": _("a proposé les titulaires du lot"),
    "tenders.lot_leave": _("a proposé de ne pas attribuer le lot"),
    "tenders.award": _("a décidé l'attribution"),
    "tenders.demonstration": _("a écrit des lignes de démonstration"),
}


@dataclass(frozen=True)
class TenderAwarded:
    """The signatory decided: the awards of the consultation are final."""

    tender_id: int
    award_ids: tuple[int, ...]
    decided_at: datetime


@dataclass(frozen=True)
class TenderChanged:
    """A corrigendum, a later deadline or the end of a published consultation was made known."""

    tender_id: int
    change_id: int


_listeners: dict[type, list[Callable]] = {}


def listen(event: type, listener: Callable) -> None:
    """Have `listener(event)` called after the commit. Upper stages call this in `AppConfig.ready`."""
    _listeners.setdefault(event, []).append(listener)


def emit(event) -> None:
    """Tell the listeners once the present transaction is committed; one that fails does not silence the
    others.
    """
    for listener in _listeners.get(type(event), ()):
        transaction.on_commit(lambda listener=listener: listener(event), robust=True)
