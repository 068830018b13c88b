"""S5: a backup copy stays closed, but in the two cases of annexe 6, proven and traced (L25)."""

import io

import pgtrigger
import pytest

from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.journal.models import Entry
from tenders import selectors, services
from tenders.enums import BackupCase, BidState, PartKind
from tests.tenders.factories import PDF, make_bid, make_published, make_supplier, open_bids, pass_deadline

pytestmark = pytest.mark.django_db
CASES = (BackupCase.MALWARE, BackupCase.NOT_OPENED)


@pytest.fixture
def doubled():
    """A consultation, a supplier, his firm, and his backup copy: (tender, by, firm, copy)."""
    tender, (by, firm) = make_published(), make_supplier()
    copy = make_bid(
        tender, by=by, bidder=firm, prices={"UO-1": "7", "UO-2": "7"}, files=[("a.pdf", PDF)], is_backup=True
    )
    return tender, by, firm, copy


def harm(bid) -> None:
    """Sealed rows that no longer open, as if the storage had lost them."""
    part = bid.parts.get(kind=PartKind.PRICES)
    with pgtrigger.ignore("tenders.SealedPart:immutable"):
        bid.parts.filter(pk=part.pk).update(sealed_sha256="0" * 64)


def open_copy(tender, copy, case):
    return services.backup_open(
        bid=copy, case=case, reason="Constaté en séance.", by=tender.created_by, at=now()
    )


def test_a_copy_replaces_nothing_and_stays_closed_when_the_bid_opens(doubled):
    tender, by, firm, copy = doubled
    bid = make_bid(tender, by=by, bidder=firm)
    open_bids(tender)
    bid.refresh_from_db(), copy.refresh_from_db()
    assert (bid.state, copy.state) == (BidState.OPENED, BidState.BACKUP)
    for case in CASES:
        with pytest.raises(Refusal, match="deux cas seulement"):
            open_copy(tender, copy, case)


def test_a_copy_opens_in_place_of_an_unreadable_bid_and_it_is_traced(doubled):
    tender, by, firm, copy = doubled
    harm(make_bid(tender, by=by, bidder=firm))
    open_bids(tender)
    open_copy(tender, copy, BackupCase.NOT_OPENED)
    copy.refresh_from_db()
    assert (copy.state, copy.backup_case) == (BidState.OPENED, BackupCase.NOT_OPENED)
    [offer] = selectors.offers_of(tender.lots.get())
    assert offer.bid_id == copy.pk
    entry = Entry.objects.get(action="tenders.backup_open")
    assert "Constaté en séance" in entry.reason


def test_a_late_bid_whose_sending_began_in_time_lets_its_copy_be_opened(doubled):
    tender, by, firm, copy = doubled
    session = services.upload_open(tender=tender, bidder=firm, by=by)
    file = services.upload_add_file(session=session, name="offre.pdf", size=len(PDF), by=by)
    pass_deadline(tender)
    session.round.refresh_from_db()
    with pgtrigger.ignore("tenders.UploadSession:same_place"):
        type(session).objects.filter(pk=session.pk).update(opened_at=copy.deposited_at)
        # The deadline of the test was moved to the past; the sending began before it all the same.
        moved = session.round.due_at - (now() - copy.deposited_at)
        type(session).objects.filter(pk=session.pk).update(opened_at=moved)
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(PDF), by=by)
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    late = services.bid_deposit(envelope=envelope, prices={1: {"UO-1": "1", "UO-2": "1"}}, by=by)
    open_bids(tender)
    assert late.state == BidState.LATE
    assert open_copy(tender, copy, BackupCase.NOT_OPENED).state == BidState.OPENED


def test_a_late_bid_that_began_late_opens_no_copy(doubled):
    tender, by, firm, copy = doubled
    pass_deadline(tender)
    make_bid(tender, by=by, bidder=firm)
    open_bids(tender)
    with pytest.raises(Refusal, match="deux cas seulement"):
        open_copy(tender, copy, BackupCase.NOT_OPENED)


def test_malware_in_the_bid_sets_it_aside_for_the_copy(doubled):
    tender, by, firm, copy = doubled
    # A signature that passes the door: across the joint of two pieces, found by the whole check after the opening.
    content = b"a" * (1024 * 1024 - 10) + EICAR + b" fin"
    session = services.upload_open(tender=tender, bidder=firm, by=by)
    file = services.upload_add_file(session=session, name="note.txt", size=len(content), by=by)
    for start in (0, 1024 * 1024):
        piece = content[start : start + 1024 * 1024]
        file = services.upload_receive(
            file=file, offset=start, stream=io.BytesIO(piece), length=len(piece), by=by
        )
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    bid = services.bid_deposit(envelope=envelope, prices={1: {"UO-1": "1", "UO-2": "1"}}, by=by)
    open_bids(tender)
    services.opened_files_inspect(at=now())
    open_copy(tender, copy, BackupCase.MALWARE)
    bid.refresh_from_db(), copy.refresh_from_db()
    assert (bid.state, copy.state) == (BidState.UNREADABLE, BidState.OPENED)
    assert [offer.bid_id for offer in selectors.offers_of(tender.lots.get())] == [copy.pk]


def test_a_late_copy_is_never_opened(doubled):
    tender, by, firm, _copy = doubled
    pass_deadline(tender)
    late = make_bid(tender, by=by, bidder=firm, is_backup=True)
    open_bids(tender)
    assert late.state == BidState.LATE
    with pytest.raises(Refusal):
        open_copy(tender, late, BackupCase.NOT_OPENED)


def test_a_second_copy_replaces_the_first(doubled):
    tender, by, firm, copy = doubled
    second = make_bid(tender, by=by, bidder=firm, is_backup=True)
    copy.refresh_from_db()
    assert (copy.state, second.state) == (BidState.REPLACED, BidState.BACKUP)


def test_only_a_buyer_opens_a_copy_once_the_bids_are_opened(doubled):
    tender, by, _firm, copy = doubled
    for person in (by, tender.created_by):
        with pytest.raises(Refusal):
            services.backup_open(bid=copy, case=BackupCase.NOT_OPENED, reason="Non.", by=person, at=now())
