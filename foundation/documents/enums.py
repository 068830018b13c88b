"""States of a document."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentState(models.TextChoices):
    """Where the printed form of a document stands."""

    PENDING = "pending", _("en attente de mise en page")
    RENDERING = "rendering", _("mise en page en cours")
    READY = "ready", _("prêt")
    FAILED = "failed", _("en échec")
