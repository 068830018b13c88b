"""Progressive sending: sealed as it comes, resumed after a cut, deposited by one short transaction (I6, D2, L22)."""

import hashlib
import io
import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.journal.models import Entry
from tenders import services
from tenders.enums import BidState, UploadState
from tenders.models import Bid, OpenedFile, UploadedFile, UploadEvent, UploadSession
from tenders.services import bids, uploads
from tests.owner import as_owner
from tests.tenders import without_script
from tests.tenders.factories import PDF, make_published, make_supplier, open_bids, pass_deadline

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024
CONTENT = PDF + b"secret content " * 250_000
PRICES = {1: {"UO-1": "1000", "UO-2": "2000"}}


@pytest.fixture
def sender():
    """A consultation, and a supplier who began a sending: (tender, by, firm, session)."""
    tender, (by, firm) = make_published(), make_supplier()
    return tender, by, firm, services.upload_open(tender=tender, bidder=firm, by=by)


def announce(session, by, content=CONTENT, name="memoire.pdf"):
    return services.upload_add_file(session=session, name=name, size=len(content), by=by)


def send(file, content, by, piece=MIB):
    """Send what is left of a content, piece by piece."""
    while not file.is_complete:
        data = content[file.received : file.received + piece]
        file = services.upload_receive(
            file=file, offset=file.received, stream=io.BytesIO(data), length=len(data), by=by
        )
    return file


def deposit(tender, by, firm):
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    draft = services.CandidatureDraft(is_declared=True)
    return services.bid_deposit(envelope=envelope, prices=PRICES, candidature=draft, by=by)


