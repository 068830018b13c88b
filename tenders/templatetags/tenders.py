"""What the pages of consultations say of states and numbers."""

from decimal import Decimal

from django import template

from foundation.clock import now
from foundation.files.names import extension
from tenders import nomenclatures
from tenders.comparison import compare_words
from tenders.enums import BidState, Phase

register = template.Library()

_PHASE_TONES = {
    Phase.RECEIVING: "active",
    Phase.TO_OPEN: "waiting",
    Phase.ANALYSIS: "active",
    Phase.INVITED: "active",
    Phase.AWARDED: "success",
    Phase.CANCELLED: "error",
}
_BID_TONES = {
    BidState.DEPOSITED: "success",
    BidState.OPENED: "active",
    BidState.LATE: "waiting",
    BidState.BACKUP: "neutral",
    BidState.WITHDRAWN: "error",
    BidState.UNREADABLE: "error",
}


@register.filter
def phase(tender) -> Phase:
    """Where the consultation is at this moment."""
    return tender.phase(now())


@register.filter
def phase_tone(found: Phase) -> str:
    """The colour of a phase."""
    return _PHASE_TONES.get(found, "neutral")


@register.filter
def bid_tone(state: str) -> str:
    """The colour of a bid's state."""
    return _BID_TONES.get(state, "neutral")


@register.filter
def share(value: Decimal) -> str:
    """A weight as `<progress>` wants it, whatever the language."""
    return format(value, "f")


@register.filter
def fact_pieces(fact: dict) -> list:
    """What changed in a published fact, word by word."""
    return compare_words(fact.get("before", ""), fact.get("after", ""))


@register.filter
def departments(codes: list[str]) -> str:
    """« Lozère (48), Aveyron (12) »: départements by name, with their numbers."""
    return ", ".join(nomenclatures.place_names(codes, []))


@register.filter
def file_format(name: str) -> str:
    """The format of a file as its name tells it: PDF, XLSX (P26)."""
    return extension(name).upper()
