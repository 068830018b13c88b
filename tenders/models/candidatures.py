"""Candidatures, born in clear at the opening: who answers, with whom, and how they were examined."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import CandidatureState, Grouping, Piece, RejectionGround
from tenders.models.bids import Bid, SealedPart
from tenders.models.notices import Tender

FACTS = (
    "bid_id",
    "is_declared",
    "declared_by",
    "declared_quality",
    "declared_text",
    "grouping",
    "is_agent_jointly_liable",
    "lot_numbers",
    "supplier_file",
)
IMMUTABLE = pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)


class Candidature(models.Model):
    """The candidature of an opened bid. What was sealed does not change; its examination does.

    `supplier_file` is the copy of the firm's file at the deposit (JSON of `concierge.selectors.frozen`).
    `lot_numbers`: the lots it is for, when candidatures come before offers. `settled_at`: the list was closed;
    from then on the candidate may read what was decided.
    """

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="candidature")
    is_declared = models.BooleanField(_("déclaration sur l'honneur"))
    declared_by = models.CharField(_("signataire de la déclaration"), max_length=150, blank=True)
    declared_quality = models.CharField(_("qualité"), max_length=150, blank=True)
    declared_text = models.TextField(_("texte déclaré"), blank=True)
    grouping = models.CharField(_("forme"), max_length=10, choices=Grouping, default=Grouping.ALONE)
    is_agent_jointly_liable = models.BooleanField(_("mandataire solidaire"), default=False)
    lot_numbers = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("lots"), default=list, blank=True
    )
    supplier_file = models.JSONField(_("dossier de l'entreprise"), default=dict)
    state = models.CharField(
        _("état"), max_length=12, choices=CandidatureState, default=CandidatureState.RECEIVED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("examinée le"), null=True, blank=True)
    ground = models.CharField(_("motif"), max_length=14, choices=RejectionGround, blank=True)
    reason = models.TextField(_("raisons"), blank=True)
    settled_at = models.DateTimeField(_("liste arrêtée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidature")
        verbose_name_plural = _("candidatures")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="candidature_decided_has_date",
                condition=Q(state__in=["admitted", "excluded"], decided_at__isnull=False)
                | Q(state__in=["received", "to_complete"], decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="candidature_excluded_has_reason",
                condition=(Q(state="excluded") & ~Q(ground="") & ~Q(reason=""))
                | (~Q(state="excluded") & Q(ground="", reason="")),
            ),
            models.CheckConstraint(
                name="candidature_settled_was_decided",
                condition=Q(settled_at__isnull=True) | Q(decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_immutable", operation=pgtrigger.UpdateOf(*FACTS)),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.bid.tender.reference} {self.bid.bidder}"


class ConsortiumMember(models.Model):
    """A member of a consortium beside its agent, who is the bidder."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="members")
    siret = models.CharField(_("SIRET"), max_length=14)
    name = models.CharField(_("nom"), max_length=200)
    share = models.CharField(_("part des prestations"), max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidature", "siret"], name="candidature_member_once"),
        ]
        triggers = [IMMUTABLE]

    def __str__(self):
        return self.name


class PresentedSubcontractor(models.Model):
    """A subcontractor presented with the candidature; the amount is in euros excluding tax.

    `is_relied_on`: the candidate counts its capacities among his own.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="subcontractors")
    siret = models.CharField(_("SIRET"), max_length=14)
    name = models.CharField(_("nom"), max_length=200)
    services = models.CharField(_("prestations sous-traitées"), max_length=250)
    amount_excl_tax = models.DecimalField(
        _("montant maximum HT"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_relied_on = models.BooleanField(_("capacités invoquées"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="subcontractor_amount_positive",
                condition=Q(amount_excl_tax__isnull=True) | Q(amount_excl_tax__gt=0),
            ),
        ]
        triggers = [IMMUTABLE]

    def __str__(self):
        return self.name


class CandidatureDocument(models.Model):
    """A paper of the firm's file, copied in the envelope: a sealed part, and what the firm said of it."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="documents")
    part = models.OneToOneField(SealedPart, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    title = models.CharField(_("intitulé"), max_length=150)
    issuer = models.CharField(_("délivrée par"), max_length=150, blank=True)
    expires_date = models.DateField(_("valable jusqu'au"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = [IMMUTABLE]

    def __str__(self):
        return self.title


class ComplementRequest(models.Model):
    """One request to all the candidates concerned, with one deadline for all (R2144-2)."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="complement_requests")
    message = models.TextField(_("message"), blank=True)
    due_at = models.DateTimeField(_("réponse attendue avant le"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("envoyée le"))

    class Meta:
        verbose_name = _("demande de compléments")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="complement_due_after_request", condition=Q(due_at__gt=models.F("asked_at"))
            ),
        ]
        triggers = [IMMUTABLE]

    def __str__(self):
        return f"{self.tender.reference} {self.asked_at:%Y-%m-%d}"


class ComplementItem(models.Model):
    """One thing asked from one candidate."""

    request = models.ForeignKey(ComplementRequest, on_delete=models.PROTECT, related_name="items")
    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="asked")
    piece = models.CharField(_("pièce"), max_length=16, choices=Piece)
    wanted = models.CharField(_("ce qui est attendu"), max_length=300)

    class Meta:
        ordering = ["pk"]
        triggers = [IMMUTABLE]

    def __str__(self):
        return self.wanted


class ComplementAnswer(models.Model):
    """What a candidate sent for one thing asked: words, a file, or both. A second answer adds to the first."""

    item = models.ForeignKey(ComplementItem, on_delete=models.PROTECT, related_name="answers")
    words = models.TextField(_("réponse"), blank=True)
    content = models.FileField(_("fichier"), max_length=300, upload_to="tenders/complements", blank=True)
    name = models.CharField(_("nom du fichier"), max_length=255, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"), default=0)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("reçue le"))

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(name="complement_says_something", condition=~Q(words="") | ~Q(content="")),
        ]
        triggers = [IMMUTABLE]
