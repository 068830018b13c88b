"""French words for amounts, dates and durations."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from foundation.screens.templatetags import jalon
from foundation.screens.tones import tone_of


def plain(text):
    """Without the several kinds of no-break space."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_dates_in_words():
    noon = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    assert jalon.date_words(date(2026, 3, 3)) == "mardi 3 mars 2026"
    assert plain(jalon.datetime_words(noon)) == "mardi 3 mars 2026 à 12 h 00 (heure de Paris)"
    assert plain(jalon.datetime_short(noon)) == "3 mars 2026 à 12 h 00"
    assert plain(jalon.until(noon)) == "3 mars 2026 à 12 h 00"
    assert plain(jalon.until(noon + timedelta(hours=12))) == "3 mars 2026 inclus"


def test_the_day_is_the_one_of_paris():
    assert jalon.date_words(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "mercredi 1er juillet 2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("28.5000", "28,50"), ("0.0125", "0,0125"), ("3.1000", "3,10"), ("1200", "1 200,00")],
)
def test_a_unit_cost_has_two_decimals_and_more_when_they_count(value, shown):
    assert plain(jalon.unit_cost(Decimal(value))) == shown


@pytest.mark.parametrize(
    "name", ["date_words", "date_short", "datetime_words", "datetime_short", "days", "percent", "unit_cost"]
)
def test_nothing_gives_nothing(name):
    assert getattr(jalon, name)(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("12.50"), "12,5 j"), (3, "3 j"), (Decimal("1200"), "1 200 j"), (Decimal("-0.25"), "-0,25 j")],
)
def test_person_days(value, shown):
    assert plain(jalon.days(value)) == shown


def test_percent_and_euros():
    assert plain(jalon.percent(Decimal("24.0"))) == "24 %"
    assert plain(jalon.euros(Decimal("12.5"))) == "12,50 €"


@pytest.mark.parametrize(
    ("delta", "shown"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=5, seconds=30), "dans 5 minutes"),
        (timedelta(hours=2, minutes=1), "dans 2 heures"),
        (-timedelta(hours=3, minutes=1), "il y a 3 heures"),
        (timedelta(days=3), "dans 3 jours"),
        (-timedelta(days=10), "il y a 10 jours"),
    ],
)
def test_relative(monkeypatch, delta, shown):
    instant = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    monkeypatch.setattr(jalon, "now", lambda: instant)
    assert jalon.relative(instant + delta) == shown


def test_relative_day(monkeypatch):
    monkeypatch.setattr(jalon, "now", lambda: datetime(2026, 3, 3, 23, 30, tzinfo=UTC))
    assert jalon.relative(date(2026, 3, 4)) == "aujourd’hui"
    assert jalon.relative(date(2026, 3, 5)) == "demain"


def test_every_state_has_a_tone():
    assert tone_of("published") == "active"
    assert tone_of("rejected") == "error"
    assert tone_of("never heard of") == "neutral"
