"""Acts that the journal knows, with the words that history tells them in."""

_actions: dict[str, str] = {}


def declare(actions: dict[str, str]) -> None:
    """Add acts: code → French words, lazily translated (« a publié la consultation »)."""
    _actions.update(actions)


def words(action: str) -> str:
    """The words of `action`. Raises KeyError for an act that no app declared."""
    return str(_actions[action])


def is_declared(action: str) -> bool:
    """Whether an app declared `action`."""
    return action in _actions
