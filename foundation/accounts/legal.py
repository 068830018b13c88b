"""Limits of this app: our own choices, no text sets them (docs/adr/0011, 0012, 0029)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from foundation.accounts.enums import Role

DELEGATION_LONGEST = timedelta(days=184)
"""A delegation covers an absence; beyond six months, the role is given to the person."""

DELEGATION_WARNED_BEFORE = timedelta(days=2)
"""How long before its end both people are told."""

DELEGABLE_ROLES = (
    Role.BUYER,
    Role.PRESCRIBER,
    Role.PRODUCT_OWNER,
    Role.SIGNATORY,
    Role.FRAMEWORK_ADMIN,
    Role.SUPPLIER,
)
"""Never lent: a custodian's key, an evaluator's scores, an elected person's mandate, a reservist's mission, the
independence of an auditor, and the roles that administer rights."""

REGISTRATION_KEPT = timedelta(days=30)
"""How long a registration whose address was never proven is kept: our own choice, the time of a holiday."""

INVITATION_LIFETIME = timedelta(days=7)
"""How long the link of an invitation opens; it is sent again with one click."""


@dataclass(frozen=True)
class Delay:
    """A delay from a date on, and why it is so long."""

    value: timedelta
    from_date: date
    reason: str


def delay(rules: Iterable[Delay], at: datetime) -> timedelta:
    """The delay in force at this instant. Raises ValueError before the first."""
    on = timezone.localdate(at)
    return max((one for one in rules if one.from_date <= on), key=lambda one: one.from_date).value


HOUSE_ANSWERS_WITHIN = (
    Delay(
        timedelta(days=7), date(2020, 1, 1), "une semaine : un administrateur absent a le temps de revenir"
    ),
)
"""How long the administrator of a house alone may confirm a role asked from outside; then the platform may too."""

OPPOSITION_OPEN_FOR = (
    Delay(
        timedelta(hours=72), date(2020, 1, 1), "trois jours : un message envoyé le vendredi se lit le lundi"
    ),
)
"""How long a role asked and confirmed by people from outside waits, so that anyone of the house may oppose it; and
how long a newcomer of a firm waits before he withdraws what was deposited before him, once nobody else can do it."""
