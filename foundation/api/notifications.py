"""The message this app sends: a token ends soon."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications import services
from foundation.notifications.registry import MessageKind, register
from foundation.screens.templatetags.jalon import datetime_short

TOKEN_ENDING = MessageKind(
    "api.token_ending",
    _("Jeton d’accès bientôt terminé"),
    "api_token_ending",
    example={"name": "Logiciel financier", "start": "3f9c21ab", "ends": "12 mars 2026 à 9 h"},
)


def declare() -> None:
    """Fill the registry of messages."""
    register(TOKEN_ENDING)


def tell_ending(token, *, at) -> None:
    """Tell the owner of a token, or the administrators of the organisation whose program holds it."""
    owner = token.user
    if owner.is_program:
        organisation = owner.program.organisation
        recipients = users_with_role(organisation, Role.ORG_ADMIN)
        url = reverse("tokens:program_list", args=[organisation.pk])
    else:
        recipients, url = [owner], reverse("tokens:list")
    services.notify(
        kind=TOKEN_ENDING.code,
        recipients=recipients,
        obj=owner,
        context={"name": token.name, "start": token.token_key, "ends": datetime_short(token.expiry)},
        url=url,
        at=at,
        event=f"token {token.token_key} ends",
    )
