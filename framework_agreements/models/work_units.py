"""The catalogue of a lot: work units as the specification describes them, and each holder's price."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from framework_agreements.enums import Complexity, Moment, Phase, Trigger
from framework_agreements.models.agreements import AgreementLot, Holder


class WorkUnit(models.Model):
    """Unité d'œuvre: what can be ordered. Load in person-days, duration in months; null when unsaid."""

    lot = models.ForeignKey(AgreementLot, models.CASCADE, related_name="work_units")
    code = models.CharField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    title = models.CharField(_("intitulé"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    phase = models.CharField(_("phase"), max_length=20, choices=Phase.choices, default=Phase.OTHER)
    complexity = models.CharField(
        _("complexité"), max_length=10, choices=Complexity.choices, default=Complexity.NONE
    )
    complexity_criterion = models.TextField(_("critère de complexité"), blank=True)
    startups_from = models.PositiveSmallIntegerField(_("startups, de"), null=True, blank=True)
    startups_to = models.PositiveSmallIntegerField(_("startups, à"), null=True, blank=True)
    load_days = models.DecimalField(
        _("charge (jours-homme)"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    load_text = models.CharField(_("charge, selon le texte"), max_length=250, blank=True)
    duration_min_months = models.DecimalField(
        _("durée minimale (mois)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    duration_max_months = models.DecimalField(
        _("durée maximale (mois)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    duration_text = models.CharField(_("durée, selon le texte"), max_length=250, blank=True)
    profiles = models.JSONField(_("profils mobilisés"), default=list, blank=True)
    trigger = models.CharField(
        _("déclenchement"), max_length=12, choices=Trigger.choices, default=Trigger.ON_REQUEST
    )
    trigger_text = models.TextField(_("déclenchement, selon le texte"), blank=True)
    is_flat_rate = models.BooleanField(_("forfaitaire"), default=False)
    unit_label = models.CharField(_("unité"), max_length=60, default="unité d’œuvre")
    price_places = models.PositiveSmallIntegerField(_("décimales du prix"), default=2)
    source_section = models.CharField(_("référence dans le texte"), max_length=120, blank=True)
    source_note = models.TextField(_("note de lecture"), blank=True)
    is_code_ours = models.BooleanField(_("code attribué par Jalon"), default=False)

    class Meta:
        verbose_name = _("unité d’œuvre")
        verbose_name_plural = _("unités d’œuvre")
        ordering = ["lot", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "code"], name="work_unit_code_unique_per_lot"),
            models.CheckConstraint(name="work_unit_price_places", condition=Q(price_places__range=(2, 6))),
            models.CheckConstraint(
                name="work_unit_load_positive", condition=Q(load_days__isnull=True) | Q(load_days__gt=0)
            ),
            models.CheckConstraint(
                name="work_unit_duration_in_order",
                condition=Q(duration_min_months__isnull=True)
                | Q(duration_max_months__isnull=True)
                | Q(duration_max_months__gte=F("duration_min_months")),
            ),
        ]

    def __str__(self):
        return f"{self.code} · {self.title}"

    def get_absolute_url(self):
        return reverse("framework_agreements:work_unit", args=[self.pk])


class ExpectedDeliverable(models.Model):
    """A deliverable the specification expects of a work unit, and the moment it is due."""

    work_unit = models.ForeignKey(WorkUnit, models.CASCADE, related_name="deliverables")
    moment = models.CharField(_("moment"), max_length=16, choices=Moment.choices, default=Moment.DELIVERY)
    label = models.CharField(_("livrable"), max_length=250)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("livrable attendu")
        verbose_name_plural = _("livrables attendus")
        ordering = ["work_unit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["work_unit", "position"], name="deliverable_position_unique"),
        ]

    def __str__(self):
        return self.label


class UnitPrice(models.Model):
    """Price of one work unit for one holder, euros excluding tax (a line of the price schedule), with the decimals
    of its unit at most; zero is a price.
    """

    holder = models.ForeignKey(Holder, models.CASCADE, related_name="unit_prices")
    work_unit = models.ForeignKey(WorkUnit, models.CASCADE, related_name="unit_prices")
    unit_price_excl_tax = models.DecimalField(_("prix unitaire (HT)"), max_digits=16, decimal_places=6)

    class Meta:
        verbose_name = _("prix unitaire")
        verbose_name_plural = _("prix unitaires")
        ordering = ["work_unit__position", "holder__rank"]
        constraints = [
            models.UniqueConstraint(fields=["holder", "work_unit"], name="unit_price_once"),
            models.CheckConstraint(name="unit_price_not_negative", condition=Q(unit_price_excl_tax__gte=0)),
        ]

    def __str__(self):
        return f"{self.work_unit.code} : {self.unit_price_excl_tax}"
