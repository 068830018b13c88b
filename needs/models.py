"""The purchase project: what is needed, by whom, and how the public money could answer."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Organisation
from foundation.search.text import spelling, vector
from needs.enums import InvestmentForm, ProjectState, ServicePhase, TeamRole

SEARCHED = vector("title", "reference", weight="A") + vector("policy_field", "origin", weight="B")
"""What the search reads of a project; an index holds it."""


class ProjectCounter(models.Model):
    """Last number given to a project of one organisation in one year; locked so that no number is lost."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("année"))
    last_number = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="needs_counter_once_per_year"),
        ]


class PurchaseProject(models.Model):
    """A purchase project: one need of one organisation, from a vague idea to a ready strategy.

    ``reference`` is gapless per organisation and year (``PA-2026-0001``).
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    reference = models.CharField(_("référence"), max_length=20, editable=False)
    title = models.CharField(_("intitulé"), max_length=200)
    origin = models.TextField(_("origine du projet"), blank=True)
    policy_field = models.CharField(_("politique publique"), max_length=120, blank=True)
    current_investments = models.TextField(_("investissements en cours"), blank=True)
    planned_investments = models.TextField(_("investissements prévus"), blank=True)
    inspiring_projects = models.TextField(_("projets inspirants"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=ProjectState, default=ProjectState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("créé le"))
    updated_at = models.DateTimeField(_("modifié le"))
    ready_at = models.DateTimeField(_("prêt le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    closing_reason = models.TextField(_("motif de clôture"), blank=True)

    class Meta:
        verbose_name = _("projet d'achat")
        verbose_name_plural = _("projets d'achat")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="needs_project_reference_once"
            ),
            models.CheckConstraint(
                name="needs_project_state_dates",
                condition=Q(state="draft", ready_at__isnull=True, closed_at__isnull=True)
                | Q(state="ready", ready_at__isnull=False, closed_at__isnull=True)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(closing_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-created_at"]),
            GinIndex(SEARCHED, name="needs_project_search"),
            GinIndex(spelling("title"), name="needs_project_spelling"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"


class Brief(models.Model):
    """The need as it is written so far. Everything may stay empty: the quality check only advises."""

    project = models.OneToOneField(PurchaseProject, on_delete=models.CASCADE, related_name="brief")
    problem = models.TextField(_("le problème à résoudre"), blank=True)
    users = models.TextField(_("les usagers concernés"), blank=True)
    existing = models.TextField(_("ce qui existe aujourd'hui"), blank=True)
    constraints = models.TextField(_("les contraintes"), blank=True)
    budget_min_excl_tax = models.DecimalField(
        _("budget minimal (€ HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    budget_max_excl_tax = models.DecimalField(
        _("budget maximal (€ HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    phase = models.CharField(
        _("phase du service"), max_length=15, choices=ServicePhase, default=ServicePhase.UNKNOWN
    )
    market_dialogue = models.TextField(_("dialogue préalable avec le marché"), blank=True)
    updated_at = models.DateTimeField(_("modifié le"))

    class Meta:
        verbose_name = _("expression du besoin")
        verbose_name_plural = _("expressions du besoin")
        constraints = [
            models.CheckConstraint(
                name="needs_brief_budget_range",
                condition=Q(budget_min_excl_tax__isnull=True) | Q(budget_min_excl_tax__gte=0),
            ),
            models.CheckConstraint(
                name="needs_brief_budget_order",
                condition=Q(budget_min_excl_tax__isnull=True)
                | Q(budget_max_excl_tax__isnull=True)
                | Q(budget_max_excl_tax__gte=F("budget_min_excl_tax")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.reference} · {self._meta.verbose_name}"


class TeamMember(models.Model):
    """Somebody of the project team: reads and edits it, whatever organisation he comes from."""

    project = models.ForeignKey(PurchaseProject, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("rôle"), max_length=15, choices=TeamRole)
    joined_at = models.DateTimeField(_("arrivé le"))

    class Meta:
        verbose_name = _("membre de l'équipe")
        verbose_name_plural = _("membres de l'équipe")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="needs_member_once_per_project"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class StrategyLine(models.Model):
    """One form of public investment, with its timing, budget, actors and sought impacts."""

    project = models.ForeignKey(PurchaseProject, on_delete=models.CASCADE, related_name="strategy_lines")
    form = models.CharField(_("forme d'investissement"), max_length=20, choices=InvestmentForm)
    title = models.CharField(_("intitulé"), max_length=200)
    start_date = models.DateField(_("début"), null=True, blank=True)
    end_date = models.DateField(_("fin"), null=True, blank=True)
    budget_excl_tax = models.DecimalField(
        _("budget (€ HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    actors = models.TextField(_("acteurs"), blank=True)
    impacts = models.TextField(_("impacts recherchés"), blank=True)
    indicators = models.TextField(_("indicateurs"), blank=True)
    created_at = models.DateTimeField(_("ajoutée le"))

    class Meta:
        verbose_name = _("ligne de stratégie")
        verbose_name_plural = _("lignes de stratégie")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="needs_line_dates_order",
                condition=Q(start_date__isnull=True)
                | Q(end_date__isnull=True)
                | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="needs_line_budget_positive",
                condition=Q(budget_excl_tax__isnull=True) | Q(budget_excl_tax__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} · {self.title}"
