"""The acts on endpoints that the journal records, and how history tells them."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "webhooks.endpoint_create": _("a ajouté une adresse d’envoi"),
    "webhooks.endpoint_update": _("a modifié une adresse d’envoi"),
    "webhooks.endpoint_pause": _("a mis une adresse d’envoi en pause"),
    "webhooks.endpoint_resume": _("a remis une adresse d’envoi en service"),
    "webhooks.endpoint_stop": _("a arrêté une adresse d’envoi qui ne répondait plus"),
    "webhooks.endpoint_delete": _("a retiré une adresse d’envoi"),
    "webhooks.secret_rotate": _("a changé le secret d’une adresse d’envoi"),
    "webhooks.delivery_replay": _("a fait repartir un envoi"),
    "webhooks.deliveries_replay": _("a fait repartir des envois"),
    "webhooks.test_send": _("a envoyé un essai"),
}
