"""What makes keys trustworthy before they are needed, and what is said of those that are lost."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.models.custody import CustodianKey, Seat


class KeyRehearsal(models.Model):
    """The proof that a custodian still knew the passphrase of his key that day."""

    key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="rehearsals")
    proven_at = models.DateTimeField(_("prouvée le"))

    class Meta:
        verbose_name = _("répétition")
        ordering = ["-proven_at"]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class ShareLoss(models.Model):
    """A custodian who can no longer unlock his shares of a round; `found_at` when he finds his passphrase again.

    It closes nothing: shares declared lost still open if the passphrase comes back.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="losses")
    reason = models.TextField(_("ce qui s'est passé"))
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("déclarée le"))
    found_at = models.DateTimeField(_("retrouvée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("part perdue")
        ordering = ["declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(found_at__isnull=True), name="share_loss_once"
            ),
            models.CheckConstraint(name="share_loss_is_explained", condition=~Q(reason="")),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
