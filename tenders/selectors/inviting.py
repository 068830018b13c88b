"""The firms that a buyer may invite."""

from django.db.models import Q, QuerySet, Value

from foundation.accounts.enums import OrganisationKind
from foundation.accounts.models import Organisation
from foundation.search.text import Plain
from tenders.models import Tender

SHOWN = 20


def firms() -> QuerySet[Organisation]:
    """Every firm of the platform."""
    return Organisation.objects.filter(kind=OrganisationKind.SUPPLIER)


def firms_to_invite(tender: Tender, words: str) -> list[Organisation]:
    """Firms whose name or SIRET holds `words`, not invited yet; the first twenty by name, one query."""
    number = "".join(words.split())
    close = Q(plain_name__contains=Plain(Value(words)))
    if number.isdigit():
        close |= Q(siret__startswith=number)
    found = firms().annotate(plain_name=Plain("name")).filter(close)
    return list(found.exclude(pk__in=tender.invited.values("pk")).order_by("name")[:SHOWN])
