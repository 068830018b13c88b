"""The consultation on which firms practise: it exists in no table, so no list, feed, search or count can show it."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

PK = "simulation"
"""What its envelopes are bound to: no real consultation is called so, and nothing sealed for it opens elsewhere."""


class _Rows(list):
    """A list read as the rows of a relation."""

    def all(self) -> "_Rows":
        """Every row."""
        return self

    def prefetch_related(self, *_names) -> "_Rows":
        """Everything is here already."""
        return self


@dataclass(frozen=True)
class PracticeLine:
    """A line of the price schedule."""

    pk: str
    code: str
    label: object
    unit: object
    simulated_quantity: Decimal = Decimal(1)
    price_places: int = 2


@dataclass(frozen=True)
class PracticeLot:
    """The one lot."""

    pk: str
    number: int
    title: object
    price_lines: _Rows

    def __str__(self) -> str:
        return str(_("Lot %(number)s : %(title)s") % {"number": self.number, "title": self.title})


@dataclass(frozen=True)
class PracticeTender:
    """What the envelope and the form read of a consultation."""

    pk: str
    title: object
    lots: _Rows = field(default_factory=_Rows)
    file_limit_mib: int = 20


@dataclass(frozen=True)
class PracticeFirm:
    """Who practises: a person, for no firm."""

    user_id: int

    @property
    def pk(self) -> str:
        """What the envelope is bound to: the key of no organisation."""
        return f"{PK}-{self.user_id}"


TENDER = PracticeTender(
    pk=PK,
    title=_("Consultation d’entraînement"),
    lots=_Rows(
        [
            PracticeLot(
                pk=f"{PK}-1",
                number=1,
                title=_("Un lot pour s’entraîner"),
                price_lines=_Rows(
                    [
                        PracticeLine(f"{PK}-1", "E-1", _("Étude"), _("forfait")),
                        PracticeLine(f"{PK}-2", "E-2", _("Développement"), _("jour")),
                    ]
                ),
            )
        ]
    ),
)
