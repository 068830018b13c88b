"""What the pages of the state and of the scheduled tasks show, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.models import TaskRun
from procurement.operations.alerts import Alert, alerts
from procurement.operations.measures import Measure
from procurement.schedule import SCHEDULE, WORDS

MIB = 1024**2


@dataclass(frozen=True)
class Row:
    """A measure in words; `advice` is empty when all is well."""

    text: str
    value: str
    advice: str


def shown(measure: Measure) -> str:
    """The value as a person reads it."""
    if measure.unit == "s":
        return duration(measure.value)
    if measure.unit == "o":
        return size(measure.value)
    return f"{measure.value:,.0f}".replace(",", "\u202f")


def duration(seconds: float) -> str:
    """« 12 ms », « 45 s », « 3 min », « 2 h », « 4 jours »."""
    absolute = abs(seconds)
    if absolute < 1:
        return f"{seconds * 1000:.0f}\u202fms"
    for limit, divisor, unit in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if absolute < limit:
            return f"{seconds / divisor:.0f}\u202f{unit}"
    return ngettext("%(days)d jour", "%(days)d jours", round(absolute / 86_400)) % {
        "days": round(absolute / 86_400)
    }


def size(octets: float) -> str:
    """« 512 Mo » or « 3,4 Go »."""
    if octets < 1024 * MIB:
        return f"{octets / MIB:.0f}\u202fMo"
    return f"{octets / (1024 * MIB):.1f}\u202fGo".replace(".", ",")


def rows(found: list[Measure]) -> list[Row]:
    """The measures a person looks at; those of the scheduled tasks have their own page."""
    passed = {id(alert.measure): alert for alert in alerts(found)}
    return [
        Row(_text(measure), shown(measure), _advice(passed.get(id(measure))))
        for measure in found
        if "task" not in measure.labels and (measure.name != "jalon_reachable" or not measure.value)
    ]


def _text(measure: Measure) -> str:
    if measure.name == "jalon_reachable":
        return _("Partie injoignable : %(part)s") % measure.labels
    return _(measure.text)


def _advice(alert: Alert | None) -> str:
    return alert.advice if alert else ""


@dataclass(frozen=True)
class Scheduled:
    """A scheduled task: what it does, how often, how it went."""

    words: str
    every: str
    run: TaskRun | None
    state: str
    label: str


def scheduled(*, at: datetime) -> list[Scheduled]:
    """Every task of the schedule, with its last run."""
    runs = TaskRun.objects.in_bulk()
    return [_scheduled(entry, runs.get(entry["task"]), at) for entry in SCHEDULE.values()]


def _scheduled(entry: dict, run: TaskRun | None, at: datetime) -> Scheduled:
    state, label = _state(run, entry["schedule"], at)
    return Scheduled(
        str(WORDS.get(entry["task"], entry["task"])), every(entry["schedule"]), run, state, label
    )


def every(schedule) -> str:
    """« toutes les 60 s », or the words of a calendar rule."""
    if isinstance(schedule, int | float):
        return _("toutes les %(time)s") % {"time": duration(schedule)}
    return _("à %(hour)s h %(minute)s") % {
        "hour": ", ".join(map(str, sorted(schedule.hour))),
        "minute": ", ".join(f"{minute:02d}" for minute in sorted(schedule.minute)),
    }


LATE = 3
"""Periods without a success after which a task is said late."""


def _state(run: TaskRun | None, schedule, at: datetime) -> tuple[str, str]:
    if run is None:
        return "neutral", _("jamais passée")
    if run.error:
        return "error", _("en erreur : %(error)s") % {"error": run.error}
    period = schedule if isinstance(schedule, int | float) else 86_400.0
    if run.succeeded_at is None or (at - run.succeeded_at).total_seconds() > LATE * period + 60:
        return "waiting", _("en retard")
    return "success", _("réussie")
