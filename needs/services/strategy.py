"""The strategy of a purchase project: several forms of public investment side by side."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from needs.models import StrategyLine
from needs.services.locking import project_to_edit

LINE_FIELDS = (
    "form",
    "title",
    "start_date",
    "end_date",
    "budget_excl_tax",
    "actors",
    "impacts",
    "indicators",
)


@transaction.atomic
def strategy_line_add(*, project, by, at, **content) -> StrategyLine:
    """Add a line to the strategy (``content``: the fields of ``LINE_FIELDS``)."""
    project = project_to_edit(project, by=by)
    line = StrategyLine(project=project, created_at=at)
    _fill(line, content)
    line.save(force_insert=True)
    _record(line, "needs.strategy_line_add", by=by, at=at)
    return line


@transaction.atomic
def strategy_line_update(*, line, by, at, **content) -> StrategyLine:
    """Change a line of the strategy."""
    project = project_to_edit(line.project, by=by)
    line = project.strategy_lines.select_for_update(of=("self",)).get(pk=line.pk)
    before = _values(line)
    _fill(line, content)
    line.save()
    _record(line, "needs.strategy_line_update", by=by, at=at, before=before)
    return line


@transaction.atomic
def strategy_line_remove(*, line, by, at) -> None:
    """Remove a line; a ready project keeps at least one, or it would no longer be ready."""
    project = project_to_edit(line.project, by=by)
    if project.state == "ready" and project.strategy_lines.count() == 1:
        raise Refusal(
            _("Un projet prêt garde au moins une ligne de stratégie : reprenez d'abord sa préparation."),
            code="conflict",
        )
    line = project.strategy_lines.get(pk=line.pk)
    before = _values(line)
    line.delete()
    journal.record(
        by=by,
        action="needs.strategy_line_remove",
        obj=project,
        at=at,
        before=before,
        organisation=project.organisation,
    )


def _fill(line, content) -> None:
    for field in content.keys() & set(LINE_FIELDS):
        setattr(line, field, content[field])
    if not line.title.strip():
        raise Refusal(_("Donnez un intitulé à cette ligne."), field="title")
    if line.start_date and line.end_date and line.end_date < line.start_date:
        raise Refusal(_("La fin précède le début : corrigez l'une des deux dates."), field="end_date")
    if line.budget_excl_tax is not None and line.budget_excl_tax < 0:
        raise Refusal(_("Un budget ne peut pas être négatif."), field="budget_excl_tax")


def _record(line, action, *, by, at, before=None) -> None:
    journal.record(
        by=by,
        action=action,
        obj=line.project,
        at=at,
        before=before,
        after=_values(line),
        organisation=line.project.organisation,
    )


def _values(line) -> dict:
    values = {field: getattr(line, field) for field in LINE_FIELDS}
    return {field: value if value is None else str(value) for field, value in values.items()}
