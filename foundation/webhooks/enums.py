"""Where an endpoint and a delivery stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndpointState(models.TextChoices):
    """An endpoint receives, was paused by its administrator, or was stopped by the platform."""

    ACTIVE = "active", _("en service")
    PAUSED = "paused", _("en pause")
    STOPPED = "stopped", _("arrêté : il ne répondait plus")


class DeliveryState(models.TextChoices):
    """A delivery waits for its next try, arrived, or was given up."""

    WAITING = "waiting", _("à envoyer")
    DELIVERED = "delivered", _("reçu")
    FAILED = "failed", _("abandonné")
