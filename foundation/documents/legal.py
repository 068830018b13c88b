"""How long documents are kept, with the article that says so (law.md L44)."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionClass(models.TextChoices):
    """What a document is to whoever keeps the archives."""

    PROCEDURE = "procedure", _("pièce de procédure")
    CONTRACT = "contract", _("pièce de contrat et d’exécution")
    WORKING = "working", _("document de travail")


@dataclass(frozen=True)
class RetentionRule:
    """So many civil years, counted from an event that someone must have told the documents."""

    years: int
    event: str
    article: str
    since: date | None = None


RULES = {
    # In force since 1 April 2019: five years at least from the signature of the contract. The référentiel of the
    # archives of France (SIAF, 2021) says the same from the day the contract is served, and for rejected offers.
    RetentionClass.PROCEDURE: RetentionRule(
        years=5,
        event=_("la signature du marché, ou l’abandon de la procédure"),
        article=_("art. R2184-12 du code de la commande publique"),
        since=date(2019, 4, 1),
    ),
    # SIAF, référentiel de conservation des documents de marchés publics, 2021: ten years from the end of execution.
    RetentionClass.CONTRACT: RetentionRule(
        years=10,
        event=_("la fin de l’exécution"),
        article=_("référentiel de conservation du SIAF, 2021"),
        since=date(2021, 1, 1),
    ),
    # Our own choice, no text: a draft is worth nothing once the final document exists.
    RetentionClass.WORKING: RetentionRule(
        years=1, event=_("son établissement"), article=_("choix de la plateforme")
    ),
}


def keep_until(retention_class: str, starts_date: date) -> date:
    """The last day on which a document of this class must still be kept whole."""
    return starts_date + relativedelta(years=RULES[RetentionClass(retention_class)].years)
