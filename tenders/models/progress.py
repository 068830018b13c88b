"""When the buyer says that each stage will be reached: what bidders read beside what happened."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenders.enums import Stage
from tenders.models.notices import Tender


class PlannedStage(models.Model):
    """The date announced to bidders for a stage; it is written again when it slips, and the journal keeps both."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="planned_stages")
    stage = models.CharField(_("étape"), max_length=12, choices=Stage)
    planned_date = models.DateField(_("prévue le"))

    class Meta:
        verbose_name = _("étape annoncée")
        ordering = ["tender", "planned_date"]
        constraints = [models.UniqueConstraint(fields=["tender", "stage"], name="planned_stage_once")]
