"""Amounts and how they are written in French."""

from decimal import Decimal

import pytest

from foundation.money import AmountError, JsonNumber, cents, format_euros, parse_decimal, written


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


def parsed(text: str, *, places: int = 2, **options) -> Decimal:
    return parse_decimal(text, places=places, max_digits=12, **options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("1200", "1200"),
        ("1 200", "1200"),
        (" 1 200,5 ", "1200.50"),
        ("1\u00a0200\u202f300.25", "1200300.25"),
        ("0,05", "0.05"),
        ("9999999999,99", "9999999999.99"),
        ("0000000000001", "1"),
    ],
)
def test_a_text_is_one_number(text: str, value: str) -> None:
    assert str(parsed(text)) == str(Decimal(value).quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "7e2", "1E1", "\u0667\u0660\u0660", "\uff11", "1.250,00", "1,250.00", "12 00", "1  200"),
        *("1 2000", "1\u2009200", "1'200", "1_000", "+5", "-5", ".5", "5,", "NaN", "Infinity", "0x10", "1/2"),
        *("True", "5\n5", "1 200 €", "1" * 61),
    ],
)
def test_what_may_be_read_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AmountError) as refused:
        parsed(text)
    assert str(refused.value) == "Écrivez un nombre en chiffres, par exemple 1\u202f234,50."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.005", "Écrivez 2 chiffres au plus après la virgule."),
        ("12,3456", "Écrivez 2 chiffres au plus après la virgule."),
        (
            "1.200",
            "Écrivez 2 chiffres au plus après la virgule ; pour des milliers, 1200 ou 1\u202f200,00.",
        ),
        (
            "12,345",
            "Écrivez 2 chiffres au plus après la virgule ; pour des milliers, 12345 ou 12\u202f345,00.",
        ),
        ("10000000000", "Ce nombre est trop grand : 9\u202f999\u202f999\u202f999,99 au plus."),
    ],
)
def test_a_refused_number_says_how_to_write_it(text: str, sentence: str) -> None:
    with pytest.raises(AmountError) as refused:
        parsed(text)
    assert str(refused.value) == sentence


def test_a_field_says_its_decimals_its_sign_and_its_unit() -> None:
    assert parsed("0,035", places=4) == Decimal("0.0350")
    assert parsed("1.200", places=3) == Decimal("1.2")
    assert parsed("-1,5", is_signed=True) == Decimal("-1.5")
    assert parsed("1\u202f200,00\u00a0€", unit="€") == 1200


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1250.0, "1250"),
        (0.00001, "0.00001"),
        (1250 / 3, "416.666666666667"),
        (700, "700"),
        (True, "True"),
        (float("nan"), "NaN"),
        (JsonNumber("7e2"), "7e2"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_a_cell_or_a_json_number_is_read_as_it_was_written(value: object, text: str) -> None:
    assert written(value) == text


def test_a_unit_price_under_the_cent_is_told_whole() -> None:
    assert format_euros(Decimal("0.035"), 4) == "0,0350\u00a0€"
