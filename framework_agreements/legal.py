"""Legal limits of framework agreements: value, from when, article, source. Nowhere else in the app."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LegalLimit:
    """A number of the law, the day it began to bind, and where it is written."""

    value: int | bool
    since: date
    article: str
    source: str


CODE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019/"

# Public procurement code, in force on 2019-04-01; four years, save a justified exception.
MAXIMUM_DURATION_MONTHS = LegalLimit(
    48, date(2019, 4, 1), "art. L2125-1 du code de la commande publique", CODE
)

# Decree 2021-1111 of 23 August 2021: consultations begun or notices sent from 2022-01-01 must bear a
# maximum, after CJUE C-23/20 (17 June 2021): once it is reached the agreement has exhausted its effects.
MAXIMUM_REQUIRED = LegalLimit(
    True,
    date(2022, 1, 1),
    "art. R2162-4 du code de la commande publique ; CJUE C-23/20",
    "https://eur-lex.europa.eu/legal-content/FR/TXT/HTML/?uri=CELEX:62020CJ0023",
)

# Orders only while the agreement is valid.
ORDER_VALIDITY = LegalLimit(True, date(2019, 4, 1), "art. R2162-5 du code de la commande publique", CODE)
# A contract takes effect when its holder receives it: no order comes before. Read in no text itself: to confirm.
SERVED_CONTRACT = LegalLimit(
    True, date(2019, 4, 1), "art. R2182-4 du code de la commande publique — à confirmer", CODE
)
# Orders only between the buyers identified in the notice and the original holders.
CLOSED_LIST = LegalLimit(True, date(2019, 4, 1), "art. R2162-6 du code de la commande publique", CODE)
# An order is written and says the services and the quantity.
WRITTEN_ORDER = LegalLimit(True, date(2019, 4, 1), "art. R2162-13 du code de la commande publique", CODE)
# Orders go to the holders by the rule announced in the tender.
ALLOCATION = LegalLimit(True, date(2019, 4, 1), "art. R2162-14 du code de la commande publique", CODE)
# Renewals count in the duration put to competition; tacit unless stated otherwise.
RENEWAL = LegalLimit(True, date(2019, 4, 1), "art. R2112-4 du code de la commande publique", CODE)


def is_maximum_required(reference_date):
    """Whether an agreement whose notice (or, failing that, notification) bears this date needs a maximum."""
    return reference_date is None or reference_date >= MAXIMUM_REQUIRED.since
