"""Who reads and writes the library of clauses of an organisation."""

from django.db.models import QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role, organisations_of


def can_write_clauses(user, organisation) -> bool:
    """A buyer of the organisation writes in its library of clauses."""
    return has_role(user, organisation, Role.BUYER)


def clause_houses(user) -> QuerySet[Organisation]:
    """The organisations whose library of clauses this person reads and writes: where he buys."""
    return organisations_of(user, Role.BUYER)
