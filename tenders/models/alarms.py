"""What an opening found changed behind the journal's back, and who decided to go on."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.models.rounds import Round


class OpeningAlarm(models.Model):
    """An opening that stopped because rows and journal disagree. `findings`: [{kind, bid, bidder}].

    Nothing opens until a signatory, who reads them, decides to open what is intact, with his reason.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="alarms")
    findings = models.JSONField(_("constats"))
    raised_at = models.DateTimeField(_("constatés le"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    reason = models.TextField(_("motif"), blank=True)

    class Meta:
        verbose_name = _("alerte d'ouverture")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="opening_alarm_decided_whole",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="findings_stay", operation=pgtrigger.UpdateOf("round_id", "findings", "raised_at")
            ),
        ]
