"""The demonstration tells the same story twice without a line more, and hides nothing of what it wrote."""

import pytest

from concierge import demo as concierge_demo
from foundation.accounts import demo as people
from foundation.clock import now
from foundation.journal.models import Entry
from needs import demo as needs_demo
from tenders import demo
from tenders.enums import BidState, Phase
from tenders.models import Bid, Candidature, CustodianKey, Tender
from tenders.reconciliation import DEPOSITS

pytestmark = pytest.mark.django_db


def test_the_story_is_told_once():
    at = now()
    cast = people.tell(at=at)
    needs_demo.tell(cast, at=at)
    concierge_demo.tell(cast, at=at)
    demo.tell(cast, at=at)
    counts = Tender.objects.count(), Bid.objects.count(), CustodianKey.objects.count()
    assert counts[0] >= 60
    demo.tell(cast, at=at)
    assert (Tender.objects.count(), Bid.objects.count(), CustodianKey.objects.count()) == counts
    examined = Candidature.objects.values_list("state", flat=True)
    assert {"received", "to_complete", "admitted"} <= set(examined)
    told = {tender.phase(at) for tender in Tender.objects.filter(buyer=cast.orgs["dinum"])}
    assert told == set(Phase)
    told = Entry.objects.filter(action__in=DEPOSITS).values_list("object_id", flat=True)
    assert set(told) == {str(pk) for pk in Bid.objects.values_list("pk", flat=True)}, "each bid has its line"
    assert Bid.objects.filter(state=BidState.LATE).count() == 1
