"""The calendar of delays: working days, public holidays, clear days (« jours francs »)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter

PARIS = ZoneInfo("Europe/Paris")


def public_holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of metropolitan France (art. L3133-1 of the labour code)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset({*moving, *(date(year, month, day) for month, day in fixed)})


def is_working_day(day: date) -> bool:
    """Neither a Saturday, nor a Sunday, nor a public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def clear_days_end(sent: date, days: int) -> datetime:
    """First instant after `days` clear days (« jours francs »), Paris time.

    The day of sending does not count; a period that would end on a day that is not worked ends on the next
    worked one.
    """
    last = sent + timedelta(days=days)
    while not is_working_day(last):
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(0), PARIS)
