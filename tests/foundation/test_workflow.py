"""State machines as tables."""

import pytest
from django.apps import apps
from django.db import models

from foundation.clock import now
from foundation.errors import Reason, Refusal
from foundation.workflow import Transition, Workflow


class Light(models.TextChoices):
    RED = "red", "Rouge"
    GREEN = "green", "Vert"


class Lamp:
    state = Light.RED
    broken = False


def whole(lamp: Lamp, at) -> list[Reason]:
    return [Reason("L'ampoule est cassée : changez-la.", "bulb", "art. 1")] if lamp.broken else []


GO = Transition(
    "go", "Passer au vert", (Light.RED,), Light.GREEN, lambda user, lamp: user == "agent", (whole,)
)
TABLE = Workflow("lamp", Light, (GO,))


def test_a_transition_sets_the_state_and_returns_the_previous_one() -> None:
    lamp = Lamp()
    assert TABLE.apply(lamp, "go", by="agent", at=now()) == Light.RED
    assert lamp.state == Light.GREEN


def test_who_may_not_is_refused_and_is_not_offered_the_act() -> None:
    lamp = Lamp()
    with pytest.raises(Refusal) as refusal:
        TABLE.apply(lamp, "go", by="passant", at=now())
    assert (refusal.value.code, lamp.state) == ("forbidden", Light.RED)
    assert TABLE.available("passant", lamp) == []
    assert TABLE.available("agent", lamp) == [GO]


def test_a_wrong_state_is_a_conflict_that_names_the_state() -> None:
    lamp = Lamp()
    lamp.state = Light.GREEN
    with pytest.raises(Refusal, match="Vert") as refusal:
        TABLE.apply(lamp, "go", by="agent", at=now())
    assert refusal.value.code == "conflict"


def test_conditions_give_their_reasons_with_the_article() -> None:
    lamp = Lamp()
    lamp.broken = True
    with pytest.raises(Refusal, match=r"changez-la \(art\. 1\)\."):
        TABLE.apply(lamp, "go", by="agent", at=now())


def test_the_table_draws_itself() -> None:
    assert "red --> green: Passer au vert" in TABLE.draw()


def guarded_models() -> list[type[models.Model]]:
    import pgtrigger

    return sorted(
        {model for model, trigger in pgtrigger.registered() if isinstance(trigger, pgtrigger.FSM)},
        key=lambda model: model._meta.label,
    )


def test_every_state_machine_is_guarded_by_the_database() -> None:
    """A model of a stage that has a `state` has a table, and PostgreSQL enforces it."""
    stages = {"needs", "tenders", "framework_agreements", "startups", "documents"}
    stateful = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in stages and any(field.name == "state" for field in model._meta.fields)
    }
    assert stateful == {model._meta.label for model in guarded_models()} & stateful
