"""Where an e-mail stands, and how a person wants to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailState(models.TextChoices):
    """An e-mail waits in the outbox, is handed to the mail server, or is given up."""

    WAITING = "waiting", _("à envoyer")
    SENT = "sent", _("remis au serveur de messagerie")
    ABANDONED = "abandoned", _("abandonné")


class Pace(models.TextChoices):
    """When a person hears of something. The centre keeps it, except for `NOTHING`."""

    AT_ONCE = "at_once", _("par e-mail, tout de suite")
    DAILY = "daily", _("dans le résumé du jour")
    WEEKLY = "weekly", _("dans le résumé de la semaine")
    CENTRE = "centre", _("dans le centre seulement, sans e-mail")
    NOTHING = "nothing", _("rien")


DIGEST_PACES = (Pace.DAILY, Pace.WEEKLY)


class BounceSource(models.TextChoices):
    """How it was learnt that an address refuses our messages."""

    SMTP = "smtp", _("refusée au moment de l’envoi")
    REPORT = "report", _("avis de non-remise reçu après l’envoi")
