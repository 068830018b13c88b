"""The agreement as it was concluded: duration, maximum, lots, holders, closed list of beneficiaries."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.search.text import spelling, vector
from framework_agreements import legal
from framework_agreements.enums import AgreementState, AllocationRule

SEARCHED = vector("title", "reference", weight="A") + vector("description", weight="B")
"""What the search reads of an agreement; an index holds it."""


def last_day_of_period(start_date: date, months: int) -> date:
    """Last day of a period of `months` that begins on `start_date`: 15 March + 12 months ends on 14 March."""
    years, month = divmod(start_date.month - 1 + months, 12)
    year, month = start_date.year + years, month + 1
    anniversary = date(year, month, min(start_date.day, monthrange(year, month)[1]))
    return anniversary - timedelta(days=1)


class FrameworkAgreement(models.Model):
    """Accord-cadre à bons de commande. Amounts in euros excluding tax, durations in months.

    `end_date` is the last day of the current period (firm period, then renewals already made). The
    maximum and the ceilings written here are what the contract says; the rows of `Ceiling`, opened at
    activation, are what guards them.
    """

    tender = models.ForeignKey(
        "tenders.Tender",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("consultation"),
    )
    buyer = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("pouvoir adjudicateur")
    )
    reference = models.CharField(_("référence"), max_length=60, unique=True)
    title = models.CharField(_("objet"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    source_note = models.TextField(_("origine des informations"), blank=True)
    price_note = models.CharField(_("mention sur les prix"), max_length=200, blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT
    )
    notice_date = models.DateField(_("avis de marché publié le"), null=True, blank=True)
    estimated_excl_tax = models.DecimalField(
        _("montant estimé (HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    maximum_excl_tax = models.DecimalField(
        _("montant maximum (HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    firm_months = models.PositiveSmallIntegerField(_("période ferme (mois)"), default=12)
    renewal_count = models.PositiveSmallIntegerField(_("nombre de reconductions"), default=0)
    renewal_months = models.PositiveSmallIntegerField(_("durée d’une reconduction (mois)"), default=12)
    renewal_tacit = models.BooleanField(_("reconduction tacite"), default=True)
    notice_months = models.PositiveSmallIntegerField(_("préavis de non-reconduction (mois)"), default=1)
    renewals_done = models.PositiveSmallIntegerField(_("reconductions faites"), default=0)
    duration_reason = models.TextField(
        _("justification d’une durée de plus de quatre ans"), blank=True, default=""
    )
    served_at = models.DateTimeField(_("notifié le"), null=True, blank=True)
    start_date = models.DateField(_("début"), null=True, blank=True)
    end_date = models.DateField(_("fin de la période en cours"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("accord-cadre")
        verbose_name_plural = _("accords-cadres")
        ordering = ["-start_date", "-id"]
        indexes = [
            GinIndex(SEARCHED, name="agreement_search"),
            GinIndex(spelling("title"), name="agreement_spelling"),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_running_has_dates",
                condition=Q(state=AgreementState.DRAFT, served_at__isnull=True)
                | Q(served_at__isnull=False, start_date__isnull=False, end_date__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_ended_at_iff_ended",
                condition=Q(state=AgreementState.ENDED, ended_at__isnull=False)
                | (~Q(state=AgreementState.ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="agreement_dates_in_order",
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="agreement_renewals_not_above_count", condition=Q(renewals_done__lte=F("renewal_count"))
            ),
            models.CheckConstraint(
                name="agreement_maximum_positive",
                condition=Q(maximum_excl_tax__isnull=True) | Q(maximum_excl_tax__gt=0),
            ),
            # R2162-4: no agreement of today runs without a maximum.
            models.CheckConstraint(
                name="agreement_maximum_required",
                condition=Q(state=AgreementState.DRAFT)
                | Q(maximum_excl_tax__isnull=False)
                | Q(notice_date__isnull=False, notice_date__lt=legal.MAXIMUM_REQUIRED.since)
                | Q(
                    notice_date__isnull=True,
                    start_date__isnull=False,
                    start_date__lt=legal.MAXIMUM_REQUIRED.since,
                ),
            ),
            # L2125-1: four years, renewals included, unless a reason is written.
            models.CheckConstraint(
                name="agreement_four_years_at_most",
                condition=~Q(duration_reason="")
                | Q(
                    firm_months__lte=legal.MAXIMUM_DURATION_MONTHS.value
                    - F("renewal_count") * F("renewal_months")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.title}"

    def get_absolute_url(self):
        return reverse("framework_agreements:agreement", args=[self.pk])

    @property
    def total_months(self):
        """Duration put to competition, renewals included (R2112-4)."""
        return self.firm_months + self.renewal_count * self.renewal_months

    @property
    def legal_date(self):
        """The date that decides which law applies: the notice's, else the notification's day."""
        if self.notice_date:
            return self.notice_date
        return timezone.localdate(self.served_at) if self.served_at else None

    @property
    def valid_until(self):
        """First instant when no order may be issued any more: midnight after the last day, French time."""
        if not self.end_date:
            return None
        return timezone.make_aware(datetime.combine(self.end_date + timedelta(days=1), time.min))


class AgreementLot(models.Model):
    """A lot, its own maximum when it has one, and the rule that shares its orders between holders."""

    agreement = models.ForeignKey(FrameworkAgreement, models.CASCADE, related_name="lots")
    number = models.PositiveSmallIntegerField(_("numéro"))
    title = models.CharField(_("intitulé"), max_length=250)
    maximum_excl_tax = models.DecimalField(
        _("montant maximum du lot (HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    allocation_rule = models.CharField(
        _("règle d’attribution des bons de commande"),
        max_length=10,
        choices=AllocationRule.choices,
        default=AllocationRule.SINGLE,
    )

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_lot_number_unique"),
            models.CheckConstraint(
                name="agreement_lot_maximum_positive",
                condition=Q(maximum_excl_tax__isnull=True) | Q(maximum_excl_tax__gt=0),
            ),
        ]

    def __str__(self):
        return f"Lot {self.number} : {self.title}"


class Holder(models.Model):
    """Titulaire: a firm that holds a lot, at its rank (1 is the first served in a cascade)."""

    lot = models.ForeignKey(AgreementLot, models.CASCADE, related_name="holders")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("titulaire")
    )
    rank = models.PositiveSmallIntegerField(_("rang"), default=1)

    class Meta:
        verbose_name = _("titulaire")
        verbose_name_plural = _("titulaires")
        ordering = ["lot", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "organisation"], name="holder_once_per_lot"),
            models.UniqueConstraint(fields=["lot", "rank"], name="holder_rank_unique_per_lot"),
            models.CheckConstraint(name="holder_rank_from_one", condition=Q(rank__gte=1)),
        ]

    def __str__(self):
        return str(self.organisation)


class Beneficiary(models.Model):
    """A buyer identified in the notice (R2162-6), with its own ceiling when it has one."""

    agreement = models.ForeignKey(FrameworkAgreement, models.CASCADE, related_name="beneficiaries")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("bénéficiaire")
    )
    ceiling_excl_tax = models.DecimalField(
        _("plafond propre (HT)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("mention"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("bénéficiaire")
        verbose_name_plural = _("bénéficiaires")
        ordering = ["agreement", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="beneficiary_once"),
            models.CheckConstraint(
                name="beneficiary_ceiling_positive",
                condition=Q(ceiling_excl_tax__isnull=True) | Q(ceiling_excl_tax__gt=0),
            ),
        ]
        triggers = [
            # R2162-6: the list is closed once the agreement runs.
            pgtrigger.Trigger(
                name="closed_list",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("agreement_state", "text")],
                func="""
                    SELECT state INTO agreement_state FROM framework_agreements_frameworkagreement
                    WHERE id = NEW.agreement_id;
                    IF agreement_state <> 'draft' THEN
                        RAISE EXCEPTION 'the list of beneficiaries is closed (R2162-6)'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        return str(self.organisation)
