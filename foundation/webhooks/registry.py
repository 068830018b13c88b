"""The events that the stages tell other systems, each declared in the `ready` of its own application."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class EventType:
    """A public event: its name, what it says, and which organisations may learn of it.

    `code` is what receivers read in `type` ("tender.published"). `example` is the `data` of the message: ids,
    reference, addresses, instants; never a price, never anything of a sealed bid. `can_see(organisation, obj)`
    is asked for each endpoint when the event happens; the message is not even written where it says no.
    """

    code: str
    label: str
    can_see: Callable
    example: dict = field(default_factory=dict, hash=False)


_EVENTS: dict[str, EventType] = {}


def register(event: EventType) -> None:
    """Declare an event. Raises ValueError when another one already holds the same code."""
    known = _EVENTS.setdefault(event.code, event)
    if known is not event and known != event:
        raise ValueError(f"Event declared twice: {event.code}")


def find(code: str) -> EventType:
    """The declared event. Raises LookupError when no application declares it."""
    try:
        return _EVENTS[code]
    except KeyError:
        raise LookupError(f"Unknown event: {code}") from None


def events() -> list[EventType]:
    """Every declared event, by code."""
    return [_EVENTS[code] for code in sorted(_EVENTS)]
