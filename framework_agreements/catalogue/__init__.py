"""The catalogue of work units of the State-startup specification (CCTP SGMAP 2016), as the text gives it.

The words are the text's. What it does not say stays empty: no load is guessed from a duration. Where the
text contradicts itself, `NOTES` and each unit's `note` say what it says and how Jalon reads it.
"""

from framework_agreements.catalogue.entries import Deliverable, LotEntry, Note, UnitEntry
from framework_agreements.catalogue.lot_1 import LOT_1
from framework_agreements.catalogue.lot_2 import LOT_2
from framework_agreements.catalogue.notes import NOTES

SOURCE = "CCTP AOO-START-UP D’ETAT-SGMAP-2016"
TEMPLATE_CODE = "startups-etat-2016"
LOTS = (LOT_1, LOT_2)


def find(code: str) -> UnitEntry | None:
    """The unit with this code, in any lot; None when the specification has none."""
    return next((unit for lot in LOTS for unit in lot.units if unit.code == code), None)


def lot(number: int) -> LotEntry:
    """A lot of the specification by its number. Raises KeyError for another number."""
    return {entry.number: entry for entry in LOTS}[number]


__all__ = [
    "LOTS",
    "NOTES",
    "SOURCE",
    "TEMPLATE_CODE",
    "Deliverable",
    "LotEntry",
    "Note",
    "UnitEntry",
    "find",
    "lot",
]
