"""Endpoints and deliveries for tests."""

import itertools

from foundation.accounts.enums import Role
from foundation.webhooks import services
from tests.accounts.factories import make_member

_numbers = itertools.count(1)


def make_endpoint(organisation, *, at, url="", events=("tender.published",), by=None):
    """An endpoint in service, with its secret."""
    by = by or make_member(organisation, Role.ORG_ADMIN)
    return services.endpoint_create(
        organisation=organisation,
        url=url or f"https://recevoir{next(_numbers)}.jalon.example/evenements",
        description="Suivi",
        event_codes=list(events),
        by=by,
        at=at,
    )
