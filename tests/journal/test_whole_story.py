"""The whole demonstration is what its journal says: nothing in it was written beside the journal."""

import pytest
from django.core.management import call_command

from foundation.journal import selectors

pytestmark = pytest.mark.django_db


def test_the_demonstration_holds(settings) -> None:
    settings.JALON_DEMO = True
    settings.JALON_DEMO_PASSWORD = "une-phrase-de-demonstration"
    call_command("demo", verbosity=0)
    tally = selectors.Tally()
    assert list(selectors.altered_objects(tally)) == []
    assert tally.objects > 1000 and tally.files > 50
