"""What a firm deposits to practise. Tables apart: no key leads from here to a consultation or a bid, nor back.

So nothing of it can be listed, searched, opened or counted with real bids, whatever a query forgets. The ciphertext
is thrown away once it is measured, and its key was never kept: only the receipt remains, for a month.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import PartKind


class PracticeDeposit(models.Model):
    """A simulated deposit: its instant, and the digest that its receipt tells."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deposited_at = models.DateTimeField(_("reçu le"))
    manifest_sha256 = models.CharField(_("empreinte de l’envoi"), max_length=64)

    class Meta:
        verbose_name = _("dépôt simulé")
        verbose_name_plural = _("dépôts simulés")
        ordering = ["-deposited_at"]
        triggers = [pgtrigger.Protect(name="as_it_was_received", operation=pgtrigger.Update)]

    def __str__(self):
        return f"SIMULATION {self.pk}"


class PracticePart(models.Model):
    """A part of a simulated deposit. Its name is kept, unlike that of a real one: it is nobody's secret."""

    deposit = models.ForeignKey(PracticeDeposit, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PartKind)
    name = models.CharField(_("nom du fichier"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sealed_size = models.PositiveBigIntegerField(_("taille scellée en octets"))
    sealed_sha256 = models.CharField(_("empreinte SHA-256 du pli scellé"), max_length=64)

    class Meta:
        verbose_name = _("pièce d’un dépôt simulé")
        ordering = ["deposit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "position"], name="practice_part_position"),
            models.CheckConstraint(
                name="practice_file_has_a_name", condition=~Q(kind=PartKind.FILE) | ~Q(name="")
            ),
        ]
