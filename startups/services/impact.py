"""Indicators and their measures."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from startups import rules
from startups.models import ImpactMeasure, Indicator
from startups.services.locking import forbid_unless, locked_startup


@transaction.atomic
def indicator_add(*, startup, name, unit, by, at) -> Indicator:
    """Choose something to count; its name is unique within the startup."""
    startup = locked_startup(startup)
    forbid_unless(rules.can_edit_startup(by, startup))
    if startup.indicators.filter(name__iexact=name.strip()).exists():
        raise Refusal(_("Cet indicateur existe déjà."), field="name", code="conflict")
    indicator = Indicator.objects.create(startup=startup, name=name.strip(), unit=unit.strip(), created_at=at)
    _record(startup, "startups.indicator_add", {"indicator": indicator.name}, by=by, at=at)
    return indicator


@transaction.atomic
def measure_record(
    *, indicator, value, measured_date, source, by, at, is_demonstration=False
) -> ImpactMeasure:
    """Write what an indicator was worth on a day, and who says so. One measure a day, never in the future."""
    startup = locked_startup(indicator.startup)
    forbid_unless(rules.can_edit_startup(by, startup))
    if measured_date > at.date():
        raise Refusal(_("Une mesure se constate : sa date ne peut pas être à venir."), field="measured_date")
    if indicator.measures.filter(measured_date=measured_date).exists():
        raise Refusal(_("Une mesure est déjà inscrite à cette date."), field="measured_date", code="conflict")
    measure = ImpactMeasure.objects.create(
        indicator=indicator,
        value=value,
        measured_date=measured_date,
        source=source.strip(),
        is_demonstration=is_demonstration,
        recorded_by=by,
        recorded_at=at,
    )
    after = {"indicator": indicator.name, "value": value, "date": measured_date, "source": measure.source}
    _record(startup, "startups.measure_record", after, by=by, at=at)
    return measure


def _record(startup, action, after, *, by, at) -> None:
    journal.record(by=by, action=action, obj=startup, at=at, after=after, organisation=startup.organisation)
