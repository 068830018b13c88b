"""The demonstration of the supplier's files, and of the candidatures that copy them."""

import pytest

from concierge import demo
from concierge.models import Certificate, SupplierFile
from concierge.selectors import day_of, points, supplier_file
from foundation.accounts import demo as people
from foundation.clock import now

pytestmark = pytest.mark.django_db


def test_three_firms_keep_a_file_told_once():
    at = now()
    cast = people.tell(at=at)
    demo.tell(cast, at=at)
    count = Certificate.objects.count()
    demo.tell(cast, at=at)
    assert (SupplierFile.objects.count(), Certificate.objects.count()) == (3, count)
    today = day_of(at)
    met = [
        sum(point.met for point in points(supplier_file(cast.orgs[name]), today))
        for name in ("fournisseur", "fournisseur2", "fournisseur3")
    ]
    assert met == [6, 5, 2]
