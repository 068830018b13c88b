"""What a startup changes, measured at least every six months."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from startups.models.portfolio import Startup


class Indicator(models.Model):
    """Something that is counted to know whether the service helps."""

    startup = models.ForeignKey(Startup, models.CASCADE, related_name="indicators")
    name = models.CharField(_("indicateur"), max_length=200)
    unit = models.CharField(_("unité"), max_length=60)
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")
        ordering = ["startup", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["startup", "name"], name="indicator_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})"


class ImpactMeasure(models.Model):
    """The value of an indicator on a day, with its source; ``is_demonstration`` marks an invented figure."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measures")
    measured_date = models.DateField(_("date de la mesure"))
    value = models.DecimalField(_("valeur"), max_digits=14, decimal_places=2)
    source = models.CharField(_("source"), max_length=250)
    is_demonstration = models.BooleanField(_("chiffre de démonstration"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("inscrite le"))

    class Meta:
        verbose_name = _("mesure d'impact")
        verbose_name_plural = _("mesures d'impact")
        ordering = ["indicator", "measured_date"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "measured_date"], name="measure_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} : {self.value} ({self.measured_date})"
