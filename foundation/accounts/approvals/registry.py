"""The acts that may wait for a second person, each declared in the `ready` of its own application."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class ApprovalAction:
    """One kind of act.

    `roles`: who confirms, in the organisation of the request, or anywhere when it has none. `state_of(obj, change)`:
    what of the object the request supposes, as JSON; it is read again at the confirmation. `describe(facts)`: the
    frozen facts as rows (term, value), which is what the second person reads. `perform(approval, obj, by, at)`: does
    the act; raises Refusal when it is no longer possible, and the request then stays as it was.

    A request with an `outside_from_at` may also be confirmed, from then on, by whoever holds one of `outside_roles`
    anywhere; `delay_of(approval, by, at)`: how long what `by` confirms waits before it is done.
    """

    code: str
    label: Any
    roles: tuple[str, ...]
    state_of: Callable[[Model, dict], dict]
    describe: Callable[[dict], Iterable[tuple[Any, Any]]]
    perform: Callable[..., Any]
    outside_roles: tuple[str, ...] = ()
    delay_of: Callable[[Model, Any, datetime], timedelta | None] = lambda approval, by, at: None


_ACTIONS: dict[str, ApprovalAction] = {}


def register(action: ApprovalAction) -> None:
    """Declare an act. Raises ValueError when another one already holds the same code."""
    known = _ACTIONS.setdefault(action.code, action)
    if known is not action:
        raise ValueError(f"Act declared twice: {action.code}")


def find(code: str) -> ApprovalAction:
    """The declared act. Raises LookupError when no application declares it."""
    try:
        return _ACTIONS[code]
    except KeyError:
        raise LookupError(f"Unknown act: {code}") from None


def actions() -> list[ApprovalAction]:
    """Every declared act, by code."""
    return [_ACTIONS[code] for code in sorted(_ACTIONS)]


def worded(approvals: Iterable) -> list:
    """Each request with the `label` of its act and the `rows` of what is asked, which tell two of one act apart."""
    found = list(approvals)
    for approval in found:
        action = find(approval.action)
        approval.label, approval.rows = action.label, list(action.describe(approval.facts))
    return found
