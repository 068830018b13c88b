"""Iterations of at most three weeks, their stories, what is expected of them, and their acceptance."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from startups import legal
from startups.enums import DECIDED_STATES, Decision, IterationState, StoryState
from startups.models.portfolio import Startup


class DateRange(Func):
    """``daterange(start, end, '[]')``: both days counted."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Iteration(models.Model):
    """A cycle of work paid by one order: a goal, 21 days at most, a demonstration, a decision.

    ``number`` is gapless within the startup.
    """

    startup = models.ForeignKey(Startup, models.PROTECT, related_name="iterations")
    order = models.ForeignKey(
        "framework_agreements.PurchaseOrder",
        models.PROTECT,
        related_name="+",
        verbose_name=_("bon de commande"),
    )
    number = models.PositiveIntegerField(_("numéro"))
    goal = models.TextField(_("objectif"))
    start_date = models.DateField(_("début"))
    end_date = models.DateField(_("fin"))
    state = models.CharField(_("état"), max_length=12, choices=IterationState, default=IterationState.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planifiée le"))
    started_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    demonstrated_at = models.DateTimeField(_("démontrée le"), null=True, blank=True)
    attendees = models.CharField(_("personnes présentes"), max_length=300, blank=True)
    minutes = models.TextField(_("compte rendu de démonstration"), blank=True)
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    cancel_reason = models.TextField(_("motif d'annulation"), blank=True)

    class Meta:
        verbose_name = _("itération")
        verbose_name_plural = _("itérations")
        ordering = ["startup", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["startup", "number"], name="iteration_number_once"),
            models.CheckConstraint(
                name="iteration_three_weeks_at_most",
                condition=Q(end_date__gte=F("start_date"))
                & Q(
                    end_date__lt=ExpressionWrapper(
                        F("start_date") + timedelta(days=legal.ITERATION_MAX.value), output_field=DateField()
                    )
                ),
            ),
            ExclusionConstraint(
                name="iteration_no_overlap",
                expressions=[
                    ("startup", RangeOperators.EQUAL),
                    (
                        DateRange("start_date", "end_date", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state=IterationState.CANCELLED),
            ),
            models.CheckConstraint(
                name="iteration_state_dates",
                condition=Q(
                    state=IterationState.PLANNED,
                    started_at__isnull=True,
                    demonstrated_at__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state=IterationState.RUNNING,
                    started_at__isnull=False,
                    demonstrated_at__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state=IterationState.DEMONSTRATED,
                    started_at__isnull=False,
                    demonstrated_at__isnull=False,
                    decided_at__isnull=True,
                )
                | Q(
                    state__in=DECIDED_STATES,
                    started_at__isnull=False,
                    demonstrated_at__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(state=IterationState.CANCELLED, cancelled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("Itération %(number)d de %(startup)s") % {
            "number": self.number,
            "startup": self.startup.name,
        }

    def get_absolute_url(self) -> str:
        """Its page, for those concerned."""
        return reverse("startups:iteration", args=[self.startup.slug, self.number])

    @property
    def day_count(self) -> int:
        """How many days it lasts, both ends counted."""
        return (self.end_date - self.start_date).days + 1


class Story(models.Model):
    """A user story: who wants what, to what end; its person-days and the order line that pays them."""

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="stories")
    position = models.PositiveSmallIntegerField(_("ordre"))
    persona = models.CharField(_("en tant que"), max_length=120)
    want = models.CharField(_("je veux"), max_length=250)
    benefit = models.CharField(_("afin de"), max_length=250)
    criteria = models.TextField(_("critères d'acceptation"))
    days = models.DecimalField(_("jours-homme"), max_digits=6, decimal_places=2)
    order_line = models.ForeignKey(
        "framework_agreements.OrderLine",
        models.PROTECT,
        related_name="+",
        verbose_name=_("ligne de commande"),
    )
    state = models.CharField(_("état"), max_length=10, choices=StoryState, default=StoryState.TODO)
    presented_at = models.DateTimeField(_("présentée le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    refusal_reason = models.TextField(_("motif du refus"), blank=True)

    class Meta:
        verbose_name = _("récit utilisateur")
        verbose_name_plural = _("récits utilisateur")
        ordering = ["iteration", "position"]
        constraints = [
            models.UniqueConstraint(fields=["iteration", "position"], name="story_position_once"),
            models.CheckConstraint(name="story_days_positive", condition=Q(days__gt=0)),
            models.CheckConstraint(
                name="story_state_facts",
                condition=Q(state=StoryState.TODO, presented_at__isnull=True, settled_at__isnull=True)
                | Q(state=StoryState.DONE, presented_at__isnull=False, settled_at__isnull=True)
                | Q(
                    state=StoryState.VALIDATED,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    refusal_reason="",
                )
                | (
                    Q(state=StoryState.REFUSED, settled_at__isnull=False, settled_by__isnull=False)
                    & ~Q(refusal_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The story in one sentence."""
        return _("En tant %(as_persona)s, je veux %(want)s, afin %(of_benefit)s") % {
            "as_persona": _elided("que", self.persona),
            "want": self.want,
            "of_benefit": _elided("de", self.benefit),
        }


def _elided(word: str, text: str) -> str:
    """« que usagère » is written « qu'usagère » in French."""
    return f"{word[:-1]}'{text}" if text[:1].lower() in "aàâeéèêiîoôuùy" else f"{word} {text}"


class Deliverable(models.Model):
    """What the work unit expects of this iteration, and where the holder delivered it."""

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="deliverables")
    expected = models.ForeignKey(
        "framework_agreements.ExpectedDeliverable",
        models.PROTECT,
        related_name="+",
        verbose_name=_("livrable"),
    )
    location = models.CharField(_("où le trouver"), max_length=300, blank=True)
    delivered_at = models.DateTimeField(_("remis le"), null=True, blank=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("livrable de l'itération")
        verbose_name_plural = _("livrables de l'itération")
        ordering = ["iteration", "expected__work_unit__position", "expected__position"]
        constraints = [
            models.UniqueConstraint(fields=["iteration", "expected"], name="deliverable_once_per_iteration"),
            models.CheckConstraint(
                name="deliverable_delivered_facts",
                condition=Q(delivered_at__isnull=True, delivered_by__isnull=True)
                | (Q(delivered_at__isnull=False, delivered_by__isnull=False) & ~Q(location="")),
            ),
        ]

    def __str__(self) -> str:
        return self.expected.label


class AcceptanceRecord(models.Model):
    """Procès-verbal: what the product owner decided of a demonstrated iteration, signed, with its document.

    ``recorded_days`` are the person-days written on the order with it: those of the validated stories, less
    the reduction; none for a deferral or a rejection. A deferral leaves room for one later final record.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="records")
    decision = models.CharField(_("décision"), max_length=10, choices=Decision)
    reason = models.TextField(_("motif"), blank=True)
    reduction_percent = models.DecimalField(
        _("réfaction (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    recorded_days = models.DecimalField(_("jours-homme inscrits"), max_digits=8, decimal_places=2)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signé le"))
    document = models.OneToOneField(
        "documents.Document", models.PROTECT, related_name="+", verbose_name=_("procès-verbal")
    )

    class Meta:
        verbose_name = _("procès-verbal")
        verbose_name_plural = _("procès-verbaux")
        ordering = ["iteration", "signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="record_one_final_per_iteration",
                fields=["iteration"],
                condition=~Q(decision=Decision.DEFERRED),
            ),
            models.CheckConstraint(
                name="record_reason_unless_accepted", condition=Q(decision=Decision.ACCEPTED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="record_reduction_iff_reduced",
                condition=Q(decision=Decision.REDUCED, reduction_percent__gt=0)
                & Q(reduction_percent__lt=legal.REDUCTION_MAX.value)
                | ~Q(decision=Decision.REDUCED) & Q(reduction_percent__isnull=True),
            ),
            models.CheckConstraint(
                name="record_days_only_when_paid",
                condition=Q(decision__in=[Decision.ACCEPTED, Decision.REDUCED], recorded_days__gte=0)
                | Q(recorded_days=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.number} · {self.get_decision_display()}"
