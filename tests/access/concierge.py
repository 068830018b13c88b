"""The supplier's file: its keepers only, whatever the firm bids for."""

from concierge import services
from tests.access.matrix import Row, both
from tests.concierge.factories import make_certificate

KEEPERS = frozenset({"supplier@firm", "org_admin@firm"})
ANY_KEEPER = frozenset({"supplier@*", "org_admin@firm", "org_admin@rival"})


def firm(world):
    """The firm."""
    return {"pk": world.firm.pk}


def _with(world, row) -> dict:
    return {"pk": world.firm.pk, "row_pk": row.pk}


def capacity(world):
    """A capacity of the firm."""
    by = world.user("supplier@firm")
    row = services.capacity_save(organisation=world.firm, title="Design", description="", by=by, at=world.at)
    return _with(world, row)


def reference(world):
    """A reference of the firm."""
    facts = {"client": "Ville", "subject": "Site", "started_date": world.at.date()}
    by = world.user("supplier@firm")
    return _with(world, services.reference_save(organisation=world.firm, by=by, at=world.at, **facts))


def certificate(world):
    """A paper of the firm."""
    return _with(world, make_certificate(world.firm, world.user("supplier@firm"), world.at))


ROWS = {
    "concierge:home": Row(allowed=ANY_KEEPER, ok={302}),
    "concierge:detail": Row(allowed=KEEPERS, make=firm),
    "concierge:facts": both(allowed=KEEPERS, make=firm),
    "concierge:capacity_add": both(allowed=KEEPERS, make=firm),
    "concierge:capacity": both(allowed=KEEPERS, make=capacity),
    "concierge:capacity_remove": Row(allowed=KEEPERS, make=capacity, method="post"),
    "concierge:reference_add": both(allowed=KEEPERS, make=firm),
    "concierge:reference": both(allowed=KEEPERS, make=reference),
    "concierge:reference_remove": Row(allowed=KEEPERS, make=reference, method="post"),
    "concierge:certificate_add": both(allowed=KEEPERS, make=firm),
    "concierge:certificate": Row(allowed=KEEPERS, make=certificate, ok={302}),
    "concierge:certificate_remove": Row(allowed=KEEPERS, make=certificate, method="post"),
}
