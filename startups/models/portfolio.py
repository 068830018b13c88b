"""Incubators, startups, the phases they went through and the orders that pay them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.text import spelling, vector
from startups.enums import Phase

SEARCHED = vector("name", weight="A") + vector("problem", "users", "solution", weight="B")
"""What the search reads of a startup; an index holds it."""


class Incubator(models.Model):
    """A team of an administration that hosts startups."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("administration")
    )
    name = models.CharField(_("nom"), max_length=150, unique=True)
    description = models.TextField(_("présentation"), blank=True)
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("incubateur")
        verbose_name_plural = _("incubateurs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Startup(models.Model):
    """A State startup: one precise problem, one small team, one product owner in the administration.

    ``organisation`` is the administration that carries it; ``source_note`` says where the facts come from,
    and what in them is a demonstration.
    """

    incubator = models.ForeignKey(
        Incubator, models.PROTECT, related_name="startups", verbose_name=_("incubateur")
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("administration")
    )
    product_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("responsable de produit")
    )
    name = models.CharField(_("nom"), max_length=120, unique=True)
    slug = models.SlugField(_("adresse"), max_length=120, unique=True)
    problem = models.TextField(_("problème à résoudre"))
    users = models.TextField(_("usagers visés"), blank=True)
    solution = models.TextField(_("nature du produit"), blank=True)
    success_conditions = models.TextField(_("conditions de succès"), blank=True)
    target_impacts = models.TextField(_("impacts visés"), blank=True)
    website = models.URLField(_("site"), blank=True)
    source_note = models.TextField(_("origine des informations"), blank=True)
    has_national_impact = models.BooleanField(_("impact national"), default=False)
    phase = models.CharField(_("phase"), max_length=15, choices=Phase, default=Phase.INVESTIGATION)
    created_at = models.DateTimeField(_("créée le"))
    updated_at = models.DateTimeField(_("modifiée le"))

    class Meta:
        verbose_name = _("startup d'État")
        verbose_name_plural = _("startups d'État")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["phase", "name"], name="startup_by_phase"),
            GinIndex(SEARCHED, name="startup_search"),
            GinIndex(spelling("name"), name="startup_spelling"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("startups:detail", args=[self.slug])

    @property
    def has_product_sheet(self) -> bool:
        """The sheet says the product, the conditions of success and the impacts sought (CCTP §4.2.4)."""
        return all([self.problem, self.solution, self.success_conditions, self.target_impacts])


class PhasePeriod(models.Model):
    """A phase a startup is or was in, from a day to a day, and the decision that opened it."""

    startup = models.ForeignKey(Startup, models.CASCADE, related_name="periods")
    phase = models.CharField(_("phase"), max_length=15, choices=Phase)
    started_date = models.DateField(_("début"))
    ended_date = models.DateField(_("fin"), null=True, blank=True)
    decision = models.CharField(_("décision"), max_length=150)
    reason = models.TextField(_("motif"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("décidé le"))

    class Meta:
        verbose_name = _("période")
        verbose_name_plural = _("périodes")
        ordering = ["started_date", "pk"]
        constraints = [
            models.CheckConstraint(
                name="startup_period_dates_in_order",
                condition=Q(ended_date__isnull=True) | Q(ended_date__gte=F("started_date")),
            ),
            models.UniqueConstraint(
                name="startup_one_open_period", fields=["startup"], condition=Q(ended_date__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.startup} : {self.get_phase_display()}"


class StartupOrder(models.Model):
    """A purchase order that pays the work of a startup."""

    startup = models.ForeignKey(Startup, models.CASCADE, related_name="order_links")
    order = models.ForeignKey(
        "framework_agreements.PurchaseOrder",
        models.PROTECT,
        related_name="+",
        verbose_name=_("bon de commande"),
    )
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(_("rattaché le"))

    class Meta:
        verbose_name = _("bon de commande rattaché")
        verbose_name_plural = _("bons de commande rattachés")
        ordering = ["linked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["startup", "order"], name="startup_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.startup} · {self.order}"
