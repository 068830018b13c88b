"""What a firm says of itself, and the papers it shows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """The legal form of a firm, as most French registers name it."""

    SOLE_TRADER = "sole_trader", _("Entreprise individuelle")
    EURL = "eurl", _("EURL")
    SARL = "sarl", _("SARL")
    SAS = "sas", _("SAS")
    SASU = "sasu", _("SASU")
    SA = "sa", _("SA")
    COOPERATIVE = "cooperative", _("Société coopérative (SCOP, SCIC)")
    ASSOCIATION = "association", _("Association")
    PARTNERSHIP = "partnership", _("Groupement d'intérêt économique")
    PUBLIC = "public", _("Établissement public")
    OTHER = "other", _("Autre forme")


class FirmSize(models.TextChoices):
    """Categories of firms (décret n° 2008-1354, art. 3)."""

    MICRO = "micro", _("Microentreprise : moins de 10 personnes")
    SMALL_MEDIUM = "small_medium", _("PME : moins de 250 personnes")
    INTERMEDIATE = "intermediate", _("ETI : moins de 5 000 personnes")
    LARGE = "large", _("Grande entreprise")


class CertificateKind(models.TextChoices):
    """The papers that buyers ask for most."""

    REGISTRATION = "registration", _("Inscription au registre (Kbis, RNE)")
    SOCIAL = "social", _("Attestation de vigilance (Urssaf)")
    TAX = "tax", _("Attestation de régularité fiscale")
    LIABILITY = "liability", _("Assurance de responsabilité civile professionnelle")
    POWER = "power", _("Pouvoir de la personne qui engage l'entreprise")
    QUALIFICATION = "qualification", _("Qualification, label ou certification")
    OTHER = "other", _("Autre pièce")


class CertificateStanding(models.TextChoices):
    """Where a paper stands on a day."""

    VALID = "valid", _("Valable")
    ENDING = "ending", _("Expire bientôt")
    EXPIRED = "expired", _("Expirée")
