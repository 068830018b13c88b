"""The demonstration of the purchase projects."""

import pytest

from foundation.accounts import demo as people
from foundation.accounts.models import Delegation
from foundation.clock import now
from needs import demo
from needs.models import PurchaseProject

pytestmark = pytest.mark.django_db


def test_it_is_told_once_and_covers_every_state_and_form():
    at = now()
    cast = people.tell(at=at)
    demo.tell(cast, at=at)
    count = PurchaseProject.objects.count()
    demo.tell(cast, at=at)
    assert PurchaseProject.objects.count() == count >= 8
    assert set(PurchaseProject.objects.values_list("state", flat=True)) == {"draft", "ready", "closed"}
    framework = PurchaseProject.objects.get(title=demo.FRAMEWORK_TITLE)
    assert framework.state == "ready"
    lent = Delegation.objects.get(principal=cast.people["acheteuse"], delegate=cast.people["prescripteur"])
    assert lent.perimeter_type == "needs.PurchaseProject"
    assert {line.form for line in framework.strategy_lines.all()} == {
        "purchase",
        "training",
        "commons_partnership",
    }
    assert framework.members.count() == 4
