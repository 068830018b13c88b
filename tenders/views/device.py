"""What the scripts that seal on the device are told by the page: sentences, formats, limits. Rules stay in services."""

from django.utils.translation import gettext as _

from foundation.errors import Reason
from foundation.files.findings import WORDS
from foundation.files.limits import MEBIBYTE
from foundation.files.profiles import FORMATS
from foundation.screens.templatetags.jalon import datetime_short
from tenders import identities
from tenders.legal import candidatures as law
from tenders.prices import MISSING
from tenders.profiles import BID_FILE


def fingerprints(seats) -> list[tuple[str, str]]:
    """Who opens, and what people compare of their keys: (name, fingerprint)."""
    return [(str(seat.custodian), identities.fingerprint(seat.custodian_key.public_key)) for seat in seats]


def answer_words(in_force, profile=BID_FILE) -> dict:
    """The sentences of the page of an answer, and what a file may be."""
    return {
        **_file_words(profile),
        **_fault_words(),
        **_recap_words(in_force),
        **_draft_words(),
        "types": {name: FORMATS[name] for name in sorted(profile.extensions)},
        "max_bytes": profile.max_bytes,
    }


def _file_words(profile) -> dict:
    limit = profile.max_bytes // MEBIBYTE
    told = {"name": "{name}", "types": profile.words, "limit": limit}
    return {
        "bad_type": WORDS["type"] % told,
        "mismatch": WORDS["mismatch"] % told,
        "empty": WORDS["empty"] % told,
        "too_large": WORDS["size"] % told,
        "waiting": _("en attente"),
        "sealing_file": _("votre appareil le scelle…"),
        "sending": _("en cours d'envoi, scellé"),
        "again": _("connexion perdue, reprise…"),
        "done": _("reçu et scellé, {size}"),
        "stopped": _("L'envoi s'est arrêté : vérifiez la connexion, puis reprenez."),
        "resume": _("Reprendre"),
        "remove": _("Retirer"),
        "wait": _("Un fichier est encore en cours d'envoi : attendez qu'il soit reçu."),
        "failed_file": _("« {name} » n'est pas envoyé : retirez-le, ou joignez-le de nouveau."),
        "stranger_title": _("Un envoi a été commencé ailleurs"),
        "stranger": _(
            "{count} fichier(s) ont été envoyés depuis un autre appareil, ou scellés par le serveur. Cet appareil "
            "ne peut pas vérifier leur sceau : recommencer retire ces fichiers, et rien d'autre."
        ),
        "restart": _("Recommencer l'envoi sur cet appareil"),
    }


def _fault_words() -> dict:
    return {
        "correction": _("Une correction est nécessaire"),
        "corrections": _("{count} corrections sont nécessaires"),
        "amount": {
            "empty": str(MISSING),
            "shape": _("Écrivez un nombre en chiffres, par exemple 1 234,50."),
            "fine": _("Trop de chiffres après la virgule : écrivez par exemple 1 234,50."),
            "large": _("Ce nombre est trop grand."),
        },
        "no_lot": _("Cochez au moins un lot auquel vous répondez."),
        "no_candidate_lot": _("Cochez au moins un lot."),
        "left_out": _("Vous avez rempli ce lot sans le cocher : cochez-le, ou effacez son contenu."),
        "no_answer": _("L'acheteur attend une réponse à cette question."),
        "no_evidence": _("Dites où trouver la preuve : une adresse, ou le nom d'un fichier joint."),
        "not_declared": str(Reason(str(law.DECLARATION_MISSING), article=law.DECLARATION.cited)),
        "failed": _("Cela n'a pas abouti : vérifiez la connexion, puis recommencez. Rien n'est perdu."),
    }


