"""The supplier's file: what a firm says of itself once, and takes from one call to the next."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from concierge.enums import CertificateKind, CertificateStanding, FirmSize, LegalForm
from concierge.legal import ONE_IN_FORCE, REMINDED_BEFORE_DAYS
from foundation.accounts.models import Organisation


class SupplierFile(models.Model):
    """The file of one firm. Its name, SIRET and address are those of its organisation: they are not asked again.

    `version` grows at each change of the facts: two people who write at once do not erase each other.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    legal_form = models.CharField(_("forme juridique"), max_length=20, choices=LegalForm, blank=True)
    size = models.CharField(_("taille de l'entreprise"), max_length=20, choices=FirmSize, blank=True)
    founded_date = models.DateField(_("date de création"), null=True, blank=True)
    presentation = models.TextField(_("présentation"), blank=True)
    insurer = models.CharField(_("assureur"), max_length=150, blank=True)
    insurance_policy = models.CharField(_("numéro de contrat d'assurance"), max_length=80, blank=True)
    contact_name = models.CharField(_("interlocuteur"), max_length=150, blank=True)
    contact_email = models.EmailField(_("adresse électronique"), blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(_("modifié le"))

    class Meta:
        verbose_name = _("dossier du fournisseur")
        verbose_name_plural = _("dossiers des fournisseurs")
        ordering = ["organisation__name", "pk"]

    def __str__(self) -> str:
        return str(self.organisation)


class YearFigures(models.Model):
    """Turnover, in euros excluding tax, and average staff of one year."""

    file = models.ForeignKey(SupplierFile, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(
        _("exercice"), validators=[MinValueValidator(1950), MaxValueValidator(2200)]
    )
    turnover_excl_tax = models.DecimalField(
        _("chiffre d'affaires HT"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    staff = models.PositiveIntegerField(_("effectif moyen"), null=True, blank=True)

    class Meta:
        verbose_name = _("chiffres d'un exercice")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["file", "year"], name="concierge_figures_once_a_year"),
            models.CheckConstraint(
                name="concierge_figures_say_something",
                condition=Q(turnover_excl_tax__gte=0) | Q(staff__isnull=False),
            ),
        ]


class Capacity(models.Model):
    """What the firm can do: a skill, a tool, a method, with what shows it."""

    file = models.ForeignKey(SupplierFile, on_delete=models.CASCADE, related_name="capacities")
    title = models.CharField(_("capacité"), max_length=150)
    description = models.TextField(_("ce qui la montre"), blank=True)

    class Meta:
        verbose_name = _("capacité")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Reference(models.Model):
    """A service delivered to somebody who may be called. The amount is in euros excluding tax."""

    file = models.ForeignKey(SupplierFile, on_delete=models.CASCADE, related_name="references")
    client = models.CharField(_("client"), max_length=150)
    subject = models.CharField(_("objet"), max_length=250)
    amount_excl_tax = models.DecimalField(
        _("montant HT"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    started_date = models.DateField(_("début"))
    ended_date = models.DateField(_("fin"), null=True, blank=True)
    contact_name = models.CharField(_("personne à contacter"), max_length=150, blank=True)
    contact_email = models.EmailField(_("son adresse électronique"), blank=True)

    class Meta:
        verbose_name = _("référence")
        ordering = ["-started_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="concierge_reference_in_order",
                condition=Q(ended_date__isnull=True) | Q(ended_date__gte=F("started_date")),
            ),
            models.CheckConstraint(
                name="concierge_reference_amount",
                condition=Q(amount_excl_tax__isnull=True) | Q(amount_excl_tax__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.subject}"


class Certificate(models.Model):
    """A paper with its file; `expires_date` is its last day, empty when it does not end.

    `reminders` counts the reminders sent before its end.
    """

    file = models.ForeignKey(SupplierFile, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(_("nature"), max_length=20, choices=CertificateKind)
    title = models.CharField(_("intitulé"), max_length=150, blank=True)
    issuer = models.CharField(_("délivrée par"), max_length=150, blank=True)
    issued_date = models.DateField(_("délivrée le"), null=True, blank=True)
    expires_date = models.DateField(_("valable jusqu'au"), null=True, blank=True)
    content = models.FileField(_("fichier"), max_length=300, upload_to="concierge/certificates")
    name = models.CharField(_("nom du fichier"), max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("ajoutée le"))
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("pièce")
        ordering = ["kind", "pk"]
        indexes = [models.Index(fields=["expires_date"], name="concierge_certificate_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "kind"],
                condition=Q(kind__in=sorted(ONE_IN_FORCE)),
                name="concierge_one_in_force",
            ),
            models.CheckConstraint(
                name="concierge_certificate_in_order",
                condition=Q(issued_date__isnull=True)
                | Q(expires_date__isnull=True)
                | Q(expires_date__gte=F("issued_date")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="content_immutable",
                operation=pgtrigger.UpdateOf("file_id", "kind", "content", "name", "size", "sha256"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def standing(self, on: date) -> str:
        """A CertificateStanding: ended, about to end (first reminder), or valid on a day."""
        if self.expires_date is None or self.expires_date >= on + timedelta(days=REMINDED_BEFORE_DAYS[0]):
            return CertificateStanding.VALID
        return CertificateStanding.EXPIRED if self.expires_date < on else CertificateStanding.ENDING
