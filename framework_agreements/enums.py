"""States and choices of framework agreements, with the French labels people read."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementState(TextChoices):
    DRAFT = "draft", _("En préparation")
    ACTIVE = "active", _("En cours")
    ENDED = "ended", _("Terminé")


class AllocationRule(TextChoices):
    """How orders are shared between the holders of a lot, as the tender announced it (R2162-14)."""

    SINGLE = "single", _("Titulaire unique")
    CASCADE = "cascade", _("En cascade, dans l’ordre du classement")
    ROTATION = "rotation", _("À tour de rôle, au titulaire le moins servi")


class Phase(TextChoices):
    """The moment of a digital service a work unit belongs to."""

    INCUBATOR_CREATION = "incubator_creation", _("Création d’un incubateur")
    INCUBATOR_SUPPORT = "incubator_support", _("Animation d’un incubateur")
    LAUNCH = "launch", _("Lancement du marché")
    INVESTIGATION = "investigation", _("Phase 1 : investigation")
    CONSTRUCTION = "construction", _("Phase 2 : construction")
    CONSOLIDATION = "consolidation", _("Phase 3 : consolidation")
    TRANSFER = "transfer", _("Phase 4 : passation et transfert de compétences")
    OTHER = "other", _("Hors phase")


class Complexity(TextChoices):
    NONE = "none", _("Sans objet")
    SIMPLE = "simple", _("Simple")
    MEDIUM = "medium", _("Moyenne")
    COMPLEX = "complex", _("Complexe")
    AT_ORDER = "at_order", _("Définie à l’émission du bon de commande")


class Trigger(TextChoices):
    """What makes the administration order a work unit, in the words of the specification."""

    ON_REQUEST = "on_request", _("Commandée selon le besoin")
    AT_START = "at_start", _("Déclenchée dès la notification du marché")
    SYSTEMATIC = "systematic", _("Systématiquement déclenchée durant la phase")
    IF_NEEDED = "if_needed", _("Déclenchée si l’administration identifie un besoin")
    ON_DECISION = "on_decision", _("Déclenchée sur décision de l’administration")


class Moment(TextChoices):
    """When a deliverable of a work unit is due."""

    BEFORE_ITERATION = "before_iteration", _("En préparation d’une itération")
    END_OF_ITERATION = "end_of_iteration", _("À la fin d’une itération")
    FINAL = "final", _("Livrables finaux")
    DELIVERY = "delivery", _("À la livraison de l’unité")


class OrderState(TextChoices):
    DRAFT = "draft", _("Brouillon")
    ISSUED = "issued", _("Émis")
    ACKNOWLEDGED = "acknowledged", _("Reçu par le titulaire")
    COMPLETED = "completed", _("Soldé")
    CANCELLED = "cancelled", _("Abandonné")


ORDERED_STATES = (OrderState.ISSUED, OrderState.ACKNOWLEDGED, OrderState.COMPLETED)


class CeilingScope(IntegerChoices):
    """What a ceiling bounds. The value is also the order in which the rows are locked."""

    AGREEMENT = 1, _("Accord-cadre")
    LOT = 2, _("Lot")
    BENEFICIARY = 3, _("Bénéficiaire")
