"""`journal_verify`: lines, then the objects that they hold; an act under way does not disturb it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.journal.models import Entry
from tests.journal.tampering import tamper
from tests.tenders.factories import make_bid, make_published, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


def verify(*options: str) -> str:
    """What the command says; it raises CommandError with what it found."""
    said = StringIO()
    call_command("journal_verify", *options, stdout=said)
    return said.getvalue()


def test_objects_are_compared_unless_one_asks_for_the_lines_alone() -> None:
    tender = make_published()
    bid = make_bid(tender)
    said = verify()
    assert "intact" in said and "fichiers relus : 3 (" in said, "a file of the bid, two of documents"
    part = bid.parts.get(kind="prices")
    tamper("UPDATE tenders_sealedpart SET sealed_data = '\\x00' WHERE id = %s", part.pk)
    line = Entry.objects.select_related("link").get(action="tenders.bid_deposit").link.index
    with pytest.raises(CommandError) as caught:
        verify()
    assert str(caught.value).splitlines()[1:] == [
        f"Pli scellé (tenders.Bid {bid.pk}) : ce n'est plus ce que tient la ligne {line} du journal"
    ]
    assert "intact" in verify("--lines-only")


def test_a_bid_that_replaces_another_leaves_both_as_the_journal_says() -> None:
    by, firm = make_supplier()
    tender = make_published()
    first, second = (make_bid(tender, by=by, bidder=firm) for _number in range(2))
    verify()
    acts = list(Entry.objects.filter(object_id=str(first.pk)).order_by("id").values_list("action", flat=True))
    assert acts == ["tenders.bid_deposit", "tenders.bid_replace"]
    tamper("UPDATE tenders_bid SET state = 'late' WHERE id = %s", second.pk)
    with pytest.raises(CommandError, match=f"État d’un pli .tenders.Bid {second.pk}"):
        verify()