def stored(folder) -> list[str]:
    """Every name kept below a folder of the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in files] + [n for f in folders for n in stored(f"{folder}/{f}")]


@pytest.mark.parametrize("piece", [MIB, 2 * MIB, 4 * MIB])
def test_a_file_sent_by_pieces_opens_as_it_was(sender, piece):
    tender, by, firm, session = sender
    file = send(announce(session, by), CONTENT, by, piece)
    bid = deposit(tender, by, firm)
    assert bid.pk == session.pk, "everything was bound to the bid before its first byte"
    open_bids(tender)
    opened = OpenedFile.objects.get(part__bid=bid)
    assert (opened.name, opened.size, opened.part_id) == ("memoire.pdf", len(CONTENT), file.pk)
    read = services.bid_file_read(part=opened.part, by=tender.created_by, at=now())
    assert b"".join(read.chunks) == CONTENT


def test_nothing_in_clear_is_kept_on_the_way(sender):
    """S1, the part of the sending: neither content nor name in the storage or in the rows."""
    _tender, by, _firm, session = sender
    file = announce(session, by, name="prix-secret-de-la-firme.pdf")
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(CONTENT[: 2 * MIB]), by=by)
    kept = b"".join(default_storage.open(name).read() for name in stored("tenders/uploads"))
    assert kept and b"secret content" not in kept
    row = UploadedFile.objects.filter(pk=file.pk).values().get()
    assert "prix-secret" not in repr(
        {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}
    )


def test_a_cut_keeps_what_came_and_the_rest_goes_on(sender):
    tender, by, firm, session = sender

    class Cut(io.BytesIO):
        """A connection that dies after two mebibytes and a half."""

        def read(self, size=-1):
            data = super().read(size)
            if not data:
                raise OSError("connection reset")
            return data

    file = announce(session, by)
    file = services.upload_receive(file=file, offset=0, stream=Cut(CONTENT[: 2 * MIB + MIB // 2]), by=by)
    assert (file.received, file.is_complete) == (2 * MIB + MIB // 2, False)
    with pytest.raises(Refusal, match="n'est pas arrivé en entier"):
        deposit(tender, by, firm)
    again = services.upload_open(tender=tender, bidder=firm, by=by)
    assert again == session, "the same sending is found again after a reload"
    send(UploadedFile.objects.get(pk=file.pk), CONTENT, by)
    open_bids(deposit(tender, by, firm).tender)
    assert OpenedFile.objects.get().size == len(CONTENT)
    assert list(UploadEvent.objects.filter(kind="cut").values_list("size", flat=True)) == [2 * MIB + MIB // 2]


@pytest.mark.parametrize("length", [1, 10, 4096, 70_000])
def test_a_piece_of_any_length_advances(sender, length):
    """Below a segment of the seal too: a small piece was answered « received: 0 », for ever."""
    tender, by, firm, session = sender
    content = CONTENT[: 3 * length + 1]
    file = announce(session, by, content)
    for start in range(0, len(content), length):
        piece = content[start : start + length]
        file = services.upload_receive(
            file=file, offset=start, stream=io.BytesIO(piece), length=len(piece), by=by
        )
        assert file.received == start + len(piece)
    open_bids(deposit(tender, by, firm).tender)
    assert OpenedFile.objects.get().size == len(content)


def test_a_server_that_stops_before_joining_loses_nothing_and_adds_nothing(sender, monkeypatch):
    """The browser asks to go on from the end: the file is joined, not sealed once more."""
    tender, by, firm, session = sender
    file = announce(session, by)
    with monkeypatch.context() as stopped:
        stopped.setattr(uploads, "_complete", lambda file: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            services.upload_receive(file=file, offset=0, stream=io.BytesIO(CONTENT), by=by)
    services.upload_receive(file=file, offset=len(CONTENT), stream=io.BytesIO(b""), by=by)
    open_bids(deposit(tender, by, firm).tender)
    assert OpenedFile.objects.get().size == len(CONTENT)
    assert not stored(f"tenders/uploads/{session.pk}/{file.pk}")


def test_a_piece_out_of_its_turn_is_refused_and_says_where_to_go_on(sender):
    _tender, by, _firm, session = sender
    file = announce(session, by)
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(CONTENT[:MIB]), by=by)
    for offset in (0, 2 * MIB):
        with pytest.raises(Refusal, match=str(MIB)) as caught:
            services.upload_receive(file=file, offset=offset, stream=io.BytesIO(CONTENT), by=by)
        assert caught.value.code == "conflict"


@pytest.mark.parametrize(
    ("name", "size"), [("virus.exe", 10), ("facture.pdf.exe", 10), ("a.pdf", 0), ("a.pdf", 10**12)]
)
def test_a_file_that_is_not_accepted_is_refused_before_its_first_byte(sender, name, size):
    _tender, by, _firm, session = sender
    with pytest.raises(Refusal):
        services.upload_add_file(session=session, name=name, size=size, by=by)


@pytest.mark.parametrize("content", [b"MZ\x90\x00" + os.urandom(500), EICAR])
def test_what_hurts_is_refused_as_it_arrives_and_thrown_away(sender, content):
    _tender, by, _firm, session = sender
    file = announce(session, by, content, name="note.txt")
    with pytest.raises(Refusal):
        services.upload_receive(file=file, offset=0, stream=io.BytesIO(content), by=by)
    file.refresh_from_db()
    assert file.removed_at
    assert UploadEvent.objects.filter(kind="refused", file=file.pk).exists()


def test_only_who_began_a_sending_goes_on_with_it(sender):
    _tender, _by, _firm, session = sender
    stranger, _other = make_supplier()
    with pytest.raises(Refusal) as caught:
        announce(session, stranger)
    assert caught.value.code == "forbidden"


def test_an_upload_that_ends_after_the_deadline_makes_a_late_bid_with_its_evidence(sender):
    """D2: begun before, ended after. The telemetry shows both instants (L22)."""
    tender, by, firm, session = sender
    file = announce(session, by)
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(CONTENT[:MIB]), by=by)
    pass_deadline(tender)
    send(UploadedFile.objects.get(pk=file.pk), CONTENT, by)
    bid = deposit(tender, by, firm)
    assert bid.state == BidState.LATE
    instants = list(session.events.values_list("noted_at", flat=True))
    session.refresh_from_db()
    assert instants == sorted(instants) and session.opened_at <= instants[0]
    assert session.closed_at == bid.deposited_at


def test_the_evidence_is_immutable(sender):
    for broken in (
        lambda: UploadEvent.objects.update(size=1),
        lambda: UploadSession.objects.update(opened_at=now()),
    ):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            broken()


def test_a_deposit_by_pieces_is_twenty_three_statements_at_most(sender):
    tender, by, firm, session = sender
    for number in range(3):
        send(announce(session, by, name=f"piece-{number}.pdf"), CONTENT, by)
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    bids.seal_prices(envelope, PRICES)
    envelope.seal_contents()
    envelope.recipients = [by]
    with CaptureQueriesContext(connection) as queries:
        bids.commit_deposit(envelope, {}, by)
    told = [q["sql"][:110] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(told) <= 23, "\n".join(told)


def test_a_forgotten_sending_is_thrown_away_and_told_to_the_journal(sender):
    tender, by, _firm, session = sender
    send(announce(session, by), CONTENT, by)
    services.upload_receive(file=announce(session, by), offset=0, stream=io.BytesIO(CONTENT[:MIB]), by=by)
    assert services.uploads_purge(at=now() + timedelta(days=3)) == 0, (
        "while the deadline is ahead, all is kept"
    )
    pass_deadline(tender)
    assert services.uploads_purge(at=now()) == 0, "not an hour after the last sign of life"
    assert services.uploads_purge(at=now() + timedelta(days=3)) == 1
    session.refresh_from_db()
    assert session.state == UploadState.ABANDONED
    assert stored(f"tenders/uploads/{session.pk}") == [] and stored(f"tenders/sealed/{tender.pk}") == []
    assert Entry.objects.filter(action="tenders.upload_abandon", object_id=str(session.pk)).count() == 1


def test_a_file_of_a_deposited_bid_is_not_taken_back(sender):
    tender, by, firm, session = sender
    file = send(announce(session, by), CONTENT, by)
    deposit(tender, by, firm)
    with pytest.raises(Refusal):
        services.upload_remove_file(file=file, by=by)
    assert services.uploads_purge(at=now() + timedelta(days=90)) == 0


def test_a_sending_that_ended_as_a_bid_is_not_given_up_afterwards(sender):
    """Two requests at once: the deposit came first, after the other had read the sending as open."""
    tender, by, firm, session = sender
    deposit(tender, by, firm)
    with pytest.raises(Refusal):
        uploads._abandon(session, by=by, at=now())
    session.refresh_from_db()
    assert session.state == UploadState.DEPOSITED


def test_a_file_announced_meanwhile_is_not_left_behind_in_silence(sender, monkeypatch):
    """Announced from another window after the answer was read as whole: the deposit is refused, nothing is lost."""
    tender, by, firm, session = sender
    send(announce(session, by), CONTENT, by)
    right = bids.store_files
    monkeypatch.setattr(bids, "store_files", lambda *given: (announce(session, by), right(*given)))
    with pytest.raises(Refusal, match="ont changé"):
        deposit(tender, by, firm)
    session.refresh_from_db()
    assert session.state == UploadState.OPEN


# The doors


def test_the_whole_way_through_the_api():
    tender, (by, firm) = make_published(), make_supplier()
    client = APIClient(headers={"If-Match": "*"})
    client.force_login(by)
    address = reverse("api:upload-list")
    upload = client.post(address, {"tender": tender.pk, "bidder": firm.pk}, format="json")
    assert upload.status_code == 201, upload.json()
    own = f"{address}{upload.json()['id']}/"
    file = client.post(
        f"{own}files/", {"name": "offre.pdf", "size": len(CONTENT), "lot": 1}, format="json"
    ).json()
    while not file["is_complete"]:
        piece = CONTENT[file["received"] : file["received"] + 2 * MIB]
        answer = client.put(
            f"{own}files/{file['id']}/",
            piece,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(file["received"])},
        )
        assert answer.status_code == 200, answer.json()
        file = answer.json()
        assert answer["Upload-Offset"] == str(file["received"])
    stale = client.put(
        f"{own}files/{file['id']}/",
        b"x",
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": "0"},
    )
    assert stale.status_code == 409
    body = {"prices": {"1": PRICES[1]}, "candidature": {"is_declared": True}}
    bid = client.post(f"{own}deposit/", body, format="json")
    assert bid.status_code == 201, bid.json()
    assert bid.json()["id"] == upload.json()["id"]
    assert client.get(own).json()["state"] == "deposited"


def test_a_refused_form_keeps_its_files_and_a_second_try_deposits_them(client):
    """Nothing lost from the form, even without any script."""
    tender, (by, _firm) = make_published(), make_supplier()
    client.force_login(by)
    address = reverse("tenders:answer", args=[tender.pk])
    lines = tender.lots.get().price_lines.all()
    file = SimpleUploadedFile("memoire.pdf", CONTENT)
    page = client.post(address, {f"prix-{lines[0].pk}": "10", "lot-1-files": file})
    assert page.status_code == 200 and "memoire.pdf" in page.content.decode()
    kept = UploadedFile.objects.get()
    assert "memoire.pdf" not in client.get(address).content.decode(), "its name is sealed"
    prices = {f"prix-{line.pk}": "10" for line in lines}
    told = {f"nom-{kept.pk}": "memoire.pdf", f"empreinte-{kept.pk}": hashlib.sha256(CONTENT).hexdigest()}
    data = {**prices, "declared": "on", **told}
    page = without_script.answer(client, tender, data)
    bid = Bid.objects.get()
    assert bid.pk == kept.session_id and "memoire.pdf" in page.content.decode()
    open_bids(tender)
    assert OpenedFile.objects.get(part__bid=bid).name == "memoire.pdf"


def test_a_file_already_received_is_taken_out_from_the_page(client, sender):
    tender, by, _firm, session = sender
    file = send(announce(session, by), CONTENT, by)
    client.force_login(by)
    client.post(reverse("tenders:upload_remove", args=[tender.pk, file.pk]))
    file.refresh_from_db()
    assert file.removed_at and not default_storage.exists(file.file.name)
