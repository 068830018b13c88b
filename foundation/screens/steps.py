"""The six steps of a purchase, drawn above the pages of every stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

PURCHASE_STEPS: tuple[tuple[str, Any], ...] = (
    ("needs", _("Besoin")),
    ("sourcing", _("Sourcing")),
    ("tender", _("Consultation")),
    ("agreement", _("Accord-cadre")),
    ("order", _("Commande")),
    ("delivery", _("Livraison")),
)

NOT_FOLLOWED = {"sourcing"}
"""Steps that happen outside the platform for now: passed over, never said to be done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `status` is done, passed, current or next; `url` is None when this reader has no page there."""

    code: str
    label: Any
    status: str
    url: str | None
    number: int


def purchase_steps(*, current: str, links: Mapping[str, str] | None = None) -> list[Step]:
    """The steps with the one where the reader stands.

    `current` is one of needs, sourcing, tender, agreement, order, delivery; `links` gives the address of the
    steps that this reader may open. Raises ValueError on an unknown step.
    """
    codes = [code for code, _label in PURCHASE_STEPS]
    position = codes.index(current)
    addresses = links or {}
    return [
        Step(code, label, _status(code, number - position), addresses.get(code), number + 1)
        for number, (code, label) in enumerate(PURCHASE_STEPS)
    ]


def _status(code: str, distance: int) -> str:
    if distance < 0:
        return "passed" if code in NOT_FOLLOWED else "done"
    return "next" if distance else "current"
