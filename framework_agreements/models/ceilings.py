"""The accounts that hold the ceilings: a counter per scope, and the ledger that alone may move it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from framework_agreements.enums import CeilingScope
from framework_agreements.models.agreements import AgreementLot, Beneficiary, FrameworkAgreement


class Ceiling(models.Model):
    """Counter of what has been ordered within an agreement, a lot or a beneficiary (euros excl. tax).

    `limit_excl_tax` null means without ceiling. `consumed_excl_tax` is moved by the ledger's trigger and
    by nothing else; the check constraint is the last guard of the maximum (R2162-4, CJUE C-23/20).
    """

    agreement = models.ForeignKey(FrameworkAgreement, models.CASCADE, related_name="ceilings")
    scope = models.PositiveSmallIntegerField(_("portée"), choices=CeilingScope.choices)
    lot = models.OneToOneField(AgreementLot, models.CASCADE, null=True, blank=True, related_name="ceiling")
    beneficiary = models.OneToOneField(
        Beneficiary, models.CASCADE, null=True, blank=True, related_name="ceiling"
    )
    limit_excl_tax = models.DecimalField(
        _("plafond (HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    consumed_excl_tax = models.DecimalField(_("commandé (HT)"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("plafond")
        verbose_name_plural = _("plafonds")
        ordering = ["agreement", "scope", "id"]
        constraints = [
            models.CheckConstraint(
                name="ceiling_never_exceeded",
                condition=Q(limit_excl_tax__isnull=True) | Q(consumed_excl_tax__lte=F("limit_excl_tax")),
            ),
            models.CheckConstraint(name="ceiling_never_negative", condition=Q(consumed_excl_tax__gte=0)),
            models.CheckConstraint(
                name="ceiling_target_matches_scope",
                condition=Q(scope=CeilingScope.AGREEMENT, lot__isnull=True, beneficiary__isnull=True)
                | Q(scope=CeilingScope.LOT, lot__isnull=False, beneficiary__isnull=True)
                | Q(scope=CeilingScope.BENEFICIARY, lot__isnull=True, beneficiary__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(scope=CeilingScope.AGREEMENT),
                name="ceiling_one_per_agreement",
            ),
        ]
        triggers = [
            # Depth 0 is a statement written by someone; the ledger's trigger writes at depth 1.
            pgtrigger.Trigger(
                name="moved_by_ledger_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.consumed_excl_tax IS DISTINCT FROM NEW.consumed_excl_tax AND pg_trigger_depth() = 0"
                ),
                func="RAISE EXCEPTION 'the consumption of a ceiling is moved by its ledger only';",
            )
        ]

    def __str__(self):
        return f"{self.get_scope_display()} : {self.consumed_excl_tax} / {self.limit_excl_tax}"

    @property
    def available_excl_tax(self):
        """What may still be ordered; None without ceiling."""
        if self.limit_excl_tax is None:
            return None
        return self.limit_excl_tax - self.consumed_excl_tax

    @property
    def target_label(self):
        """What this ceiling bounds, in words."""
        return str(self.lot or self.beneficiary or self.agreement.reference)


class ConsumptionEntry(models.Model):
    """One movement of the consumption ledger: this order took this amount of this ceiling, then."""

    ceiling = models.ForeignKey(Ceiling, models.PROTECT, related_name="entries")
    order = models.ForeignKey("PurchaseOrder", models.PROTECT, related_name="consumption")
    amount_excl_tax = models.DecimalField(_("montant (HT)"), max_digits=14, decimal_places=2)
    at = models.DateTimeField(_("inscrit le"))

    class Meta:
        verbose_name = _("écriture de consommation")
        verbose_name_plural = _("écritures de consommation")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ceiling", "order"], name="consumption_once_per_order"),
            models.CheckConstraint(name="consumption_not_negative", condition=Q(amount_excl_tax__gte=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="moves_ceiling",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func="""
                    UPDATE framework_agreements_ceiling
                    SET consumed_excl_tax = consumed_excl_tax + NEW.amount_excl_tax
                    WHERE id = NEW.ceiling_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.amount_excl_tax} ({self.ceiling_id})"
