"""The consultation as the public reads it: notice, lots, criteria, price schedule, documents."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.search.text import SEARCH_CONFIG, spelling
from tenders.enums import CancelGround, DelayGround, Phase, Procedure, Technique, TenderState
from tenders.legal import FRAMEWORKS, PUBLISHING
from tenders.models.freezing import (
    APPROVED_FIRST,
    FROZEN_ONCE_PUBLISHED,
    frozen_once_published,
    same_deadline,
)


class TenderCounter(models.Model):
    """Last reference given in a year; locked while the next one is taken, so numbers have no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class TenderQuerySet(models.QuerySet):
    """Consultations by what a reader is told of them."""

    def public(self):
        """Consultations whose notice was published, whatever happened to them since: anyone reads them."""
        return self.filter(published_at__isnull=False, procedure__in=PUBLISHING)

    def receiving(self, at):
        """Consultations that accept answers at `at`."""
        return self.filter(state=TenderState.PUBLISHED, submission_due_at__gt=at)

    def in_phase(self, phase, at):
        """Consultations in a Phase at `at`; the deadline alone splits the published ones."""
        if phase == Phase.RECEIVING:
            return self.receiving(at)
        if phase == Phase.TO_OPEN:
            return self.filter(state=TenderState.PUBLISHED, submission_due_at__lte=at)
        if phase == Phase.INVITED:
            return self.filter(state=TenderState.OPENED, submission_due_at__gt=at)
        if phase == Phase.ANALYSIS:
            return self.filter(state=TenderState.OPENED, submission_due_at__lte=at)
        return self.filter(state=phase)


