"""The messages the stages declare, each in the `ready` of its own application."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageKind:
    """A message: its words live in `templates/email/<template>/{subject.txt,body.txt,body.html}`.

    The subject is also the line shown in the notification centre.
    """

    code: str
    label: str
    template: str


_KINDS: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> None:
    """Declare a message. Raises ValueError when another message already holds the same code."""
    known = _KINDS.setdefault(kind.code, kind)
    if known != kind:
        raise ValueError(f"Message declared twice: {kind.code}")


def find(code: str) -> MessageKind:
    """The declared message. Raises LookupError when no application declares it."""
    try:
        return _KINDS[code]
    except KeyError:
        raise LookupError(f"Unknown message: {code}") from None


def kinds() -> list[MessageKind]:
    """Every declared message, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]
