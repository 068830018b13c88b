"""The impact of a startup: its indicators, their figures, their drawing, the next measure due."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, QuerySet

from startups import legal
from startups.enums import ACTIVE_PHASES, Phase
from startups.models import Indicator, Startup

WIDTH, HEIGHT, MARGIN, BASE = 640, 220, 56, 170


@dataclass(frozen=True)
class Point:
    """A measure on the drawing; coordinates as text with a dot, whatever the language of the page."""

    x: str
    y: str
    label_y: str
    measure: object


@dataclass(frozen=True)
class Chart:
    """A line drawing of the measures of one indicator: an image for the eye, the table says the same."""

    points: list[Point]
    line: str
    width: int
    height: int
    base: int
    dates: int
    left: int
    right: int


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with its measures, its drawing and when the next measure is due."""

    indicator: Indicator
    measures: list
    chart: Chart | None
    due_date: date | None
    is_overdue: bool
    is_followed: bool


def impact_of(startup: Startup, today: date) -> list[IndicatorView]:
    """Each indicator of the startup; two queries."""
    indicators = startup.indicators.prefetch_related("measures")
    is_followed = Phase(startup.phase) in ACTIVE_PHASES
    return [_view(indicator, today, is_followed) for indicator in indicators]


def _view(indicator, today, is_followed) -> IndicatorView:
    measures = sorted(indicator.measures.all(), key=lambda measure: measure.measured_date)
    due = next_measure_due(measures[-1].measured_date) if measures else None
    return IndicatorView(
        indicator=indicator,
        measures=measures,
        chart=chart_of(measures) if len(measures) > 1 else None,
        due_date=due,
        is_overdue=is_followed and (due is None or due < today),
        is_followed=is_followed,
    )


def next_measure_due(last: date) -> date:
    """Six months after the last measure, the end of the month when the day does not exist."""
    years, month = divmod(last.month - 1 + legal.IMPACT_EVERY.value, 12)
    year, month = last.year + years, month + 1
    return date(year, month, min(last.day, monthrange(year, month)[1]))


def chart_of(measures) -> Chart:
    """The drawing, from zero to the greatest value, dates to scale."""
    first, last = measures[0].measured_date, measures[-1].measured_date
    span = max((last - first).days, 1)
    top = max([measure.value for measure in measures] + [Decimal(1)])
    points = [_point(measure, first, span, top) for measure in measures]
    line = " ".join(f"{point.x},{point.y}" for point in points)
    return Chart(points, line, WIDTH, HEIGHT, BASE, BASE + 28, MARGIN, WIDTH - MARGIN)


def _point(measure, first, span, top) -> Point:
    x = MARGIN + (measure.measured_date - first).days / span * (WIDTH - 2 * MARGIN)
    y = BASE - float(max(measure.value, Decimal(0)) / top) * (BASE - 40)
    return Point(f"{x:.1f}", f"{y:.1f}", f"{y - 12:.1f}", measure)


def measures_due(startups: QuerySet[Startup], today: date) -> list[dict]:
    """Of the startups still followed, those whose last measure is over six months old, or missing; one query."""
    followed = startups.filter(phase__in=ACTIVE_PHASES)
    rows = []
    for startup in followed.annotate(last_measured=Max("indicators__measures__measured_date")):
        due = next_measure_due(startup.last_measured) if startup.last_measured else None
        if due is None or due < today:
            rows.append({"startup": startup, "due_date": due})
    return rows
