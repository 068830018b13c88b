"""Draft how offers will be judged: criteria, notation of each, impact questions."""

from decimal import Decimal

from django.db import transaction
from django.forms import model_to_dict
from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal
from tenders.checklist import weights_reason
from tenders.enums import CriterionKind
from tenders.formulas import FORMULAS
from tenders.models import CostItem, Criterion, ImpactQuestion, Lot, QualityLevel
from tenders.models.criteria import MAX_POINTS
from tenders.services.drafting import journal_draft
from tenders.services.locking import draft_to_edit

NOTATION_FIELDS = ("formula", "formula_parameter", "minimum_points")


@transaction.atomic
def criteria_set(*, lot, criteria: list[dict], by, at) -> list[Criterion]:
    """Replace the criteria of a lot; each is {label, weight, kind, is_environmental, description, children}.

    `children` are sub-criteria of the same shape, without kind nor children. A criterion that keeps its name
    keeps its notation and its impact questions. Raises Refusal unless the weights of each level make exactly
    100.
    """
    tender = draft_to_edit(lot.tender, by=by)
    reasons = list(_criteria_reasons(criteria))
    if reasons:
        raise Refusal.of(reasons)
    known = {
        (row.parent and row.parent.label, row.label): row for row in lot.criteria.select_related("parent")
    }
    _make_room(lot)
    kept = []
    for facts in criteria:
        parent = _write(lot, None, facts, known, kept)
        for child in facts.get("children", ()):
            _write(lot, parent, child, known, kept)
    lot.criteria.exclude(pk__in=[row.pk for row in kept]).delete()
    if reason := weights_reason(Lot.objects.get(pk=lot.pk)):
        raise Refusal.of([reason])
    journal_draft(tender, "tenders.update", by, at)
    return kept


@transaction.atomic
def criteria_copy(*, lot, other, by, at) -> list[Criterion]:
    """Give a lot the criteria of another one of its consultation, with their notation. Raises Refusal."""
    if other.tender_id != lot.tender_id:
        raise Refusal(
            _("Ce lot est d'une autre consultation : choisissez-en un de celle-ci."), field="criteria"
        )
    sources = list(other.criteria.select_related("parent").prefetch_related("levels", "cost_items"))
    copied = criteria_set(lot=lot, criteria=_tree(sources), by=by, at=at)
    for source, copy in zip(sources, copied, strict=True):
        criterion_notation_set(
            criterion=copy,
            **{name: getattr(source, name) for name in NOTATION_FIELDS},
            levels=[
                model_to_dict(level, ("points", "label", "description")) for level in source.levels.all()
            ],
            cost_items=[
                model_to_dict(item, ("label", "unit", "unit_cost_excl_tax", "multiplier"))
                for item in source.cost_items.all()
            ],
            by=by,
            at=at,
        )
    return copied


def _tree(rows: list[Criterion]) -> list[dict]:
    """Criteria in their order, as `criteria_set` takes them."""
    tree: dict[int, dict] = {}
    for row in rows:
        facts = model_to_dict(row, ("label", "description", "weight", "is_environmental"))
        if row.parent_id:
            tree[row.parent_id]["children"].append(facts)
        else:
            tree[row.pk] = {**facts, "kind": row.kind, "children": []}
    return list(tree.values())


def _make_room(lot: Lot) -> None:
    """Set names aside, so that two criteria may exchange theirs."""
    for row in lot.criteria.all():
        Criterion.objects.filter(pk=row.pk).update(label=f"#{row.pk}")


def _write(lot, parent, facts: dict, known: dict, kept: list) -> Criterion:
    row = known.get((parent and parent.label, facts["label"])) or Criterion(lot=lot)
    row.parent, row.position = parent, len(kept) + 1
    row.kind = facts.get("kind", CriterionKind.QUALITY)
    for name in ("label", "description", "weight", "is_environmental"):
        if name in facts:
            setattr(row, name, facts[name])
    if row.is_scored_by_formula:
        row.minimum_points = None
    row.save()
    kept.append(row)
    return row


def _criteria_reasons(criteria: list[dict]):
    yield from _names(criteria)
    for facts in criteria:
        yield from _criterion_reasons(facts)
        children = facts.get("children", ())
        if children and facts.get("kind", CriterionKind.QUALITY) != CriterionKind.QUALITY:
            yield Reason(
                _("Critère « %(label)s » : le prix et le coût se notent par une formule, sans sous-critère.")
                % {"label": facts["label"]},
                field="criteria",
            )
        yield from _names(children)
        for child in children:
            yield from _criterion_reasons(child)


def _names(rows):
    labels = [facts["label"].strip().lower() for facts in rows]
    if len(set(labels)) < len(labels):
        yield Reason(_("Deux critères portent le même nom : distinguez-les."), field="criteria")


def _criterion_reasons(facts: dict):
    if not facts["label"].strip():
        yield Reason(_("Donnez un nom à chaque critère."), field="criteria")
    if not Decimal(0) < facts["weight"] <= Decimal(100):
        yield Reason(
            _("Critère « %(label)s » : la pondération va de 0,01 à 100 %%.") % {"label": facts["label"]},
            field="criteria",
        )


