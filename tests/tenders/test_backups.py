"""S5: a backup copy stays closed, but in the two cases of annexe 6, proven and traced (L25)."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.files.findings import Finding
from foundation.journal.models import Entry
from tenders import procedure_file, selectors, services
from tenders.enums import BackupCase, BidState, PartKind
from tenders.models import UploadSession
from tests.accounts.factories import make_member
from tests.owner import behind_the_triggers
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    custodians_of,
    make_bid,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
)

pytestmark = pytest.mark.django_db
ONES = {1: {"UO-1": "1", "UO-2": "1"}}
DECLARED = services.CandidatureDraft(is_declared=True)
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
    """A bid that no longer opens: the storage gives other bytes than those of its file."""
    file = bid.parts.filter(kind=PartKind.FILE).first().file
    file.storage.delete(file.name)
    file.storage.save(file.name, ContentFile(b"\0" * 100))


def open_copy(tender, copy, case):
    """A buyer asks for the copy; two custodians open it."""
    services.backup_ask(bid=copy, case=case, reason="Constaté en séance.", by=tender.created_by, at=now())
    for custodian in custodians_of(tender)[:2]:
        services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
    copy.refresh_from_db()
    return copy


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
    with behind_the_triggers():
        type(session).objects.filter(pk=session.pk).update(opened_at=copy.deposited_at)
        # The deadline of the test was moved to the past; the sending began before it all the same.
        moved = session.round.due_at - (now() - copy.deposited_at)
        type(session).objects.filter(pk=session.pk).update(opened_at=moved)
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(PDF), by=by)
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    late = services.bid_deposit(envelope=envelope, prices=ONES, candidature=DECLARED, by=by)
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


def sent_by_pieces(tender, by, firm):
    """A bid whose file was sent piece by piece: its sending has its line."""
    session = services.upload_open(tender=tender, bidder=firm, by=by)
    file = services.upload_add_file(session=session, name="offre.pdf", size=len(PDF), by=by)
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(PDF), by=by)
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    return services.bid_deposit(envelope=envelope, prices=ONES, candidature=DECLARED, by=by)


def stays_closed_although_begun_in_time(tender, copy, sent) -> None:
    """The bids are opened; the copy is refused, even if the sending of this bid began an hour before the deadline."""
    open_bids(tender)
    copy.round.refresh_from_db()
    with behind_the_triggers():
        begun = copy.round.due_at - timedelta(hours=1)
        UploadSession.objects.filter(pk=sent.pk).update(opened_at=begun)
    with pytest.raises(Refusal, match="deux cas seulement"):
        open_copy(tender, copy, BackupCase.NOT_OPENED)


def test_the_copy_of_a_bid_that_was_withdrawn_stays_closed(doubled):
    """The sending of the bid began and ended in time: the firm took its bid back, nothing failed."""
    tender, by, firm, copy = doubled
    bid = sent_by_pieces(tender, by, firm)
    services.bid_withdraw(bid=bid, by=by)
    stays_closed_although_begun_in_time(tender, copy, bid)


def test_the_copy_stays_closed_when_a_bid_in_time_was_opened_although_another_came_late(doubled):
    tender, by, firm, copy = doubled
    make_bid(tender, by=by, bidder=firm)
    pass_deadline(tender)
    late = sent_by_pieces(tender, by, firm)
    stays_closed_although_begun_in_time(tender, copy, late)


def test_no_copy_is_opened_once_the_award_is_decided(doubled):
    tender, by, firm, copy = doubled
    harm(make_bid(tender, by=by, bidder=firm))
    open_bids(tender)
    services.lot_leave(lot=tender.lots.get(), reason="Aucune offre.", by=tender.created_by, at=now())
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    services.tender_award(tender=tender, by=signatory, at=now())
    with pytest.raises(Refusal) as refused:
        open_copy(tender, copy, BackupCase.NOT_OPENED)
    assert refused.value.code == "forbidden"


def sent_with_malware(tender, by, firm):
    """A bid of two files, one with a signature that passes the door: across the joint of two pieces, it is found by
    the whole check after the opening.
    """
    content = b"a" * (1024 * 1024 - 10) + EICAR + b" fin"
    session = services.upload_open(tender=tender, bidder=firm, by=by)
    file = services.upload_add_file(session=session, name="note.txt", size=len(content), by=by)
    for start in (0, 1024 * 1024):
        piece = content[start : start + 1024 * 1024]
        file = services.upload_receive(
            file=file, offset=start, stream=io.BytesIO(piece), length=len(piece), by=by
        )
    return sent_by_pieces(tender, by, firm)


def exported(tender) -> list[str]:
    """The names of the files of bids in the whole file of the procedure, each read to its end."""
    entries = procedure_file.archive_of(tender, by=tender.created_by, at=now())
    sent = {name: b"".join(chunks) for name, chunks in entries if name.startswith("plis/")}
    return sorted(name.rpartition("-")[2] for name in sent)


def test_the_whole_file_of_the_procedure_leaves_out_malware_and_bids_set_aside(doubled):
    """Not before a worker has checked the files; a bid set aside does not break the archive off."""
    tender, by, firm, copy = doubled
    bid = sent_with_malware(tender, by, firm)
    tender = open_bids(tender)
    with pytest.raises(services.NotInspectedError):
        exported(tender)
    services.opened_files_inspect(at=now())
    assert exported(tender) == ["offre.pdf"]
    open_copy(tender, copy, BackupCase.MALWARE)
    services.opened_files_inspect(at=now())
    bid.refresh_from_db()
    assert bid.state == BidState.UNREADABLE
    assert exported(tender) == ["a.pdf"]


def test_malware_in_the_bid_sets_it_aside_for_the_copy(doubled):
    tender, by, firm, copy = doubled
    bid = sent_with_malware(tender, by, firm)
    open_bids(tender)
    services.opened_files_inspect(at=now())
    open_copy(tender, copy, BackupCase.MALWARE)
    bid.refresh_from_db(), copy.refresh_from_db()
    assert (bid.state, copy.state) == (BidState.UNREADABLE, BidState.OPENED)
    assert [offer.bid_id for offer in selectors.offers_of(tender.lots.get())] == [copy.pk]


def test_a_harmful_copy_is_discarded_in_its_turn_by_the_check_of_its_files(doubled, monkeypatch):
    tender, by, firm, copy = doubled
    harm(make_bid(tender, by=by, bidder=firm))
    tender = open_bids(tender)
    open_copy(tender, copy, BackupCase.NOT_OPENED)
    copy.refresh_from_db()
    assert copy.state == BidState.OPENED
    monkeypatch.setattr("foundation.files.services.examine", lambda **_kw: Finding("malware"))
    services.opened_files_inspect(at=now())
    copy.refresh_from_db()
    assert copy.state == BidState.UNREADABLE
    assert Entry.objects.filter(action="tenders.backup_discard").count() == 1


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
            services.backup_ask(bid=copy, case=BackupCase.NOT_OPENED, reason="Non.", by=person, at=now())
