"""Are the lots, their criteria and their price schedules as the law wants them?"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.errors import Reason
from tenders import legal
from tenders.enums import CriterionKind
from tenders.models import Lot, Tender


def lots_reasons(tender: Tender, lots: list[Lot]) -> Iterable[Reason]:
    """At least one lot, and limits on lots that make sense and are explained (R2113-1)."""
    if not lots:
        yield Reason(_("Créez au moins un lot (un marché non alloti a un seul lot)."), field="lots")
        return
    article = legal.LOT_LIMITS.cited
    for name in ("max_lots_tendered", "max_lots_awarded"):
        limit = getattr(tender, name)
        if limit is not None and limit > len(lots):
            message = _(
                "La limite (%(limit)d) dépasse le nombre de lots (%(count)d) : retirez-la ou baissez-la."
            )
            yield Reason(message % {"limit": limit, "count": len(lots)}, field=name, article=article)
    if tender.max_lots_awarded is not None and not tender.lots_rule.strip():
        yield Reason(
            _("Écrivez la règle qui dit quels lots reçoit une entreprise arrivée en tête de plus de lots."),
            field="lots_rule",
            article=article,
        )


def notation_reasons(lots: list[Lot]) -> Iterable[Reason]:
    """A quality criterion whose notation levels are not written: an advice, judges look at it first."""
    for lot in lots:
        bare = [
            row.label for row in lot.scored_criteria() if not (row.is_scored_by_formula or row.levels.all())
        ]
        if bare:
            yield Reason(
                _("Lot %(number)s : écrivez les niveaux de notation de : %(names)s.")
                % {"number": lot.number, "names": ", ".join(bare)},
                field="criteria",
            )


def impact_reasons(lots: list[Lot]) -> Iterable[Reason]:
    """No impact question: an advice."""
    if lots and not any(lot.impact_questions.all() for lot in lots):
        yield Reason(
            _(
                "Demandez aux entreprises quel sera l'impact de leur offre : la bibliothèque a des questions prêtes."
            ),
            field="impact_questions",
        )


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
    """Why the criteria of a lot, or the sub-criteria of one of them, do not make 100 %; None when they do."""
    levels: dict[int | None, Decimal] = {None: Decimal(0)}
    names = {}
    for criterion in lot.criteria.all():
        names[criterion.pk] = criterion.label
        levels[criterion.parent_id] = levels.get(criterion.parent_id, Decimal(0)) + criterion.weight
    for parent, total in levels.items():
        if total != 100:
            return _not_a_hundred(lot, names.get(parent), total)
    return None


def _not_a_hundred(lot: Lot, parent: str | None, total: Decimal) -> Reason:
    words = {
        "number": lot.number,
        "total": f"{total.normalize():f}".replace(".", ","),
        "parent": parent,
    }
    message = (
        _(
            "Lot %(number)s : les sous-critères de « %(parent)s » font %(total)s %% au lieu de 100 %% : "
            "corrigez-les."
        )
        if parent
        else _("Lot %(number)s : les pondérations font %(total)s %% au lieu de 100 %% : corrigez-les.")
    )
    return Reason(message % words, field="criteria", article=legal.ANNOUNCED_CRITERIA.cited)


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
        top = [criterion for criterion in criteria if criterion.parent_id is None]
        if len(top) == 1 and top[0].kind == CriterionKind.PRICE:
            yield Reason(
                _(
                    "Lot %(number)s : le prix ne peut pas être le seul critère : retenez le coût du cycle "
                    "de vie."
                )
                % {"number": lot.number},
                field="criteria",
                article=rule.cited,
            )
