"""How long each document must be kept, and who asked for it to be kept longer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.documents.legal import RULES, RetentionClass
from foundation.documents.models.documents import Document


class Retention(models.Model):
    """The term of one document: unknown until its event is told; a hold stops the purge whatever the date."""

    document = models.OneToOneField(
        Document, primary_key=True, on_delete=models.CASCADE, related_name="retention"
    )
    retention_class = models.CharField(_("classe"), max_length=12, choices=RetentionClass)
    starts_date = models.DateField(_("début de la durée"), null=True, blank=True)
    keep_until_date = models.DateField(_("à conserver jusqu’au"), null=True, blank=True)
    held_at = models.DateTimeField(_("retenu depuis le"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("retenu par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    hold_reason = models.CharField(_("motif"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("conservation")
        verbose_name_plural = _("conservations")
        indexes = [
            models.Index(
                fields=["keep_until_date"],
                condition=Q(keep_until_date__isnull=False),
                name="documents_by_term",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_date__isnull=True, keep_until_date__isnull=True)
                | Q(starts_date__isnull=False, keep_until_date__gt=models.F("starts_date")),
                name="documents_term_follows_its_event",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by__isnull=True, hold_reason="")
                | Q(held_at__isnull=False, held_by__isnull=False) & ~Q(hold_reason=""),
                name="documents_hold_is_signed",
            ),
        ]

    def __str__(self):
        return f"{self.document_id}, {self.get_retention_class_display()}"

    @property
    def rule(self):
        """The duration of its class, its event and its article."""
        return RULES[RetentionClass(self.retention_class)]
