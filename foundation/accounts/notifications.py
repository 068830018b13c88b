"""Messages this app sends: a role is lent, taken back, about to end; the safety of an account; confirmations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import JoinRequestState, Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications import services
from foundation.notifications.registry import MessageKind, register

SAFETY = _("il concerne la sécurité de votre compte")
_DEVICE = {"device": "Firefox, Linux"}
_APPROVAL = {
    "label": "Donner un rôle",
    "object": "DINUM",
    "asked_by": "Nadia Ferrand",
    "decided_by": "Bruno Salvat",
    "decision_reason": "",
    "state": "Confirmée",
    "lapses": "12 mars 2026",
    "asked": "Personne : Camille Roux; Rôle demandé : Acheteur",
    "takes_effect": "",
    "step": "asked",
}
_DELEGATION = {
    "principal": "Nadia Ferrand",
    "delegate": "Julien Morel",
    "organisation": "DINUM",
    "roles": "Acheteur",
    "author": "Nadia Ferrand",
    "starts_at": "2026-03-02T08:00:00+00:00",
    "ends_at": "2026-03-13T17:00:00+00:00",
}
_JOIN = {
    "person": "Yann Le Goff",
    "email": "yann.legoff@exemple.fr",
    "organisation": "Atelier Numérique Coopératif",
    "message": "",
    "accepted": True,
}
KINDS = [
    MessageKind("accounts.delegation_given", _("Délégation donnée"), "delegation_given", example=_DELEGATION),
    MessageKind(
        "accounts.delegation_revoked", _("Délégation révoquée"), "delegation_revoked", example=_DELEGATION
    ),
    MessageKind(
        "accounts.delegation_ending",
        _("Délégation bientôt terminée"),
        "delegation_ending",
        example=_DELEGATION,
    ),
    MessageKind("accounts.join_asked", _("Demande de rattachement"), "join_asked", example=_JOIN),
    MessageKind(
        "accounts.join_decided", _("Réponse à une demande de rattachement"), "join_decided", example=_JOIN
    ),
    MessageKind("accounts.locked", _("Connexion suspendue"), "account_locked", legal=SAFETY),
    MessageKind(
        "accounts.new_device", _("Nouvel appareil"), "account_new_device", legal=SAFETY, example=_DEVICE
    ),
    MessageKind(
        "accounts.second_factor_add", _("Second facteur activé"), "account_second_factor_add", legal=SAFETY
    ),
    MessageKind(
        "accounts.second_factor_remove",
        _("Second facteur retiré"),
        "account_second_factor_remove",
        legal=SAFETY,
    ),
    MessageKind(
        "accounts.second_factor_renew_codes",
        _("Codes de secours refaits"),
        "account_second_factor_renew_codes",
        legal=SAFETY,
    ),
    MessageKind(
        "accounts.proconnect_linked",
        _("Compte relié à ProConnect"),
        "account_proconnect_linked",
        legal=SAFETY,
    ),
    MessageKind("accounts.approval_asked", _("Demande à confirmer"), "approval_asked", example=_APPROVAL),
    MessageKind(
        "accounts.role_removed",
        _("Rôle retiré"),
        "role_removed",
        legal=SAFETY,
        example={
            "role": "Fournisseur",
            "organisation": "Atelier Numérique Coopératif",
            "author": "Yann Le Goff",
        },
    ),
    MessageKind(
        "accounts.role_announced",
        _("Rôle demandé de l’extérieur dans votre organisation"),
        "role_announced",
        legal=_("il dit qui pourrait agir au nom de votre organisation"),
        example=_APPROVAL,
    ),
    MessageKind("accounts.approval_decided", _("Demande décidée"), "approval_decided", example=_APPROVAL),
]


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in KINDS:
        register(kind)


def tell_join_asked(request, *, at) -> None:
    """Tell the administrators of the firm that somebody asks to be let in."""
    _tell_join("accounts.join_asked", request, users_with_role(request.organisation, Role.ORG_ADMIN), at=at)


def tell_join_decided(request, *, at) -> None:
    """Tell who asked what was answered."""
    _tell_join("accounts.join_decided", request, [request.user], at=at)


def _tell_join(kind, request, recipients, *, at):
    page = ("accounts:organisation_detail", [request.organisation_id])
    is_in = kind == "accounts.join_asked" or request.state == JoinRequestState.ACCEPTED
    services.notify(
        kind=kind,
        recipients=recipients,
        obj=request,
        context={
            "person": str(request.user),
            "email": request.user.email,
            "organisation": request.organisation.name,
            "message": request.message,
            "accepted": request.state == JoinRequestState.ACCEPTED,
        },
        url=reverse(page[0], args=page[1]) if is_in else reverse("accounts:profile"),
        at=at,
    )


def tell_removed(membership, *, by, at) -> None:
    """Tell who no longer holds a role that somebody else took back."""
    services.notify(
        kind="accounts.role_removed",
        recipients=[membership.user] if membership.user != by else [],
        obj=membership.organisation,
        context={
            "role": str(membership.get_role_display()),
            "organisation": membership.organisation.name,
            "author": str(by) if by else "Jalon",
        },
        url=reverse("accounts:profile"),
        at=at,
    )


def tell_given(delegations, *, at) -> None:
    """Tell both people, once for all the roles lent together."""
    roles = ", ".join(one.extent for one in delegations)
    _tell("accounts.delegation_given", delegations[0], at=at, roles=roles)


def tell_revoked(delegation, *, by, at) -> None:
    """Tell both people, and who did it."""
    _tell("accounts.delegation_revoked", delegation, at=at, author=str(by) if by else "Jalon")


def tell_ending(delegation, *, at) -> None:
    """Tell both people that the right stops soon."""
    _tell("accounts.delegation_ending", delegation, at=at)


def _tell(kind, delegation, *, at, **words):
    services.notify(
        kind=kind,
        recipients=[delegation.principal, delegation.delegate],
        obj=delegation,
        context={
            "principal": str(delegation.principal),
            "delegate": str(delegation.delegate),
            "organisation": delegation.organisation.name,
            "roles": delegation.extent,
            "starts_at": delegation.starts_at.isoformat(),
            "ends_at": delegation.ends_at.isoformat(),
            **words,
        },
        url=reverse("accounts:delegation_list"),
        at=at,
    )
