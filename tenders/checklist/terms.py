"""Are the lots, their criteria and their price schedules as the law wants them?"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.errors import Reason
from tenders import legal
from tenders.enums import CriterionKind
from tenders.models import Lot, Tender


def lots_reasons(tender: Tender, lots: list[Lot]) -> Iterable[Reason]:
    """At least one lot."""
    if not lots:
        yield Reason(_("Créez au moins un lot (un marché non alloti a un seul lot)."), field="lots")


def prices_reasons(lots: list[Lot]) -> Iterable[Reason]:
    """Each lot has its price schedule."""
    for lot in lots:
        if not lot.price_lines.all():
            yield Reason(
                _("Lot %(number)s : ajoutez au moins une ligne au bordereau des prix.")
                % {"number": lot.number},
                field="price_lines",
            )


def weights_reason(lot: Lot) -> Reason | None:
    """Why the criteria of a lot do not make 100 %; None when they do."""
    total = sum((criterion.weight for criterion in lot.criteria.all()), Decimal(0))
    if total == 100:
        return None
    message = _("Lot %(number)s : les pondérations font %(total)s %% au lieu de 100 %% : corrigez-les.")
    shown = f"{total.normalize():f}".replace(".", ",")
    return Reason(
        message % {"number": lot.number, "total": shown},
        field="criteria",
        article=legal.ANNOUNCED_CRITERIA.cited,
    )


def weight_reasons(lots: list[Lot]) -> Iterable[Reason]:
    """The weights make 100 at each level, and one criterion is the price or the cost."""
    for lot in lots:
        if reason := weights_reason(lot):
            yield reason
        if not any(criterion.is_scored_by_formula for criterion in lot.criteria.all()):
            yield Reason(
                _("Lot %(number)s : ajoutez un critère de prix ou de coût.") % {"number": lot.number},
                field="criteria",
                article=legal.ART.format("R2152-7"),
            )


def environment_reasons(lots: list[Lot], on) -> Iterable[Reason]:
    """A criterion on the environment in each lot, and never the price alone (L04, J10)."""
    rule = legal.ENVIRONMENTAL_CRITERION
    if on < rule.from_date:
        return
    for lot in lots:
        criteria = list(lot.criteria.all())
        if criteria and not any(criterion.is_environmental for criterion in criteria):
            yield Reason(
                _("Lot %(number)s : au moins un critère doit porter sur l'environnement : ajoutez-en un.")
                % {"number": lot.number},
                field="criteria",
                article=rule.cited,
            )
        if len(criteria) == 1 and criteria[0].kind == CriterionKind.PRICE:
            yield Reason(
                _(
                    "Lot %(number)s : le prix ne peut pas être le seul critère : retenez le coût du cycle "
                    "de vie."
                )
                % {"number": lot.number},
                field="criteria",
                article=rule.cited,
            )
