"""State machines as tables. An app declares its table in `workflow.py`; services apply it; PostgreSQL enforces it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal

Condition = Callable[[Any, datetime], Iterable[Reason]]


@dataclass(frozen=True)
class Transition:
    """A row of the table: what it is called, from where to where, who may, on which conditions."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: Callable[[Any, Any], bool]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """A state machine on one field of one model."""

    name: str
    states: type[models.TextChoices]
    transitions: tuple[Transition, ...]
    field: str = "state"

    def find(self, name: str) -> Transition:
        """The transition called `name`. Raises KeyError when the table has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(f"{self.name}: no transition {name!r}")

    def available(self, user: Any, obj: Any) -> list[Transition]:
        """What `user` may do with `obj` in its present state, whether or not the conditions are met yet."""
        state = getattr(obj, self.field)
        return [t for t in self.transitions if state in t.sources and t.who(user, obj)]

    def reasons(self, obj: Any, name: str, at: datetime) -> list[Reason]:
        """Why transition `name` cannot be applied to `obj` at `at`: empty when it can."""
        transition = self.find(name)
        state = getattr(obj, self.field)
        if state not in transition.sources:
            return [self._wrong_state(transition, state)]
        return [reason for condition in transition.conditions for reason in condition(obj, at)]

    def apply(self, obj: Any, name: str, *, by: Any, at: datetime) -> str:
        """Set the state of `obj` (not saved) and return the previous one.

        Raises Refusal: `forbidden` when `by` may not, `conflict` from a wrong state, else the conditions' reasons.
        `by=None` is the platform itself.
        """
        transition = self.find(name)
        if by is not None and not transition.who(by, obj):
            raise Refusal(_("Vous n'avez pas le droit de faire cette action."), code="forbidden")
        reasons = self.reasons(obj, name, at)
        if reasons:
            raise Refusal.of(reasons)
        previous = getattr(obj, self.field)
        setattr(obj, self.field, transition.target)
        obj._moved = ({self.field: previous}, {self.field: transition.target})
        return previous

    def edges(self) -> set[tuple[str, str]]:
        """Each pair (source, target) that the table allows."""
        return {(str(source), str(t.target)) for t in self.transitions for source in t.sources}

    def draw(self) -> str:
        """The machine as a Mermaid state diagram with French labels."""
        lines = ["stateDiagram-v2", *(f"    {state.value}: {state.label}" for state in self.states)]
        lines.append(f"    [*] --> {self.states.values[0]}")
        for t in self.transitions:
            lines += [f"    {source} --> {t.target}: {t.label}" for source in t.sources]
        return "\n".join(lines)

    def _wrong_state(self, transition: Transition, state: str) -> Reason:
        label = self.states(state).label
        message = _(
            "« %(action)s » n'est pas possible dans l'état « %(state)s ». "
            "Rechargez la page pour voir où en est le dossier."
        )
        return Reason(message % {"action": transition.label, "state": label}, code="conflict")


def moved(obj: Any) -> tuple[dict | None, dict | None]:
    """The state that `obj` left and the one it reached in the last `apply`, told once; (None, None) otherwise."""
    return obj.__dict__.pop("_moved", (None, None))


def guard(model: type[models.Model], workflow: Workflow) -> None:
    """Have PostgreSQL refuse a change of state that `workflow` does not allow. Called in `AppConfig.ready`."""
    edges = sorted(edge for edge in workflow.edges() if edge[0] != edge[1])
    trigger = pgtrigger.FSM(name=f"{workflow.field}_follows_table", field=workflow.field, transitions=edges)
    pgtrigger.register(trigger)(model)