def _recap_words(in_force) -> dict:
    deposit = _("Sceller et remplacer mon pli") if in_force else _("Sceller et déposer mon pli")
    return {
        "recap_title": _("Vérifiez avant de déposer"),
        "recap_caption": _("Vos prix, {lot}, en euros hors taxes"),
        "line": _("Ligne"),
        "price": _("Prix unitaire"),
        "quantity": _("Quantité"),
        "total": _("Total pour les quantités annoncées :"),
        "lot_files": _("Fichiers de ce lot, avec leur empreinte SHA-256 :"),
        "lot_no_file": _("Aucun fichier pour ce lot."),
        "whole_files": _("Fichiers pour toute la réponse"),
        "no_file_title": _("Aucun fichier joint"),
        "no_file": _("Si un mémoire est demandé, revenez en arrière et joignez-le."),
        "left_title": _("Vous ne répondez pas à"),
        "late_title": _("La date limite est passée"),
        "late": _("Votre pli sera reçu, daté et gardé, mais il ne sera pas ouvert."),
        "replaces_title": _("Ce dépôt remplacera le précédent"),
        "replaces": replaced_words(in_force) if in_force else "",
        "without_files": _("Je remplace un pli qui portait des fichiers par un pli sans fichier."),
        "without_files_first": _(
            "Cochez la case : ce pli n'a pas de fichier, celui qu'il remplace en avait."
        ),
        "deposit": deposit,
        "modify": _("Modifier ma réponse"),
        "sealing": _("Votre appareil scelle votre réponse…"),
    }


def replaced_words(in_force) -> str:
    """Which bid a deposit replaces."""
    words = _("Votre pli du %(when)s est remplacé en entier : seul le dernier reçu à temps est ouvert.")
    return words % {"when": datetime_short(in_force.deposited_at)}


def _draft_words() -> dict:
    return {
        "draft_kept": _("Brouillon gardé sur cet appareil, chiffré."),
        "draft_back": _("Votre brouillon, gardé sur cet appareil, est repris."),
        "draft_erase": _("Effacer le brouillon"),
        "draft_erased": _("Le brouillon est effacé de cet appareil."),
    }


def receipt_words() -> dict:
    """The sentences of the receipt of an answer that this device sealed."""
    return {
        "holds_title": _("Vérifié par votre appareil"),
        "holds": _(
            "La plateforme garde vos {count} pièces, telles que votre appareil les a scellées, avec sa clé."
        ),
        "broken_title": _("Ce que la plateforme garde n'est pas ce que votre appareil a scellé"),
        "broken": _("Déposez de nouveau, et écrivez à l'acheteur avec cet accusé."),
        "papers": _("La plateforme y a joint votre candidature et {count} pièce(s) de votre dossier."),
        "own_files": _("Vos fichiers, avec leur empreinte en clair"),
        "own_copy": _("Ma copie de ce que j'ai remis (JSON)"),
        "own_copy_help": _(
            "Noms, empreintes en clair et prix : gardez-la, elle prouve ce que vous avez écrit. Elle n'existe que "
            "sur cet appareil."
        ),
    }


def key_words() -> dict:
    """The sentences of a custodian's key, made and tried on the device."""
    return {
        "draw": _("Proposer six mots tirés au sort"),
        "drawn": _("Notez ces six mots dans l'ordre : 66 bits de hasard. Cet appareil ne les gardera pas."),
        "bits": _("Cette phrase vaut environ {bits} bits ; il en faut 60."),
        "weak": _(
            "Cette phrase vaut environ {bits} bits, il en faut {least} : prenez les six mots proposés."
        ),
        "differ": _("Les deux phrases ne sont pas identiques. Écrivez la même deux fois."),
        "not_understood": _("Cochez la case : personne ne pourra retrouver votre phrase."),
        "making": _("Votre appareil fabrique la clé : {percent} %"),
        "opening": _("Votre appareil ouvre la clé : {percent} %"),
        "wrong": _("Cette phrase n'ouvre pas votre clé : vérifiez les majuscules et les accents."),
        "broken": _("{count} part(s) ne s'ouvrent pas avec votre clé. Prévenez l'acheteur."),
    }
