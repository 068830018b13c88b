"""Acts that the journal knows, with the words that history tells them in, and who reads the history of what."""

from collections.abc import Callable
from typing import Any

from django.db import models

_actions: dict[str, str] = {}
_readers: dict[str, Callable[[Any, Any], bool]] = {}


def declare(actions: dict[str, str]) -> None:
    """Add acts: code → French words, lazily translated (« a publié la consultation »)."""
    _actions.update(actions)


def words(action: str) -> str:
    """The words of `action`. Raises KeyError for an act that no app declared."""
    return str(_actions[action])


def is_declared(action: str) -> bool:
    """Whether an app declared `action`."""
    return action in _actions


def show_history(model: type[models.Model], can_read: Callable[[Any, Any], bool]) -> None:
    """Say who reads the history of a `model`: `can_read(user, obj)`, the very right its page shows it by.

    Whoever may read it also reads each of its lines whole, with its proof. Called in `AppConfig.ready`.
    """
    _readers[model._meta.label] = can_read


def has_readers(object_type: str) -> bool:
    """Whether some page shows the history of this kind of object."""
    return object_type in _readers


def reader_rule(object_type: str) -> Callable[[Any, Any], bool] | None:
    """The right on the history of this kind of object."""
    return _readers.get(object_type)