class Tender(models.Model):
    """A consultation: from its draft to its award. Amounts in euros excluding tax."""

    project = models.ForeignKey("needs.PurchaseProject", on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("référence"), max_length=20, unique=True)
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("objet de la consultation"))
    procedure = models.CharField(_("procédure"), max_length=20, choices=Procedure)
    procedure_justification = models.TextField(_("cas qui permet la procédure"), blank=True)
    technique = models.CharField(
        _("technique d'achat"), max_length=20, choices=Technique, default=Technique.CONTRACT
    )
    delay_ground = models.CharField(
        _("fondement du délai"), max_length=20, choices=DelayGround, default=DelayGround.ORDINARY
    )
    delay_justification = models.TextField(_("justification du délai réduit"), blank=True)
    max_candidates = models.PositiveSmallIntegerField(
        _("nombre maximal de candidats admis à remettre une offre"), null=True, blank=True
    )
    may_award_first_offers = models.BooleanField(
        _("attribution possible sur la base des premières offres, sans négociation"), default=False
    )
    estimated_value_excl_tax = models.DecimalField(
        _("valeur estimée HT"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    maximum_value_excl_tax = models.DecimalField(
        _("montant maximum HT"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    duration_months = models.PositiveSmallIntegerField(_("durée en mois"), null=True, blank=True)
    duration_justification = models.TextField(_("justification d'une durée de plus de 4 ans"), blank=True)
    cpv_code = models.CharField(
        _("code CPV"),
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(r"^\d{8}(-\d)?$", _("Un code CPV a huit chiffres, par exemple 72262000."))
        ],
    )
    department_codes = ArrayField(
        models.CharField(max_length=3), verbose_name=_("départements d'exécution"), default=list, blank=True
    )
    commune_codes = ArrayField(
        models.CharField(max_length=5), verbose_name=_("communes d'exécution"), default=list, blank=True
    )
    max_lots_tendered = models.PositiveSmallIntegerField(
        _("nombre maximal de lots auxquels une entreprise peut répondre"), null=True, blank=True
    )
    max_lots_awarded = models.PositiveSmallIntegerField(
        _("nombre maximal de lots qu'une entreprise peut obtenir"), null=True, blank=True
    )
    lots_rule = models.TextField(
        _("règle d'attribution quand une entreprise arrive en tête de plus de lots"), blank=True
    )
    submission_due_at = models.DateTimeField(_("date limite de réception des offres"), null=True, blank=True)
    questions_due_at = models.DateTimeField(_("questions reçues jusqu’au"), null=True, blank=True)
    custodian_threshold = models.PositiveSmallIntegerField(
        _("dépositaires nécessaires à l'ouverture"), default=2
    )
    file_limit_mib = models.PositiveIntegerField(
        _("taille maximale d'un fichier, en Mio"), default=200, validators=[MinValueValidator(1)]
    )
    bid_limit_mib = models.PositiveIntegerField(
        _("taille maximale d'un pli, en Mio"), default=1024, validators=[MinValueValidator(1)]
    )
    custodians = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    invited = models.ManyToManyField(
        "accounts.Organisation", verbose_name=_("entreprises invitées"), related_name="+", blank=True
    )

    state = models.CharField(
        _("état"), max_length=20, choices=TenderState, default=TenderState.DRAFT, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("plis ouverts le"), null=True, blank=True, editable=False)
    awarded_at = models.DateTimeField(_("attribuée le"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("abandonnée le"), null=True, blank=True, editable=False)
    cancel_ground = models.CharField(
        _("cas d'abandon"), max_length=20, choices=CancelGround, blank=True, editable=False
    )
    cancel_reason = models.TextField(_("motif de l'abandon"), blank=True, editable=False)
    earliest_signature_date = models.DateField(
        _("signature possible à partir du"), null=True, blank=True, editable=False
    )
    search_vector = models.GeneratedField(
        expression=SearchVector("title", "reference", weight="A", config=SEARCH_CONFIG)
        + SearchVector("description", weight="B", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-published_at", "-id"]
        indexes = [
            GinIndex(fields=["search_vector"], name="tender_search"),
            GinIndex(spelling("title"), name="tender_spelling"),
            GinIndex(fields=["department_codes"], name="tender_departments"),
            models.Index(fields=["state", "submission_due_at"], name="tender_state_due"),
            # What suppliers look for: words and place among those not opened yet. The condition is a flag that the
            # state machine keeps, so this index stays small however many consultations are past.
            GinIndex(
                fields=["department_codes", "search_vector"],
                condition=Q(state=TenderState.PUBLISHED),
                name="tender_open_words",
            ),
            models.Index(
                fields=["submission_due_at", "id"],
                condition=Q(state=TenderState.PUBLISHED),
                name="tender_open_due",
            ),
            models.Index(fields=["-published_at", "-id"], name="tender_published"),
            models.Index(fields=["cpv_code"], name="tender_cpv", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="tender_published_has_dates",
                condition=Q(state__in=[TenderState.DRAFT, TenderState.CANCELLED])
                | Q(published_at__isnull=False, submission_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="tender_draft_has_no_dates",
                condition=~Q(state=TenderState.DRAFT)
                | Q(
                    published_at__isnull=True,
                    opened_at__isnull=True,
                    awarded_at__isnull=True,
                    cancelled_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="tender_opened_has_date",
                condition=~Q(state__in=[TenderState.OPENED, TenderState.AWARDED])
                | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="tender_awarded_has_date",
                condition=Q(state=TenderState.AWARDED, awarded_at__isnull=False)
                | (~Q(state=TenderState.AWARDED) & Q(awarded_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="tender_cancelled_has_reason",
                condition=Q(state=TenderState.CANCELLED, cancelled_at__isnull=False) & ~Q(cancel_reason="")
                | (~Q(state=TenderState.CANCELLED) & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="tender_published_framework_has_maximum",
                condition=~Q(technique__in=FRAMEWORKS)
                | Q(published_at__isnull=True)
                | Q(maximum_value_excl_tax__isnull=False),
            ),
            models.CheckConstraint(
                name="tender_published_shorter_delay_is_justified",
                condition=Q(delay_ground=DelayGround.ORDINARY)
                | Q(published_at__isnull=True)
                | ~Q(delay_justification=""),
            ),
            models.CheckConstraint(
                name="tender_max_candidates",
                condition=Q(max_candidates__isnull=True) | Q(max_candidates__gte=1),
            ),
            models.CheckConstraint(
                name="tender_lot_limits",
                condition=(Q(max_lots_tendered__isnull=True) | Q(max_lots_tendered__gte=1))
                & (Q(max_lots_awarded__isnull=True) | Q(max_lots_awarded__gte=1)),
            ),
            models.CheckConstraint(
                name="tender_published_lot_limit_has_its_rule",
                condition=Q(max_lots_awarded__isnull=True) | Q(published_at__isnull=True) | ~Q(lots_rule=""),
            ),
            models.CheckConstraint(
                name="tender_questions_before_the_deadline",
                condition=Q(questions_due_at__isnull=True) | Q(questions_due_at__lte=F("submission_due_at")),
            ),
            models.CheckConstraint(
                name="tender_size_limits",
                condition=Q(file_limit_mib__gte=1, bid_limit_mib__gte=F("file_limit_mib")),
            ),
            models.CheckConstraint(name="tender_quorum", condition=Q(custodian_threshold__gte=2)),
            models.CheckConstraint(
                name="tender_amounts_positive",
                condition=(Q(estimated_value_excl_tax__isnull=True) | Q(estimated_value_excl_tax__gt=0))
                & (Q(maximum_value_excl_tax__isnull=True) | Q(maximum_value_excl_tax__gt=0)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="announced_terms_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.published_at IS NOT NULL AND (
                        NEW.submission_due_at < OLD.submission_due_at
                        OR NEW.published_at IS DISTINCT FROM OLD.published_at
                        OR NEW.buyer_id <> OLD.buyer_id OR NEW.reference <> OLD.reference
                        OR NEW.procedure <> OLD.procedure OR NEW.technique <> OLD.technique
                        OR NEW.delay_ground <> OLD.delay_ground
                        OR NEW.max_candidates IS DISTINCT FROM OLD.max_candidates
                        OR NEW.max_lots_tendered IS DISTINCT FROM OLD.max_lots_tendered
                        OR NEW.max_lots_awarded IS DISTINCT FROM OLD.max_lots_awarded
                        OR NEW.lots_rule <> OLD.lots_rule
                        OR NEW.may_award_first_offers <> OLD.may_award_first_offers
                        OR NEW.maximum_value_excl_tax IS DISTINCT FROM OLD.maximum_value_excl_tax
                        OR NEW.file_limit_mib <> OLD.file_limit_mib
                        OR NEW.bid_limit_mib <> OLD.bid_limit_mib
                        OR NEW.custodian_threshold <> OLD.custodian_threshold) THEN
                        RAISE EXCEPTION 'tender is published: its announced terms are frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
            same_deadline(pgtrigger.UpdateOf("submission_due_at"), "NEW.id"),
            pgtrigger.Trigger(
                name="approved_before_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=APPROVED_FIRST,
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    @property
    def is_public(self) -> bool:
        """Whether anyone reads it: published, by a procedure that publishes a notice."""
        return self.published_at is not None and self.procedure in PUBLISHING

    def phase(self, at) -> Phase:
        """The phase a reader is told at `at`; the deadline is that of the round in force."""
        if self.state == TenderState.PUBLISHED:
            return Phase.RECEIVING if at < self.submission_due_at else Phase.TO_OPEN
        if self.state == TenderState.OPENED:
            return Phase.INVITED if at < self.submission_due_at else Phase.ANALYSIS
        return Phase(self.state)

    def is_receiving(self, at) -> bool:
        """Whether anybody may still answer at `at` (R2151-5: the very second of the limit is late)."""
        return self.phase(at) == Phase.RECEIVING


class Lot(models.Model):
    """A lot of a consultation: its own criteria, price schedule, and number of holders."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveSmallIntegerField(_("numéro"))
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    max_holders = models.PositiveSmallIntegerField(_("nombre maximal de titulaires"), default=1)
    unawarded_reason = models.TextField(_("motif si le lot n'est pas attribué"), blank=True, editable=False)

    class Meta:
        verbose_name = _("lot")
        ordering = ["tender", "number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="lot_number_unique"),
            models.CheckConstraint(
                name="lot_has_a_holder", condition=Q(number__gte=1) & Q(max_holders__gte=1)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("tender_id", "number", "title", "description", "max_holders"),
                func=FROZEN_ONCE_PUBLISHED.format(join="WHERE t.id = COALESCE(NEW.tender_id, OLD.tender_id)"),
            )
        ]

    def __str__(self):
        return _("Lot %(number)s : %(title)s") % {"number": self.number, "title": self.title}

    def scored_criteria(self) -> list:
        """What is marked, in order: the criteria without sub-criteria, and the sub-criteria.

        Each has its `parent` at hand, so `share` asks nothing. One query, none when `criteria` is prefetched.
        """
        known = {criterion.pk: criterion for criterion in self.criteria.all()}
        parents = {criterion.parent_id for criterion in known.values()}
        for criterion in known.values():
            if criterion.parent_id:
                criterion.parent = known[criterion.parent_id]
        return [criterion for criterion in known.values() if criterion.pk not in parents]


PRICE_PLACES = (2, 6)
"""Decimals that a unit price may have: a text message or a gigabyte costs less than a cent."""


class PriceLine(models.Model):
    """A line of a lot's price schedule (BPU). `simulated_quantity` is the announced quantity (DQE), `price_places`
    the decimals of its unit price.
    """

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="price_lines")
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    code = models.CharField(_("code"), max_length=40)
    label = models.CharField(_("désignation"), max_length=300)
    unit = models.CharField(_("unité"), max_length=60)
    simulated_quantity = models.DecimalField(
        _("quantité simulée"), max_digits=12, decimal_places=2, default=Decimal(1)
    )
    price_places = models.PositiveSmallIntegerField(
        _("décimales du prix"),
        default=2,
        help_text=_("2 : au centime. Plus, jusqu'à 6, pour un prix unitaire inférieur au centime."),
    )

    class Meta:
        verbose_name = _("ligne du bordereau des prix")
        ordering = ["lot", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "code"], name="price_line_code_unique"),
            models.CheckConstraint(name="price_line_quantity", condition=Q(simulated_quantity__gt=0)),
            models.CheckConstraint(name="price_line_places", condition=Q(price_places__range=PRICE_PLACES)),
        ]
        triggers = [
            frozen_once_published(
                "JOIN tenders_lot l ON l.tender_id = t.id WHERE l.id = COALESCE(NEW.lot_id, OLD.lot_id)"
            )
        ]

    def __str__(self):
        return f"{self.code} {self.label}"


def document_path(document, name):
    """Where a buyer's document is kept; its own name stays in the row."""
    return f"tenders/documents/{document.tender_id}/{name}"
