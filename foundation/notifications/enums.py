"""Where an e-mail stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailState(models.TextChoices):
    """An e-mail waits in the outbox, is handed to the mail server, or is given up."""

    WAITING = "waiting", _("à envoyer")
    SENT = "sent", _("remis au serveur de messagerie")
    ABANDONED = "abandoned", _("abandonné")
