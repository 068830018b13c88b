"""What this stage tells the journal, and the events that the stages above may listen to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenders.enums import BidState

DEPOSITS = {
    BidState.DEPOSITED: "tenders.bid_deposit",
    BidState.LATE: "tenders.bid_late",
    BidState.BACKUP: "tenders.bid_backup",
}
"""The act that tells the journal of a deposit, by the state that it gave the bid."""
CLOSE = "tenders.round_close"
"""The act that ends a round in the journal."""

ACTIONS = {
    "tenders.create": _("a créé la consultation"),
    "tenders.update": _("a modifié la consultation"),
    "tenders.invite": _("a modifié la liste des entreprises invitées"),
    "tenders.document": _("a modifié les documents de la consultation"),
    "tenders.publish": _("a publié la consultation"),
    "tenders.papers": _("a écrit les pièces de la consultation"),
    "tenders.clause_save": _("a écrit une clause de sa bibliothèque"),
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
    "tenders.custody": _("a désigné les dépositaires des plis"),
    "tenders.round_deadline": _("a inscrit la nouvelle date limite au journal"),
    "tenders.round_close": _("a clos la réception des plis"),
    "tenders.opening_alarm": _("a arrêté l'ouverture : la base ne correspond pas au journal"),
    "tenders.alarm_decide": _("a décidé d'ouvrir les plis intacts malgré l'alerte"),
    "tenders.bid_deposit": _("a déposé un pli"),
    "tenders.bid_backup": _("a déposé une copie de sauvegarde, gardée fermée"),
    "tenders.backup_ask": _("a demandé l'ouverture d'une copie de sauvegarde"),
    "tenders.backup_open": _("a ouvert une copie de sauvegarde"),
    "tenders.backup_discard": _("a écarté une copie de sauvegarde dangereuse"),
    "tenders.key_rehearsal": _("a prouvé que sa clé de dépositaire s'ouvre"),
    "tenders.share_lost": _("a déclaré perdues les parts d'un dépositaire"),
    "tenders.share_found": _("a déclaré retrouvées les parts d'un dépositaire"),
    "tenders.bid_late": _("a déposé un pli hors délai, conservé fermé"),
    "tenders.upload_abandon": _("a abandonné un envoi commencé"),
    "tenders.bid_replace": _("a remplacé son pli"),
    "tenders.bid_read_again": _("a relu ce que la plateforme garde de son pli"),
    "tenders.bid_withdraw": _("a retiré son pli"),
    "tenders.interest": _("a déclaré ses intérêts"),
    "tenders.opening_contribute": _("a donné ses parts pour l'ouverture des plis"),
    "tenders.opening_refused": _("s'est vu refuser l'ouverture des plis"),
    "tenders.round": _("a demandé de nouvelles offres"),
    "tenders.open": _("a ouvert les plis"),
    "tenders.bid_open": _("a ouvert le pli"),
    "tenders.bid_set_aside": _("a écarté le pli, dont un fichier est dangereux"),
    "tenders.bid_unreadable": _("a constaté un pli illisible"),
    "tenders.file_read": _("a lu un fichier d'une offre"),
    "tenders.file_quarantined": _("a mis à l'écart un fichier dangereux"),
    "tenders.complements_ask": _("a demandé des compléments de candidature"),
    "tenders.complement_answer": _("a complété sa candidature"),
    "tenders.complement_refused": _("a voulu joindre un fichier, refusé par les vérifications"),
    "tenders.candidature_admit": _("a admis la candidature"),
    "tenders.candidature_exclude": _("a rejeté la candidature"),
    "tenders.candidature_reconsider": _("a repris l'examen de la candidature"),
    "tenders.candidatures_settle": _("a arrêté la liste des candidatures"),
    "tenders.scores_submit": _("a rendu ses notes"),
    "tenders.costs_record": _("a relevé les coûts d'usage déclarés"),
    "tenders.consensus_open": _("a ouvert la séance de consensus"),
    "tenders.consensus_settle": _("a arrêté une note en consensus"),
    "tenders.consensus_close": _("a clos la séance de consensus"),
    "tenders.offer_exclude": _("a écarté une offre du classement"),
    "tenders.offer_restore": _("a rétabli une offre dans le classement"),
    "tenders.low_offer_ask": _("a demandé de justifier un prix qui paraît anormalement bas"),
    "tenders.low_offer_answer": _("a justifié ses prix"),
    "tenders.low_offer_accept": _("a tenu les prix pour justifiés"),
    "tenders.low_offer_reject": _("a rejeté une offre anormalement basse"),
    "tenders.tie_break": _("a départagé des offres ex æquo"),
    "tenders.lot_award": _("a proposé les titulaires du lot"),
    "tenders.lot_leave": _("a proposé de ne pas attribuer le lot"),
    "tenders.award": _("a décidé l'attribution"),
    "tenders.negotiation_start": _("a préparé la négociation"),
    "tenders.negotiation_invite": _("a invité les candidats à négocier"),
    "tenders.meeting_plan": _("a choisi un créneau de négociation"),
    "tenders.meeting_decline": _("a maintenu son offre sans réunion"),
    "tenders.record_share": _("a partagé le compte rendu d'une négociation"),
    "tenders.record_sign": _("a contresigné le compte rendu d'une négociation"),
    "tenders.commitment": _("a écrit un engagement"),
    "tenders.negotiation_close": _("a clos la négociation et demandé les offres finales"),
    "tenders.stages_plan": _("a annoncé le calendrier aux entreprises"),
    "tenders.file_export": _("a exporté le dossier complet"),
    "tenders.award_submit": _("a soumis l'attribution au signataire"),
    "tenders.award_reverse": _("a retiré une attribution"),
    "tenders.pieces_ask": _("a demandé des pièces à l'attributaire"),
    "tenders.piece_send": _("a déposé une pièce de l'attributaire"),
    "tenders.piece_check": _("a vérifié une pièce de l'attributaire"),
    "tenders.contract_sign": _("a signé le contrat"),
    "tenders.contract_serve": _("a notifié le contrat à son titulaire"),
    "tenders.award_notice": _("a publié l'avis d'attribution"),
    "tenders.reasons_ask": _("a demandé les motifs de la décision"),
    "tenders.reasons_answer": _("a répondu à une demande de motifs"),
    "tenders.challenge_record": _("a enregistré un référé précontractuel"),
    "tenders.challenge_end": _("a enregistré l'issue d'un référé précontractuel"),
    "tenders.question_ask": _("a posé une question"),
    "tenders.answer_write": _("a préparé une réponse"),
    "tenders.answer_remove": _("a retiré un projet de réponse"),
    "tenders.answer_publish": _("a publié une réponse à tous"),
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


@dataclass(frozen=True)
class AwardReversed:
    """A decided award was taken back before the contract was served; the analysis is open again."""

    tender_id: int
    award_id: int
    reversed_at: datetime


@dataclass(frozen=True)
class ContractServed:
    """A signed contract was served on its holder: it takes effect."""

    contract_id: int
    tender_id: int
    served_at: datetime


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
