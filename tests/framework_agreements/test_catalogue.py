"""The catalogue is the text's: every code, what it says, and nothing it does not say."""

from decimal import Decimal

import pytest

from framework_agreements import catalogue
from framework_agreements.enums import Complexity, Moment, Phase, Trigger
from tenders.registry import price_template

EXPECTED = {
    1: ["UO-L1.1", "UO-L1.2", "UO-L1.3", "UO-L1.4"],
    2: [
        "UO-L2.0",
        "UO-L2.1.1",
        "UO-L2.1.2",
        "UO-L2.1.3",
        "UO-L2.2.1",
        "UO-L2.2.2",
        "UO-L2.2.3",
        "UO-L2.3.1",
        "UO-L2.3.2",
        "UO-L2.3.3",
        "UO-L2.3.4",
        "UO-L2.4.1",
        "UO-L2.4.2",
    ],
}
UNITS = [unit for lot in catalogue.LOTS for unit in lot.units]


@pytest.mark.parametrize("number", EXPECTED)
def test_every_code_of_the_specification_is_there_in_order(number):
    assert [unit.code for unit in catalogue.lot(number).units] == EXPECTED[number]


def test_loads_are_those_of_the_text_and_no_other():
    loads = {unit.code: unit.load_days for unit in UNITS if unit.load_days is not None}
    assert loads == {
        "UO-L2.1.1": Decimal(5),
        "UO-L2.2.1": Decimal(5),
        "UO-L2.2.2": Decimal(60),
        "UO-L2.3.1": Decimal(5),
        "UO-L2.3.2": Decimal(60),
        "UO-L2.3.3": Decimal(60),
    }


def test_durations_are_those_of_the_text():
    assert {unit.code: unit.duration for unit in UNITS} == {
        **dict.fromkeys(EXPECTED[1], (6, 6)),
        "UO-L2.0": (1, 1),
        "UO-L2.1.1": (1, 3),
        "UO-L2.1.2": (2, 2),
        "UO-L2.1.3": (1, 3),
        **dict.fromkeys(["UO-L2.2.1", "UO-L2.2.2", "UO-L2.2.3"], (3, 3)),
        **dict.fromkeys(["UO-L2.3.1", "UO-L2.3.2", "UO-L2.3.3", "UO-L2.3.4"], (3, 3)),
        **dict.fromkeys(["UO-L2.4.1", "UO-L2.4.2"], (None, 2)),
    }


def test_complexity_of_lot_1_follows_the_number_of_startups():
    found = [(u.complexity, u.startups_from, u.startups_to) for u in catalogue.lot(1).units[1:]]
    assert found == [(Complexity.SIMPLE, 1, 5), (Complexity.MEDIUM, 6, 15), (Complexity.COMPLEX, 16, 25)]
    assert {unit.complexity for unit in catalogue.lot(2).units} == {Complexity.AT_ORDER}


def test_what_starts_each_unit_is_what_the_text_says():
    triggers = {unit.code: unit.trigger for unit in UNITS}
    assert triggers["UO-L2.0"] == Trigger.AT_START
    assert triggers["UO-L2.2.2"] == Trigger.SYSTEMATIC
    assert {triggers[c] for c in ("UO-L2.1.1", "UO-L2.1.2", "UO-L2.1.3", "UO-L2.2.1")} == {Trigger.IF_NEEDED}
    assert {triggers[c] for c in ("UO-L2.4.1", "UO-L2.4.2")} == {Trigger.ON_DECISION}
    assert [unit.code for unit in UNITS if unit.is_flat_rate] == ["UO-L2.3.4"]


def test_only_the_launch_unit_has_a_code_of_ours_and_says_so():
    ours = [unit for unit in UNITS if unit.is_code_ours]
    assert [unit.code for unit in ours] == ["UO-L2.0"]
    assert "code attribué par Jalon" in ours[0].note


def test_every_unit_has_deliverables_a_phase_and_a_reference():
    for unit in UNITS:
        assert unit.deliverables, unit.code
        assert unit.phase != Phase.OTHER, unit.code
        assert unit.section.startswith("CCTP §"), unit.code


@pytest.mark.parametrize("code", ["UO-L2.2.2", "UO-L2.3.2"])
def test_development_units_have_deliverables_at_three_moments(code):
    moments = [deliverable.moment for deliverable in catalogue.find(code).deliverables]
    assert set(moments) == {Moment.BEFORE_ITERATION, Moment.END_OF_ITERATION, Moment.FINAL}


def test_acceptance_record_is_asked_in_consolidation_only():
    asked = [u.code for u in UNITS if any("PV" in item.label for item in u.deliverables)]
    assert asked == ["UO-L2.3.2"]


def test_oddities_of_the_text_are_told():
    sections = " ".join(note.section for note in catalogue.NOTES)
    for section in ("§ 4.1.4", "§ 4.3.4", "§ 4.3.1", "§ 6"):
        assert section in sections


def test_a_draft_consultation_may_load_it_as_a_price_schedule():
    template = price_template(catalogue.TEMPLATE_CODE)
    assert {
        number: [code for code, _label, _unit in lines] for number, _title, lines in template.lots
    } == EXPECTED
