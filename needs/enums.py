"""States and choices of the purchase project, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectState(models.TextChoices):
    """Where a purchase project stands."""

    DRAFT = "draft", _("En préparation")
    READY = "ready", _("Prêt")
    CLOSED = "closed", _("Clos")


class TeamRole(models.TextChoices):
    """What somebody does in the team of one project (not a right of the organisation)."""

    BUYER = "buyer", _("Acheteur ou acheteuse")
    PRESCRIBER = "prescriber", _("Prescripteur ou prescriptrice")
    PRODUCT_OWNER = "product_owner", _("Responsable produit")
    ELECTED = "elected", _("Élu ou élue")
    RESERVIST = "reservist", _("Acheteur ou acheteuse réserviste")
    JUROR = "juror", _("Membre du jury citoyen")


class ServicePhase(models.TextChoices):
    """Phase of the digital service when the project opens (CCTP §1.4)."""

    UNKNOWN = "unknown", _("Pas encore définie")
    INVESTIGATION = "investigation", _("Investigation")
    CONSTRUCTION = "construction", _("Construction")
    CONSOLIDATION = "consolidation", _("Consolidation")
    TRANSFER = "transfer", _("Passation")


class InvestmentForm(models.TextChoices):
    """The forms of public investment that one strategy may combine."""

    PURCHASE = "purchase", _("Achat")
    RD_SUPPORT = "rd_support", _("Soutien à la R&D ou pacte d'innovation")
    COMMONS_PARTNERSHIP = "commons_partnership", _("Partenariat public-communs")
    GRANT = "grant", _("Subvention")
    TRAINING = "training", _("Formation")
