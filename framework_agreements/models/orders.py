"""Purchase orders, their lines, and the person-days done on them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.text import spelling, vector
from framework_agreements.enums import ORDERED_STATES, OrderState
from framework_agreements.models.agreements import AgreementLot, Beneficiary, FrameworkAgreement, Holder
from framework_agreements.models.work_units import WorkUnit

SEARCHED = vector("title", weight="A") + vector("description", weight="B")
"""What the search reads of an order; an index holds it."""


def _iff(name, states, **dates):
    """Constraint: these dates are written in exactly these states."""
    present = {f"{field}__isnull": False for field in dates}
    absent = {f"{field}__isnull": True for field in dates}
    return models.CheckConstraint(
        name=name, condition=Q(state__in=states, **present) | (~Q(state__in=states) & Q(**absent))
    )


class PurchaseOrder(models.Model):
    """Bon de commande. Its number, gapless within the agreement, is given when it is issued.

    `total_excl_tax` is the sum of the lines, euros excluding tax. `holder_reason` says why the holder
    that the announced rule designates was not chosen (R2162-14).
    """

    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="orders")
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="orders", verbose_name=_("lot"))
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="orders", verbose_name=_("titulaire"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, related_name="orders", verbose_name=_("bénéficiaire")
    )
    project = models.ForeignKey(
        "needs.PurchaseProject",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("projet d’achat"),
    )
    number = models.PositiveIntegerField(_("numéro"), null=True, blank=True)
    title = models.CharField(_("objet"), max_length=200)
    description = models.TextField(_("précisions pour le titulaire"), blank=True)
    delivery_due_date = models.DateField(_("livraison attendue le"), null=True, blank=True)
    holder_reason = models.TextField(_("pourquoi un autre titulaire"), blank=True, default="")
    state = models.CharField(_("état"), max_length=12, choices=OrderState.choices, default=OrderState.DRAFT)
    total_excl_tax = models.DecimalField(_("total (HT)"), max_digits=14, decimal_places=2, default=0)
    # Null, not empty, so that orders without a key do not collide.
    creation_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001
    creation_digest = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("créé le"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(_("émis le"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("reçu par le titulaire le"), null=True, blank=True)
    completed_at = models.DateTimeField(_("soldé le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    cancel_reason = models.TextField(_("motif d’abandon"), blank=True, default="")

    class Meta:
        verbose_name = _("bon de commande")
        verbose_name_plural = _("bons de commande")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["beneficiary", "-created_at"], name="order_by_beneficiary"),
            models.Index(fields=["holder", "-created_at"], name="order_by_holder"),
            models.Index(fields=["state", "-created_at"], name="order_by_state"),
            GinIndex(SEARCHED, name="order_search"),
            GinIndex(spelling("title"), name="order_spelling"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="order_number_unique"),
            models.UniqueConstraint(fields=["created_by", "creation_key"], name="order_creation_key_unique"),
            _iff("order_issue_facts", ORDERED_STATES, number=1, issued_at=1, issued_by=1),
            _iff(
                "order_acknowledged_facts",
                [OrderState.ACKNOWLEDGED, OrderState.COMPLETED],
                acknowledged_at=1,
            ),
            _iff("order_completed_facts", [OrderState.COMPLETED], completed_at=1),
            _iff("order_cancelled_facts", [OrderState.CANCELLED], cancelled_at=1),
            models.CheckConstraint(
                name="order_issued_total_not_negative",
                condition=~Q(state__in=ORDERED_STATES) | Q(total_excl_tax__gte=0),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="total_is_sum_of_lines",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state = 'draft' AND NEW.state = 'issued'"),
                declare=[("expected", "numeric")],
                func="""
                    SELECT COALESCE(SUM(amount_excl_tax), 0) INTO expected
                    FROM framework_agreements_orderline WHERE order_id = NEW.id;
                    IF expected <> NEW.total_excl_tax THEN
                        RAISE EXCEPTION 'order %: total % is not the sum of its lines %',
                            NEW.id, NEW.total_excl_tax, expected USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="issued_is_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.number IS DISTINCT FROM NEW.number"
                    " OR OLD.total_excl_tax IS DISTINCT FROM NEW.total_excl_tax"
                    " OR OLD.holder_id IS DISTINCT FROM NEW.holder_id"
                    " OR OLD.lot_id IS DISTINCT FROM NEW.lot_id"
                    " OR OLD.beneficiary_id IS DISTINCT FROM NEW.beneficiary_id)"
                ),
                func="RAISE EXCEPTION 'an order that left its draft no longer changes';",
            ),
        ]

    def __str__(self):
        return f"{self.label} · {self.title}"

    def get_absolute_url(self):
        return reverse("framework_agreements:order", args=[self.pk])

    @property
    def label(self):
        """« BC-0042 » once issued, « brouillon 17 » before."""
        return f"BC-{self.number:04d}" if self.number else f"brouillon {self.pk}"


