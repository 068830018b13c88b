"""What the law says of the papers of a firm, our own delays. « à confirmer » marks what was not read in the text."""

from dataclasses import dataclass
from datetime import date

from concierge.enums import CertificateKind

CODE = "du code de la commande publique"


@dataclass(frozen=True)
class Rule:
    """A rule of the law from a date on. `to_confirm` when only secondary sources were read."""

    value: int
    from_date: date
    article: str
    source: str
    to_confirm: bool = False

    @property
    def cited(self) -> str:
        """The article as a message names it, with its reserve."""
        return self.article + (" — à confirmer" if self.to_confirm else "")


ONCE_ONLY = Rule(
    1,
    date(2019, 4, 1),
    "art. R2143-13 et R2143-14 " + CODE,
    "https://doubletrade.com/?p=1617",
    to_confirm=True,
)
"""L30: a candidate supplies neither what the buyer can obtain from an official service, nor what he already supplied
and is still valid when the notice says so."""

TURNOVER_YEARS = Rule(
    3, date(2019, 4, 1), "annexe 9 " + CODE, "https://www.legifrance.gouv.fr/", to_confirm=True
)
"""A buyer may ask the turnover of the last three financial years available, and the staff of the last three years."""

SOCIAL_MONTHS = Rule(
    6, date(2019, 4, 1), "art. D8222-5 du code du travail", "https://www.legifrance.gouv.fr/", to_confirm=True
)
"""An attestation de vigilance is shown at award, then every six months (L30, CCAP AQUAREEL 8.8)."""

OBTAINED_BY_BUYERS = frozenset({CertificateKind.REGISTRATION, CertificateKind.SOCIAL, CertificateKind.TAX})
"""Kinds that a buyer obtains by himself from the SIRET (L30)."""

ONE_IN_FORCE = frozenset(
    {
        CertificateKind.REGISTRATION,
        CertificateKind.SOCIAL,
        CertificateKind.TAX,
        CertificateKind.LIABILITY,
        CertificateKind.POWER,
    }
)
"""Kinds of which a firm has one in force: a new one takes the place of the former."""

REMINDED_BEFORE_DAYS = (30, 7, 0)
"""When the firm is told that a paper ends, in days before its last day. Our choice: no text sets it."""
