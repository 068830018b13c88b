"""What the demonstration shows of messages and endpoints, told twice."""

import pytest

from foundation.accounts import demo as people
from foundation.notifications import demo as messages
from foundation.notifications.models import Preference, RefusedAddress
from foundation.webhooks import demo
from foundation.webhooks.models import Endpoint

pytestmark = pytest.mark.django_db


def test_an_endpoint_that_nobody_answers_another_paused_and_choices(at, settings):
    settings.JALON_DEMO_PASSWORD = "motdepasse-de-test"
    for _telling in range(2):
        cast = people.tell(at=at)
        messages.tell(cast, at=at)
        demo.tell(cast, at=at)
    assert sorted(Endpoint.objects.values_list("state", flat=True)) == ["active", "paused"]
    assert RefusedAddress.objects.get().email == cast.people["auditrice"].email
    assert Preference.objects.count() == 3
