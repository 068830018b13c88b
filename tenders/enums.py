"""States and choices of consultations, with their French labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenderState(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    PUBLISHED = "published", _("Publiée")
    OPENED = "opened", _("Plis ouverts, analyse en cours")
    AWARDED = "awarded", _("Attribuée")
    CANCELLED = "cancelled", _("Sans suite")


class Phase(models.TextChoices):
    """What a reader is told: the state, with the published ones split by the deadline."""

    DRAFT = "draft", _("Brouillon")
    RECEIVING = "receiving", _("Ouverte aux réponses")
    TO_OPEN = "to_open", _("Réponses closes, plis à ouvrir")
    ANALYSIS = "analysis", _("Analyse des offres")
    AWARDED = "awarded", _("Attribuée")
    CANCELLED = "cancelled", _("Sans suite")


class Procedure(models.TextChoices):
    OPEN = "open", _("Appel d'offres ouvert")
    ADAPTED = "adapted", _("Procédure adaptée")


class Technique(models.TextChoices):
    CONTRACT = "contract", _("Marché ordinaire")
    FRAMEWORK_ORDERS = "framework_orders", _("Accord-cadre à bons de commande")


class CriterionKind(models.TextChoices):
    PRICE = "price", _("Prix")
    COST = "cost", _("Coût du cycle de vie")
    QUALITY = "quality", _("Qualité")


class BidState(models.TextChoices):
    DEPOSITED = "deposited", _("Déposé, scellé")
    REPLACED = "replaced", _("Remplacé par un dépôt plus récent")
    WITHDRAWN = "withdrawn", _("Retiré")
    LATE = "late", _("Hors délai, conservé fermé")
    OPENED = "opened", _("Ouvert")
    UNREADABLE = "unreadable", _("Illisible à l'ouverture")


class PartKind(models.TextChoices):
    FILE = "file", _("Fichier")
    PRICES = "prices", _("Bordereau des prix")
