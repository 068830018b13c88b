"""Golden vectors of the law: delays, holidays, standstill, thresholds."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tenders import legal
from tenders.enums import Procedure

PARIS = ZoneInfo("Europe/Paris")


def instant(text: str) -> datetime:
    """An hour of Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("sent", "earliest"),
    [
        ("2025-01-06T09:00", "2025-02-06T00:00"),  # ampconsultants.fr, the worked example of L10
        ("2025-01-06T23:59", "2025-02-06T00:00"),  # the hour of sending does not matter
        ("2025-01-03T09:00", "2025-02-04T00:00"),  # ends on a Sunday: Monday counts
        ("2025-01-02T09:00", "2025-02-04T00:00"),  # ends on a Saturday
        ("2025-03-22T09:00", "2025-04-23T00:00"),  # ends on Easter Monday (2025-04-21)
        ("2025-04-01T09:00", "2025-05-03T00:00"),  # ends on 1 May, a Thursday: Friday counts
        ("2026-02-27T09:00", "2026-03-31T00:00"),  # over the change to summer time
        ("2026-09-25T09:00", "2026-10-27T00:00"),  # ends on Sunday 25 October, day of winter time
        ("2024-01-30T09:00", "2024-03-01T00:00"),  # over 29 February
        ("2026-11-25T09:00", "2026-12-29T00:00"),  # ends on Christmas Day, a Friday, then a week-end
    ],
)
def test_open_procedure_waits_thirty_clear_days(sent, earliest):
    assert legal.earliest_due_at(Procedure.OPEN, instant(sent)) == instant(earliest)


def test_the_day_of_sending_is_that_of_paris():
    sent = datetime(2025, 1, 5, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert legal.earliest_due_at(Procedure.OPEN, sent) == instant("2025-02-06T00:00")


def test_adapted_procedure_has_no_fixed_minimum():
    assert legal.earliest_due_at(Procedure.ADAPTED, instant("2025-01-06T09:00")) is None


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2024, ["2024-04-01", "2024-05-09", "2024-05-20"]),
        (2025, ["2025-04-21", "2025-05-29", "2025-06-09"]),
        (2026, ["2026-04-06", "2026-05-14", "2026-05-25", "2026-07-14", "2026-11-11"]),
        (2027, ["2027-03-29", "2027-05-06", "2027-05-17"]),
    ],
)
def test_public_holidays(year, days):
    holidays = legal.public_holidays(year)
    assert len(holidays) in (10, 11)  # Ascension may fall on 1 or 8 May
    assert {date.fromisoformat(day) for day in days} <= holidays


def test_standstill_counts_the_day_of_sending():
    assert legal.earliest_signature_date(Procedure.OPEN, instant("2026-03-02T17:00")) == date(2026, 3, 13)
    assert legal.earliest_signature_date(Procedure.ADAPTED, instant("2026-03-02T17:00")) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("on", "value"), [("2025-12-31", 221_000), ("2026-01-01", 216_000), ("2023-12-31", None)]
)
def test_the_threshold_is_that_of_the_day(on, value):
    rule = legal.in_force(legal.FORMAL_THRESHOLD_OTHERS, date.fromisoformat(on))
    assert (rule.value if rule else None) == value


def test_a_rule_not_read_in_the_text_says_so():
    assert legal.ENVIRONMENTAL_CRITERION.cited.endswith("à confirmer")
    assert "confirmer" not in legal.FRAMEWORK_MAXIMUM.cited
