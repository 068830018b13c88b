"""How offers are judged, as announced: criteria and sub-criteria, notation levels, costs, impact questions."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import CriterionKind, ImpactTheme, PriceFormula
from tenders.models.freezing import frozen_once_published
from tenders.models.notices import Lot

MAX_POINTS = 5
"""Evaluators give 0 to 5 points on a quality criterion."""

OF_A_LOT = "JOIN tenders_lot l ON l.tender_id = t.id WHERE l.id = COALESCE(NEW.lot_id, OLD.lot_id)"
OF_A_CRITERION = (
    "JOIN tenders_lot l ON l.tender_id = t.id JOIN tenders_criterion c ON c.lot_id = l.id "
    "WHERE c.id = COALESCE(NEW.criterion_id, OLD.criterion_id)"
)


class Criterion(models.Model):
    """An award criterion of a lot, or a sub-criterion of another one (two levels, never more).

    `weight` is a percentage within its level: the criteria of a lot make 100, the sub-criteria of a criterion
    make 100 too. `share` is the percentage of the lot's 100 points. What is marked is
    `Lot.scored_criteria()`: criteria without children, and children.

    Quality: evaluators give 0 to 5 points, helped by `levels` (QualityLevel); under `minimum_points` an offer
    is eliminated. Price and cost: `formula` (with `formula_parameter`) turns the total into a mark, see
    `tenders.formulas.mark`; a cost criterion adds its `cost_items` to the price.
    """

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    kind = models.CharField(_("nature"), max_length=10, choices=CriterionKind, default=CriterionKind.QUALITY)
    label = models.CharField(_("critère"), max_length=200)
    description = models.TextField(_("ce qui est apprécié"), blank=True)
    weight = models.DecimalField(_("pondération (%)"), max_digits=5, decimal_places=2)
    is_environmental = models.BooleanField(_("porte sur l'environnement"), default=False)
    formula = models.CharField(
        _("formule de notation du prix"),
        max_length=20,
        choices=PriceFormula,
        default=PriceFormula.PROPORTIONAL,
        help_text=_("Lue pour le prix et le coût seulement."),
    )
    formula_parameter = models.DecimalField(
        _("pente de la formule"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    minimum_points = models.DecimalField(
        _("note éliminatoire, sur 5"), max_digits=3, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("critère d'attribution")
        ordering = ["lot", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "parent", "label"], name="criterion_label_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="criterion_weight_percentage",
                condition=Q(weight__gt=Decimal(0)) & Q(weight__lte=Decimal(100)),
            ),
            models.CheckConstraint(
                name="criterion_sub_criterion_is_quality",
                condition=Q(parent__isnull=True) | Q(kind=CriterionKind.QUALITY),
            ),
            models.CheckConstraint(
                name="criterion_minimum_points",
                condition=Q(minimum_points__isnull=True)
                | Q(kind=CriterionKind.QUALITY, minimum_points__gt=0, minimum_points__lte=MAX_POINTS),
            ),
            models.CheckConstraint(
                name="criterion_formula_parameter",
                condition=Q(formula_parameter__isnull=True) | Q(formula_parameter__gt=0),
            ),
        ]
        triggers = [
            frozen_once_published(OF_A_LOT),
            pgtrigger.Trigger(
                name="parent_is_a_criterion_of_the_lot",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM tenders_criterion p
                        WHERE p.id = NEW.parent_id AND p.lot_id = NEW.lot_id AND p.parent_id IS NULL
                    ) THEN
                        RAISE EXCEPTION 'a sub-criterion belongs to a criterion of its lot';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.label} ({self.weight.normalize():f} %)"

    @property
    def is_scored_by_formula(self) -> bool:
        return self.kind in (CriterionKind.PRICE, CriterionKind.COST)

    @property
    def full_label(self) -> str:
        """Its name, after that of its parent."""
        return f"{self.parent.label} : {self.label}" if self.parent_id else self.label

    @property
    def share(self) -> Decimal:
        """The percentage of the lot's total: its weight, within that of its parent."""
        return self.weight * self.parent.weight / 100 if self.parent_id else self.weight


class QualityLevel(models.Model):
    """A written level of notation of a quality criterion: what deserves so many points out of 5."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    points = models.DecimalField(_("note sur 5"), max_digits=3, decimal_places=2)
    label = models.CharField(_("niveau"), max_length=60)
    description = models.TextField(_("ce qui le mérite"))

    class Meta:
        verbose_name = _("niveau de notation")
        ordering = ["criterion", "-points"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "points"], name="quality_level_once"),
            models.CheckConstraint(
                name="quality_level_range", condition=Q(points__gte=0) & Q(points__lte=MAX_POINTS)
            ),
        ]
        triggers = [frozen_once_published(OF_A_CRITERION)]

    def __str__(self):
        return f"{self.points.normalize():f} : {self.label}"


class CostItem(models.Model):
    """A cost of use that a life-cycle cost criterion adds to the price (R2152-9).

    The bidder declares a quantity in `unit`, with its evidence; the buyer announces what each costs and how
    many times it counts: cost = declared × unit_cost_excl_tax × multiplier. See `formulas.life_cycle_cost`.
    """

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="cost_items")
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    label = models.CharField(_("coût d'usage"), max_length=200)
    unit = models.CharField(_("unité déclarée"), max_length=60)
    unit_cost_excl_tax = models.DecimalField(_("coût unitaire HT"), max_digits=12, decimal_places=4)
    multiplier = models.DecimalField(_("multiplicateur"), max_digits=8, decimal_places=2, default=Decimal(1))

    class Meta:
        verbose_name = _("coût du cycle de vie")
        ordering = ["criterion", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "label"], name="cost_item_label_unique"),
            models.CheckConstraint(
                name="cost_item_positive", condition=Q(unit_cost_excl_tax__gt=0) & Q(multiplier__gt=0)
            ),
        ]
        triggers = [frozen_once_published(OF_A_CRITERION)]

    def __str__(self):
        return self.label


class ImpactQuestion(models.Model):
    """A question on the impact of an offer, announced with a lot and answered in the envelope.

    Bidders answer with words and the evidence asked for; the answers are sealed like the prices. `criterion`
    is the one whose evaluators read the answer; without one the answer feeds the negotiation and the
    commitments only. `code` names the question of the library it comes from ("" for the buyer's own words).
    """

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="impact_questions")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.SET_NULL, null=True, blank=True, related_name="impact_questions"
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    code = models.CharField(max_length=40, blank=True)
    theme = models.CharField(_("thème"), max_length=20, choices=ImpactTheme)
    text = models.CharField(_("question"), max_length=400)
    evidence = models.CharField(_("preuve attendue"), max_length=300, blank=True)
    is_required = models.BooleanField(_("réponse obligatoire"), default=True)

    class Meta:
        verbose_name = _("question d'impact")
        ordering = ["lot", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["lot", "text"], name="impact_question_once")]
        triggers = [frozen_once_published(OF_A_LOT)]

    def __str__(self):
        return self.text
