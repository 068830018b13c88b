"""What the whole check said of a file that had already been received."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.files.enums import Verdict


class Inspection(models.Model):
    """The inspection of a received file, found by the object that holds it. `reason` is told to readers."""

    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    verdict = models.CharField(_("conclusion"), max_length=12, choices=Verdict)
    code = models.CharField(_("motif"), max_length=40, blank=True)
    reason = models.TextField(_("explication"), blank=True)
    with_antivirus = models.BooleanField(_("antivirus consulté"))
    inspected_at = models.DateTimeField(_("vérifié le"))

    class Meta:
        verbose_name = _("vérification d’un fichier reçu")
        verbose_name_plural = _("vérifications de fichiers reçus")
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="files_inspected_once"),
            models.CheckConstraint(
                name="files_verdict_has_its_reason",
                condition=models.Q(verdict=Verdict.CLEAN, code="", reason="")
                | (~models.Q(verdict=Verdict.CLEAN) & ~models.Q(code="") & ~models.Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.object_type} {self.object_id} {self.verdict}"
