from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class AccessToken(AbstractAuthToken):
    """A token that lets a program act as its owner until `expiry`; only its SHA-512 digest is kept.

    `name` is the owner's own reminder of what uses it; `last_used_at` is true to within five minutes.
    """

    name = models.CharField(_("usage"), max_length=80)
    last_used_at = models.DateTimeField(_("dernière utilisation"), null=True, blank=True)

    class Meta:
        verbose_name = _("jeton d’accès")
        verbose_name_plural = _("jetons d’accès")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expiry__isnull=False), name="api_accesstoken_always_expires"
            ),
        ]

    def __str__(self):
        return self.name
