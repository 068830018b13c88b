"""The acts of this app that the journal records, and how history tells them."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "api.create_token": _("a créé un jeton d’accès à l’API"),
    "api.revoke_token": _("a révoqué un jeton d’accès à l’API"),
    "api.open_program": _("a ouvert un programme"),
    "api.close_program": _("a fermé un programme"),
}
