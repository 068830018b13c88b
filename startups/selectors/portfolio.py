"""The public portfolio: list, page, phases."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value

from startups import legal, rules
from startups.enums import ACTIVE_PHASES, PAID_STATES, ImpactFilter, Phase
from startups.models import ImpactMeasure, Incubator, Iteration, Startup

PHASE_MONTHS = {
    Phase.INVESTIGATION: legal.INVESTIGATION_MAX,
    Phase.CONSTRUCTION: legal.CONSTRUCTION_MAX,
    Phase.TRANSFER: legal.TRANSFER_MAX,
}


@dataclass(frozen=True)
class PhaseStep:
    """One of the four phases on the timeline of a startup: done, current or next."""

    label: str
    status: str
    started_date: date | None
    ended_date: date | None


def startup_rows() -> QuerySet[Startup]:
    """Startups with what a row of the list shows, in a constant number of queries."""
    measures = ImpactMeasure.objects.filter(indicator__startup=OuterRef("pk"))
    return Startup.objects.select_related("organisation", "incubator").annotate(
        accepted_count=Count("iterations", filter=Q(iterations__state__in=PAID_STATES), distinct=True),
        is_measured=Exists(measures),
    )


def startups_found(*, words="", phase="", incubator=None, impact="", user=None) -> QuerySet[Startup]:
    """The public list, narrowed; with ``user``, only the startups he follows."""
    startups = startup_rows()
    if user is not None:
        startups = startups.filter(pk__in=rules.startups_followed_by(user).values("pk"))
    if phase:
        startups = startups.filter(phase=phase)
    if incubator:
        startups = startups.filter(incubator=incubator)
    return with_words(with_impact(startups, impact), words).order_by("name")


def with_words(startups: QuerySet[Startup], words: str) -> QuerySet[Startup]:
    """Those where each word is in the name, the problem, the users or the administration."""
    for word in words.split():
        startups = startups.filter(
            Q(name__icontains=word)
            | Q(problem__icontains=word)
            | Q(users__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return startups


def with_impact(startups: QuerySet[Startup], impact: str) -> QuerySet[Startup]:
    """Narrowed by one of ``ImpactFilter``."""
    if impact == ImpactFilter.NATIONAL:
        return startups.filter(has_national_impact=True)
    if impact in (ImpactFilter.MEASURED, ImpactFilter.UNMEASURED):
        measured = Exists(ImpactMeasure.objects.filter(indicator__startup=OuterRef("pk")))
        return startups.filter(measured if impact == ImpactFilter.MEASURED else ~measured)
    return startups


def incubators() -> QuerySet[Incubator]:
    """Incubators with the number of their startups."""
    return Incubator.objects.select_related("organisation").annotate(startup_count=Count("startups"))


def timeline(startup: Startup, periods) -> list[PhaseStep]:
    """The four phases with the dates the startup went through them; the last stay counts after a pivot."""
    periods = {period.phase: period for period in periods}
    order = [phase.value for phase in ACTIVE_PHASES]
    position = order.index(startup.phase) if startup.phase in order else len(order)
    return [_step(Phase(code), periods.get(code), number, position) for number, code in enumerate(order)]


def _step(phase, period, number, position) -> PhaseStep:
    status = "current" if number == position else ("done" if period and number < position else "next")
    shown = period if status != "next" else None
    return PhaseStep(
        label=str(phase.label),
        status=status,
        started_date=shown.started_date if shown else None,
        ended_date=shown.ended_date if shown else None,
    )


def phase_limit(startup: Startup):
    """How long the present phase lasts according to the CCTP, or None when the text gives no length."""
    return PHASE_MONTHS.get(Phase(startup.phase))


def public_iterations(startup: Startup) -> QuerySet[Iteration]:
    """The iterations that were accepted: the only ones the public sees."""
    return startup.iterations.filter(state__in=PAID_STATES).order_by("-number")


def public_figures() -> dict:
    """What the home page says of the portfolio; one query."""
    accepted = Iteration.objects.filter(state__in=PAID_STATES).order_by()
    counted = accepted.values(every=Value(1)).annotate(n=Count("pk")).values("n")
    return Startup.objects.annotate(accepted=Subquery(counted)).aggregate(
        total=Count("pk"),
        in_construction=Count("pk", filter=Q(phase=Phase.CONSTRUCTION)),
        national=Count("pk", filter=Q(has_national_impact=True)),
        accepted_iterations=Max("accepted", default=0),
    )
