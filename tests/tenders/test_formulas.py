"""Golden vectors of the price formulas: what was announced is what is computed, to the hundredth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenders.enums import PriceFormula
from tenders.formulas import FORMULAS, life_cycle_cost, mark, preview

PRICES = [Decimal(value) for value in (100, 120, 150, 200, 300)]


@pytest.mark.parametrize(
    ("formula", "parameter", "marks"),
    [
        ("proportional", None, ["40.00", "33.33", "26.67", "20.00", "13.33"]),
        ("squared", None, ["40.00", "27.78", "17.78", "10.00", "4.44"]),
        ("root", None, ["40.00", "36.51", "32.66", "28.28", "23.09"]),
        ("slope", None, ["40.00", "32.00", "20.00", "0.00", "0.00"]),
        ("slope", "2", ["40.00", "24.00", "0.00", "0.00", "0.00"]),
        ("slope", "0.5", ["40.00", "36.00", "30.00", "20.00", "0.00"]),
        ("range", None, ["40.00", "36.00", "30.00", "20.00", "0.00"]),
    ],
)
def test_each_formula_gives_the_announced_marks(formula, parameter, marks):
    slope = Decimal(parameter) if parameter else None
    given_marks = [
        mark(formula, weight=Decimal(40), price=price, prices=PRICES, parameter=slope) for price in PRICES
    ]
    assert given_marks == [Decimal(value) for value in marks]


@pytest.mark.parametrize(
    ("weight", "lowest", "price", "expected"), [("40", "100", "300", "13.33"), ("35", "2", "3", "23.33")]
)
def test_the_usual_formula_rounds_half_up(weight, lowest, price, expected):
    found = mark(
        "proportional", weight=Decimal(weight), price=Decimal(price), prices=[Decimal(lowest), Decimal(price)]
    )
    assert found == Decimal(expected)


@pytest.mark.parametrize("formula", PriceFormula)
def test_a_single_offer_has_every_point(formula):
    alone = Decimal(730)
    assert mark(formula, weight=Decimal(60), price=alone, prices=[alone]) == 60


@given(
    formula=st.sampled_from(list(PriceFormula)),
    cents=st.lists(st.integers(min_value=1, max_value=10**12), min_size=1, max_size=6),
    weight=st.integers(min_value=1, max_value=100),
    slope=st.integers(min_value=1, max_value=500),
)
def test_the_lowest_has_all_the_points_and_a_dearer_one_never_more(formula, cents, weight, slope):
    prices = sorted(Decimal(value) / 100 for value in cents)
    marks = [
        mark(formula, weight=Decimal(weight), price=price, prices=prices, parameter=Decimal(slope) / 100)
        for price in prices
    ]
    assert marks[0] == weight
    assert marks == sorted(marks, reverse=True)
    assert all(0 <= value <= weight for value in marks)


def test_every_formula_is_explained_and_drawn():
    assert set(FORMULAS) == set(PriceFormula)
    for code in FORMULAS:
        shown = preview(code, weight=Decimal(40))
        assert shown.formula.expression and shown.formula.behaviour
        assert shown.rows[0].mark == 40
        pairs = [tuple(map(float, pair.split(","))) for pair in shown.points.split()]
        assert pairs[0] == (0, 0)
        assert all(0 <= x <= 320 and 0 <= y <= 160 for x, y in pairs)


def test_the_life_cycle_cost_adds_what_use_costs():
    """R2152-9: 1 200 kWh a year at 0,25 € over 4 years, 6 hours a month at 80 € over 48 months."""
    declared = [
        (Decimal(1200), Decimal("0.25"), Decimal(4)),
        (Decimal(6), Decimal(80), Decimal(48)),
    ]
    assert life_cycle_cost(Decimal(90_000), declared) == Decimal("114240.00")
