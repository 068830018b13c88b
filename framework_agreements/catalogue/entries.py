"""The shape of the catalogue's data."""

from dataclasses import dataclass
from decimal import Decimal

from framework_agreements.enums import Complexity, Moment, Phase, Trigger


@dataclass(frozen=True)
class Deliverable:
    """An expected deliverable and when it is due."""

    label: str
    moment: Moment = Moment.DELIVERY


@dataclass(frozen=True)
class UnitEntry:
    """A work unit of the specification. `load_days` in person-days, durations in months; None when unsaid."""

    code: str
    title: str
    phase: Phase
    section: str
    description: str = ""
    complexity: Complexity = Complexity.NONE
    criterion: str = ""
    startups_from: int | None = None
    startups_to: int | None = None
    load_days: Decimal | None = None
    load_text: str = ""
    duration: tuple[int | None, int | None] = (None, None)
    duration_text: str = ""
    profiles: tuple[str, ...] = ()
    trigger: Trigger = Trigger.ON_REQUEST
    trigger_text: str = ""
    is_flat_rate: bool = False
    deliverables: tuple[Deliverable, ...] = ()
    note: str = ""
    is_code_ours: bool = False


@dataclass(frozen=True)
class LotEntry:
    """A lot of the specification and its units, in the text's order."""

    number: int
    title: str
    units: tuple[UnitEntry, ...]


@dataclass(frozen=True)
class Note:
    """An oddity of the text: where, what it says, how Jalon reads it."""

    section: str
    says: str
    reading: str
