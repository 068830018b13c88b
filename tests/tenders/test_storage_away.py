"""A storage that fails is no fact about a bid: nothing opens, nothing is judged, and the opening is done again."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from foundation.errors import Refusal
from foundation.journal.models import Entry
from tenders import services
from tenders.enums import BidState, PartKind, TenderState
from tenders.models import SealedPart
from tests.tenders.factories import PASSPHRASE, custodians_of, make_bid, make_published, open_bids

pytestmark = pytest.mark.django_db


@pytest.fixture
def tender():
    tender = make_published()
    make_bid(tender, files=[("memoire.txt", b"m" * 2_000)])
    make_bid(tender, files=[("memoire.txt", b"n" * 2_000)])
    return tender


def paths(tender) -> list[Path]:
    """Where the sealed files are."""
    parts = SealedPart.objects.filter(bid__tender=tender, kind=PartKind.FILE)
    return [Path(default_storage.path(part.file.name)) for part in parts]


def states(tender) -> set[str]:
    return set(tender.bids.values_list("state", flat=True))


def refused_opening(tender) -> None:
    """The opening stops, says so, leaves everything as it was and a line in the journal."""
    with pytest.raises(Refusal, match="stockage"):
        open_bids(tender)
    tender.refresh_from_db()
    assert tender.state == TenderState.PUBLISHED
    assert states(tender) == {BidState.DEPOSITED}
    assert not Entry.objects.filter(action="tenders.bid_unreadable").exists()
    assert Entry.objects.filter(action="tenders.opening_refused").count() == 1


def opens_at_last(tender) -> None:
    """The last custodian gives the passphrase again: everything opens."""
    last = custodians_of(tender)[tender.custodian_threshold - 1]
    services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=last)
    assert states(tender) == {BidState.OPENED}


def test_without_any_file_the_opening_waits(tender):
    found = paths(tender)
    for path in found:
        path.rename(path.with_suffix(".away"))
    refused_opening(tender)
    for path in found:
        path.with_suffix(".away").rename(path)
    opens_at_last(tender)


def test_a_reading_that_fails_stops_the_opening_of_all(tender):
    path = paths(tender)[-1]
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # what is there and cannot be read
    refused_opening(tender)
    path.rmdir()
    path.with_suffix(".away").rename(path)
    opens_at_last(tender)
