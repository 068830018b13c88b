"""Limits of this app: our own choices, no text sets them (docs/adr/0011-what-a-delegation-lends.md)."""

from datetime import timedelta

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