@transaction.atomic
def criterion_notation_set(*, criterion, levels=(), cost_items=(), by, at, **notation) -> Criterion:
    """Say how a criterion is marked. `notation`: the fields of NOTATION_FIELDS.

    Quality: `minimum_points` and `levels` [{points, label, description}]. Price and cost: `formula` and
    `formula_parameter`; cost: `cost_items` [{label, unit, unit_cost_excl_tax, multiplier}]. Raises Refusal.
    """
    tender = draft_to_edit(criterion.lot.tender, by=by)
    criterion = Criterion.objects.select_for_update(of=("self",)).get(pk=criterion.pk)
    for name, value in notation.items():
        if name not in NOTATION_FIELDS:
            raise TypeError(f"unknown notation field: {name}")
        setattr(criterion, name, value)
    reasons = [
        *_notation_reasons(criterion),
        *_levels_reasons(criterion, levels),
        *_costs(criterion, cost_items),
    ]
    if reasons:
        raise Refusal.of(reasons)
    if criterion.is_scored_by_formula and not FORMULAS[criterion.formula].takes_parameter:
        criterion.formula_parameter = None
    criterion.save()
    criterion.levels.all().delete()
    QualityLevel.objects.bulk_create(QualityLevel(criterion=criterion, **level) for level in levels)
    criterion.cost_items.all().delete()
    CostItem.objects.bulk_create(
        CostItem(criterion=criterion, position=rank, **item) for rank, item in enumerate(cost_items, start=1)
    )
    journal_draft(tender, "tenders.update", by, at)
    return criterion


def _notation_reasons(criterion: Criterion):
    minimum = criterion.minimum_points
    if minimum is not None and criterion.is_scored_by_formula:
        yield Reason(_("Un prix n'a pas de note éliminatoire : retirez-la."), field="minimum_points")
    elif minimum is not None and not 0 < minimum <= MAX_POINTS:
        yield Reason(_("La note éliminatoire va de 0,25 à 5."), field="minimum_points")
    if criterion.is_scored_by_formula and criterion.formula not in FORMULAS:
        yield Reason(_("Choisissez une formule de la liste."), field="formula")
    if criterion.formula_parameter is not None and criterion.formula_parameter <= 0:
        yield Reason(_("La pente est supérieure à zéro, par exemple 1."), field="formula_parameter")


def _levels_reasons(criterion: Criterion, levels):
    if levels and criterion.is_scored_by_formula:
        yield Reason(_("Un prix se note par la formule : pas de niveaux écrits."), field="levels")
    points = [level["points"] for level in levels]
    if len(set(points)) < len(points):
        yield Reason(_("Deux niveaux donnent la même note : gardez-en un."), field="levels")
    if any(not 0 <= value <= MAX_POINTS for value in points):
        yield Reason(_("Les notes des niveaux vont de 0 à 5."), field="levels")
    if len(levels) == 1:
        yield Reason(_("Écrivez au moins deux niveaux : le plus haut et le plus bas."), field="levels")


def _costs(criterion: Criterion, items):
    if items and criterion.kind != CriterionKind.COST:
        yield Reason(
            _("Les coûts d'usage s'ajoutent à un critère « coût du cycle de vie » seulement."),
            field="cost_items",
        )
    labels = [item["label"].strip().lower() for item in items]
    if len(set(labels)) < len(labels):
        yield Reason(_("Deux coûts portent le même nom : distinguez-les."), field="cost_items")
    if any(item["unit_cost_excl_tax"] <= 0 or item.get("multiplier", 1) <= 0 for item in items):
        yield Reason(_("Coûts et multiplicateurs sont supérieurs à zéro."), field="cost_items")


@transaction.atomic
def impact_questions_set(*, lot, questions: list[dict], by, at) -> list[ImpactQuestion]:
    """Replace the impact questions of a lot: {theme, text, evidence, is_required, criterion, code}.

    `criterion` is a quality criterion of the lot, or None. Raises Refusal.
    """
    tender = draft_to_edit(lot.tender, by=by)
    reasons = list(_question_reasons(lot, questions))
    if reasons:
        raise Refusal.of(reasons)
    lot.impact_questions.all().delete()
    rows = [ImpactQuestion(lot=lot, position=rank, **facts) for rank, facts in enumerate(questions, start=1)]
    ImpactQuestion.objects.bulk_create(rows)
    journal_draft(tender, "tenders.update", by, at)
    return rows


def _question_reasons(lot: Lot, questions: list[dict]):
    texts = [facts["text"].strip().lower() for facts in questions]
    if "" in texts:
        yield Reason(_("Écrivez chaque question."), field="impact_questions")
    if len(set(texts)) < len(texts):
        yield Reason(_("La même question est posée deux fois : retirez-en une."), field="impact_questions")
    own = {row.pk: row for row in lot.criteria.all()}
    read_by = [facts["criterion"] for facts in questions if facts.get("criterion")]
    if any(row.pk not in own or own[row.pk].is_scored_by_formula for row in read_by):
        yield Reason(
            _("Une réponse est lue pour un critère de qualité de ce lot : choisissez-en un dans la liste."),
            field="impact_questions",
        )
