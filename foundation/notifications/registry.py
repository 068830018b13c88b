"""The messages the stages declare, each in the `ready` of its own application."""

from dataclasses import dataclass, field

from django.apps import apps

from foundation.notifications.enums import Pace


@dataclass(frozen=True)
class MessageKind:
    """A message: its words live in `templates/email/<template>/{subject.txt,body.txt,body.html}`.

    The subject is also the line shown in the notification centre. `legal` says, in words, the rule that
    makes the message due (« art. R2181-1 … »): such a message always leaves at once and nobody may turn it
    off. `pace` is how people hear of the others until they choose. `example` is what `context` may hold:
    people read it before they choose, and a test lays every message out with it. `listed=False`: a message
    of the machinery itself, which nobody has to choose.
    """

    code: str
    label: str
    template: str
    legal: str = ""
    pace: Pace = Pace.AT_ONCE
    example: dict = field(default_factory=dict, hash=False)
    listed: bool = True

    @property
    def is_optional(self) -> bool:
        """Whether a person may choose how to hear of it."""
        return self.listed and not self.legal

    @property
    def family(self) -> str:
        """The application that declares it: messages are grouped by it."""
        return self.code.split(".", 1)[0]


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


def families() -> dict[str, list[MessageKind]]:
    """The messages a person is shown, by family, in the order of the purchase."""
    order = list(apps.app_configs)
    listed = sorted(
        (kind for kind in kinds() if kind.listed),
        key=lambda kind: (order.index(kind.family) if kind.family in order else len(order), kind.code),
    )
    grouped: dict[str, list[MessageKind]] = {}
    for kind in listed:
        grouped.setdefault(kind.family, []).append(kind)
    return grouped


def family_label(family: str) -> str:
    """The name of a family, in French; its code when the application is no longer installed."""
    config = apps.app_configs.get(family)
    return str(config.verbose_name) if config else family
