"""Amounts and how they are written in French."""

from decimal import Decimal

import pytest

from foundation.money import cents, format_euros


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1", "1.00")]
)
def test_halves_are_rounded_away_from_zero(value: str, rounded: str) -> None:
    assert cents(value) == Decimal(rounded)


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234.5", "1 234,50 €"), ("195000000", "195 000 000 €"), ("12", "12,00 €"), ("-0.10", "-0,10 €")],
)
def test_amounts_read_as_in_french_documents(value: str, text: str) -> None:
    assert format_euros(Decimal(value)).replace("\u202f", " ").replace("\u00a0", " ") == text


def test_no_amount_reads_as_nothing() -> None:
    assert format_euros(None) == ""