class OrderLine(models.Model):
    """A work unit × a quantity, at the holder's price on the day of the draft. Days are person-days.

    `planned_days` is load × quantity, or typed when the text gives no load; zero for a flat rate that is
    not followed in days. `done_days` is the sum of the progress entries.
    """

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("ligne"), default=1)
    work_unit = models.ForeignKey(
        WorkUnit, models.PROTECT, related_name="order_lines", verbose_name=_("unité d’œuvre")
    )
    quantity = models.DecimalField(_("quantité"), max_digits=8, decimal_places=2)
    unit_price_excl_tax = models.DecimalField(_("prix unitaire (HT)"), max_digits=16, decimal_places=6)
    amount_excl_tax = models.DecimalField(_("montant (HT)"), max_digits=14, decimal_places=2)
    planned_days = models.DecimalField(_("jours-homme prévus"), max_digits=8, decimal_places=2)
    done_days = models.DecimalField(_("jours-homme réalisés"), max_digits=8, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("ligne de commande")
        verbose_name_plural = _("lignes de commande")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_unique"),
            models.CheckConstraint(name="order_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="order_line_amount_exact",
                condition=Q(amount_excl_tax=Round(F("quantity") * F("unit_price_excl_tax"), precision=2)),
            ),
            models.CheckConstraint(
                name="order_line_days_not_negative", condition=Q(planned_days__gte=0, done_days__gte=0)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lines_move_in_draft_only",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("order_state", "text")],
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.quantity = NEW.quantity AND OLD.order_id = NEW.order_id
                        AND OLD.work_unit_id = NEW.work_unit_id AND OLD.planned_days = NEW.planned_days
                        AND OLD.unit_price_excl_tax = NEW.unit_price_excl_tax
                        AND OLD.amount_excl_tax = NEW.amount_excl_tax THEN
                        RETURN NEW;
                    END IF;
                    SELECT state INTO order_state FROM framework_agreements_purchaseorder
                    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END;
                    IF order_state <> 'draft' THEN
                        RAISE EXCEPTION 'the lines of an issued order no longer change'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        return f"{self.work_unit.code} × {self.quantity}"

    @property
    def remaining_days(self):
        """Person-days left to do on this line, never below zero."""
        return max(self.planned_days - self.done_days, 0)


class ProgressEntry(models.Model):
    """Person-days done on a line and the operational activity they went to (CCTP § 7.2)."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="progress")
    days = models.DecimalField(_("jours-homme"), max_digits=7, decimal_places=2)
    activity = models.CharField(_("activité opérationnelle"), max_length=200)
    source_label = models.CharField(_("constaté par"), max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("inscrit le"))

    class Meta:
        verbose_name = _("avancement")
        verbose_name_plural = _("avancements")
        ordering = ["recorded_at", "id"]
        constraints = [models.CheckConstraint(name="progress_not_zero", condition=~Q(days=0))]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.days} · {self.activity}"
