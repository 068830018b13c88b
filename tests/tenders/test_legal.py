"""Golden vectors of the law: delays, holidays, standstill, thresholds."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tenders import legal
from tenders.enums import DelayGround, Procedure, Publicity, RoundKind, Technique

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


FIRST, OFFER, FINAL = RoundKind.CANDIDATURE, RoundKind.OFFER, RoundKind.FINAL_OFFER
NORMAL, KNOWN, URGENT = DelayGround.ORDINARY, DelayGround.PRIOR_NOTICE, DelayGround.URGENT


@pytest.mark.parametrize(
    ("procedure", "kind", "ground", "days", "earliest"),
    [
        # Sent on Monday 2 March 2026: the day does not count; a Saturday, a Sunday or Easter Monday
        # (6 April) carries the end to the next worked day; the limit is the first instant after it.
        ("open", OFFER, NORMAL, 30, "2026-04-02"),
        ("open", OFFER, KNOWN, 15, "2026-03-18"),
        ("open", OFFER, URGENT, 15, "2026-03-18"),
        ("restricted", FIRST, NORMAL, 30, "2026-04-02"),
        ("restricted", FIRST, URGENT, 15, "2026-03-18"),
        ("restricted", OFFER, NORMAL, 25, "2026-03-28"),
        ("restricted", OFFER, KNOWN, 10, "2026-03-13"),
        ("restricted", OFFER, URGENT, 10, "2026-03-13"),
        ("negotiated", FIRST, NORMAL, 30, "2026-04-02"),
        ("negotiated", FIRST, URGENT, 15, "2026-03-18"),
        ("negotiated", OFFER, NORMAL, 25, "2026-03-28"),
        ("negotiated", OFFER, KNOWN, 10, "2026-03-13"),
        ("negotiated", FINAL, NORMAL, None, None),
        ("dialogue", FIRST, NORMAL, 30, "2026-04-02"),
        ("dialogue", FINAL, NORMAL, None, None),
        ("innovation", FIRST, NORMAL, 30, "2026-04-02"),
        ("innovation", OFFER, NORMAL, 25, "2026-03-28"),
        ("adapted", OFFER, NORMAL, None, None),
        ("below_threshold", OFFER, NORMAL, None, None),
        ("subsequent", OFFER, NORMAL, None, None),
    ],
)
def test_each_step_of_each_procedure_has_its_minimum_delay(procedure, kind, ground, days, earliest):
    """D6: delays of L10 to L14, received electronically."""
    sent = instant("2026-03-02T09:00")
    rule = legal.minimum_delay(procedure, sent.date(), kind, ground)
    assert (rule.value if rule else None) == days
    found = legal.earliest_due_at(procedure, sent, kind, ground)
    assert found == (instant(f"{earliest}T00:00") if earliest else None)


@pytest.mark.parametrize(
    ("sent", "earliest"),
    [
        ("2026-03-06T09:00", "2026-04-08"),  # 30 days end on Sunday 5 April, Easter; Monday 6 is a holiday
        ("2026-04-10T09:00", "2026-05-12"),  # Sunday 10 May
        ("2026-04-21T09:00", "2026-05-22"),
        ("2026-04-24T09:00", "2026-05-27"),  # Sunday 24 May, then Whit Monday
        ("2026-06-14T09:00", "2026-07-16"),  # Bastille Day, a Tuesday
        ("2026-12-02T09:00", "2027-01-05"),  # New Year's Day, a Friday, then a week-end
    ],
)
def test_candidatures_of_a_restricted_procedure_wait_thirty_clear_days(sent, earliest):
    found = legal.earliest_due_at("restricted", instant(sent), RoundKind.CANDIDATURE)
    assert found == instant(f"{earliest}T00:00")


def test_every_procedure_and_technique_is_written_down():
    assert set(legal.PROCEDURES) == set(Procedure)
    assert set(legal.TECHNIQUES) == set(Technique)
    for rule in legal.PROCEDURES.values():
        assert rule.steps and rule.summary and rule.article
        for step in rule.steps:
            for numbers in step.delays.values():
                assert all(number.article and number.source.startswith("https://") for number in numbers)


def test_a_procedure_says_what_it_allows():
    negotiating = {rule.procedure for rule in legal.PROCEDURES.values() if rule.negotiates}
    assert negotiating == {"negotiated", "dialogue", "innovation", "adapted", "below_threshold"}
    waiting = {rule.procedure for rule in legal.PROCEDURES.values() if rule.has_standstill}
    assert waiting == {"open", "restricted", "negotiated", "dialogue", "innovation"}  # L41
    selecting = {rule.procedure for rule in legal.PROCEDURES.values() if rule.selects_candidates}
    assert selecting == {"restricted", "negotiated", "dialogue", "innovation"}


def test_a_step_that_a_procedure_has_not_is_a_mistake():
    with pytest.raises(LookupError):
        legal.step_of("open", RoundKind.CANDIDATURE)


def test_frameworks_announce_a_maximum_and_dynamic_systems_do_not():
    assert set(legal.FRAMEWORKS) == {"framework_orders", "framework_subsequent", "framework_mixed"}
    assert set(legal.ORDERING) == {"framework_orders", "framework_mixed"}


@pytest.mark.parametrize(
    ("procedure", "value", "where"),
    [
        ("open", 10_000, Publicity.EUROPEAN),
        ("adapted", None, Publicity.FREE),
        ("adapted", 89_999, Publicity.FREE),
        ("adapted", 90_000, Publicity.NATIONAL),
        ("below_threshold", 90_000, Publicity.NONE),
        ("subsequent", 900_000, Publicity.NONE),
    ],
)
def test_publicity_follows_the_procedure_then_the_value(procedure, value, where):
    """L02, L16."""
    given = Decimal(value) if value else None
    assert legal.publicity(procedure, given, date(2026, 5, 1)) == where


@pytest.mark.parametrize(("on", "value"), [("2026-03-31", 40_000), ("2026-04-01", 60_000)])
def test_the_dispense_of_publicity_rose_on_the_first_of_april_2026(on, value):
    """L02."""
    assert legal.in_force(legal.NO_PUBLICITY_THRESHOLD, date.fromisoformat(on)).value == value
