"""The facts of a firm and its figures."""

from django.db import transaction
from django.utils.translation import gettext as _

from concierge.models import SupplierFile, YearFigures
from concierge.selectors import FACTS, day_of
from concierge.services.locking import file_to_edit, record
from foundation.errors import Reason, Refusal


@transaction.atomic
def file_update(*, organisation, figures: dict, by, at, version: int | None = None, **facts) -> SupplierFile:
    """Write the facts (`facts`: the fields of FACTS) and the figures: {year: (turnover, staff)}, both may be None.

    `version` is that of the file which was read: raises Refusal (conflict) when a colleague wrote meanwhile;
    forbidden to who does not keep the file.
    """
    file = file_to_edit(organisation, by=by, at=at)
    if version is not None and version != file.version:
        raise Refusal(
            _("Un collègue a modifié ce dossier pendant que vous l'écriviez : relisez-le, puis recommencez."),
            code="conflict",
        )
    before = _values(file)
    for name in facts.keys() & set(FACTS):
        setattr(file, name, facts[name])
    _check(file, at)
    file.version += 1
    file.save()
    _write_figures(file, figures)
    record(file, "concierge.file_update", by=by, at=at, before=before, after=_values(file))
    return file


def _values(file: SupplierFile) -> dict:
    return {name: str(getattr(file, name) or "") for name in FACTS}


def _check(file: SupplierFile, at) -> None:
    if file.founded_date and file.founded_date > day_of(at):
        raise Refusal.of(
            [Reason(_("Une entreprise qui répond existe déjà : vérifiez la date."), field="founded_date")]
        )


def _write_figures(file: SupplierFile, figures: dict) -> None:
    file.figures.filter(year__in=figures).delete()
    YearFigures.objects.bulk_create(
        YearFigures(file=file, year=year, turnover_excl_tax=turnover, staff=staff)
        for year, (turnover, staff) in figures.items()
        if turnover is not None or staff is not None
    )
