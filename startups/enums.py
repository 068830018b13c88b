"""States and choices of State startups, with their French labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """The four phases of the CCTP (§1.4), and how a startup ends."""

    INVESTIGATION = "investigation", _("Investigation")
    CONSTRUCTION = "construction", _("Construction")
    CONSOLIDATION = "consolidation", _("Consolidation")
    TRANSFER = "transfer", _("Passation")
    SUSTAINED = "sustained", _("Pérennisée")
    STOPPED = "stopped", _("Arrêtée")


ACTIVE_PHASES = (Phase.INVESTIGATION, Phase.CONSTRUCTION, Phase.CONSOLIDATION, Phase.TRANSFER)


class IterationState(models.TextChoices):
    """Where an iteration stands; the last four are the decisions of the administration."""

    PLANNED = "planned", _("Planifiée")
    RUNNING = "running", _("En cours")
    DEMONSTRATED = "demonstrated", _("Démontrée")
    ACCEPTED = "accepted", _("Admise")
    DEFERRED = "deferred", _("Ajournée")
    REDUCED = "reduced", _("Admise avec réfaction")
    REJECTED = "rejected", _("Rejetée")
    CANCELLED = "cancelled", _("Annulée")


DECIDED_STATES = (
    IterationState.ACCEPTED,
    IterationState.DEFERRED,
    IterationState.REDUCED,
    IterationState.REJECTED,
)
PAID_STATES = (IterationState.ACCEPTED, IterationState.REDUCED)
OPEN_STATES = (IterationState.PLANNED, IterationState.RUNNING)


class Decision(models.TextChoices):
    """What the product owner decides of a demonstrated iteration."""

    ACCEPTED = "accepted", _("Admission")
    DEFERRED = "deferred", _("Ajournement")
    REDUCED = "reduced", _("Réfaction")
    REJECTED = "rejected", _("Rejet")


class StoryState(models.TextChoices):
    """Where a user story stands."""

    TODO = "todo", _("À faire")
    DONE = "done", _("Présentée")
    VALIDATED = "validated", _("Validée")
    REFUSED = "refused", _("Refusée")


class ImpactFilter(models.TextChoices):
    """How the public list is narrowed by impact."""

    NATIONAL = "national", _("Impact national")
    MEASURED = "measured", _("Impact mesuré")
    UNMEASURED = "unmeasured", _("Pas encore de mesure")
