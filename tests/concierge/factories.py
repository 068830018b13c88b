"""Plain functions that make supplier's files for tests."""

from datetime import timedelta

from django.core.files.base import ContentFile

from concierge import services
from concierge.selectors import day_of
from foundation.accounts.enums import Role
from tests.accounts.factories import make_member, make_supplier_org
from tests.files.packages import pdf


def scan(name="attestation.pdf", content=None) -> ContentFile:
    """A small good PDF, or `content` under this name."""
    return ContentFile(pdf() if content is None else content, name=name)


def make_firm(**fields):
    """A firm and the person who keeps its file."""
    organisation = make_supplier_org(**fields)
    return organisation, make_member(organisation, Role.SUPPLIER)


def make_certificate(organisation, by, at, *, kind="liability", ends_in=200, **fields):
    """A paper that ends in so many days; None: that does not end."""
    ends = None if ends_in is None else day_of(at) + timedelta(days=ends_in)
    fields.setdefault("upload", scan())
    return services.certificate_add(
        organisation=organisation, kind=kind, expires_date=ends, by=by, at=at, **fields
    )
