"""Who is in front of the dashboard, in words: a sentence and a first thing to do for each role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.selectors import roles_held
from foundation.screens.context import url_or_none


@dataclass(frozen=True, slots=True)
class Persona:
    """The main role of a person; `organisations` are the names of where it is held."""

    code: str
    label: Any
    sentence: Any
    action_label: Any
    action_url: str | None
    organisations: tuple[str, ...]


# Ordered: the first role that a person holds names the dashboard.
_ROLES: tuple[tuple[str, Any, Any, Any, str], ...] = (
    (
        "framework_admin",
        _("Administration d’accord-cadre"),
        _("Vous tenez les accords-cadres : titulaires, bénéficiaires, plafonds et prix."),
        _("Voir les accords-cadres"),
        "framework_agreements:list",
    ),
    (
        "buyer",
        _("Acheteuse ou acheteur"),
        _("Vous menez vos achats, du besoin exprimé au service livré."),
        _("Ouvrir un projet d’achat"),
        "needs:create",
    ),
    (
        "product_owner",
        _("Responsable de produit"),
        _("Vous commandez, suivez les itérations et prononcez l’admission des livraisons."),
        _("Voir les startups"),
        "startups:list",
    ),
    (
        "supplier",
        _("Entreprise"),
        _("Vous trouvez des consultations, y répondez en ligne et suivez vos commandes."),
        _("Chercher une consultation"),
        "tenders:list",
    ),
    (
        "org_admin",
        _("Administration de l’organisation"),
        _("Vous gérez les membres de votre organisation et leurs rôles."),
        _("Voir mon organisation"),
        "accounts:organisation_list",
    ),
    (
        "custodian",
        _("Dépositaire"),
        _("Vous ouvrez les plis, à plusieurs, après la date limite."),
        _("Voir les consultations"),
        "tenders:list",
    ),
    (
        "evaluator",
        _("Évaluatrice ou évaluateur"),
        _("Vous notez les offres qui vous sont confiées."),
        _("Voir les consultations"),
        "tenders:list",
    ),
    (
        "signatory",
        _("Signataire"),
        _("Vous signez les actes que vos équipes préparent."),
        _("Voir les consultations"),
        "tenders:list",
    ),
    (
        "prescriber",
        _("Prescriptrice ou prescripteur"),
        _("Vous décrivez le besoin et suivez ce qu’il devient."),
        _("Voir les projets d’achat"),
        "needs:list",
    ),
    (
        "elected",
        _("Élue ou élu"),
        _("Vous prenez part à la définition du besoin et suivez la stratégie."),
        _("Voir les projets d’achat"),
        "needs:list",
    ),
    (
        "reservist",
        _("Réserviste"),
        _("Vous aidez d’autres administrations à mener leurs projets."),
        _("Voir les projets d’achat"),
        "needs:list",
    ),
    (
        "auditor",
        _("Audit"),
        _("Vous lisez tout et ne modifiez rien."),
        _("Voir les consultations"),
        "tenders:list",
    ),
    (
        "platform_admin",
        _("Administration de la plateforme"),
        _("Vous administrez les comptes et les organisations. Aucun pli ni aucune note ne vous est visible."),
        _("Voir les organisations"),
        "accounts:organisation_list",
    ),
)


def persona_of(user: Any) -> Persona:
    """The persona of a signed-in person, from the roles held by membership; a newcomer's when there are none."""
    held: dict[str, list[str]] = {}
    for one in roles_held(user):
        if one.principal_id is None:
            held.setdefault(one.role, []).append(one.organisation_name)
    for code, label, sentence, action, url_name in _ROLES:
        if code in held:
            return Persona(
                code, label, sentence, action, url_or_none(url_name), tuple(dict.fromkeys(held[code]))
            )
    return Persona(
        "newcomer",
        _("Bienvenue"),
        _("Vous n’êtes membre d’aucune organisation : rattachez-vous à la vôtre pour agir en son nom."),
        _("Compléter mon profil"),
        url_or_none("accounts:profile"),
        (),
    )
