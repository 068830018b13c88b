"""Asking for a document, laying it out, trying again."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from foundation.documents import printing, registry, selectors, services
from foundation.documents.models import Document, Series
from foundation.documents.services import rendering
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tests.accounts.factories import make_buyer_org, make_user
from tests.documents.factories import (
    make_document,
    make_failed_document,
    make_ready_document,
    order_facts,
    order_kind,
)

pytestmark = pytest.mark.django_db


def render(document, at):
    return services.document_render(document_id=document.pk, at=at)


def acts_on(document) -> list[str]:
    """What the journal tells of a document."""
    lines = Entry.objects.filter(object_type=Document._meta.label, object_id=str(document.pk))
    return list(lines.order_by("pk").values_list("action", flat=True))


def test_facts_are_frozen_as_json(at):
    document = make_document(about=make_buyer_org(), at=at, total=Decimal("12.50"), until=at)
    document.refresh_from_db()
    assert document.facts["total"] == "12.50"
    assert document.facts["until"].startswith(f"{at:%Y-%m-%d}")
    assert document.state == "pending"


def test_numbers_follow_each_other_in_their_year(at):
    about = make_buyer_org()
    numbers = [make_document(about=about, at=at).number for _number in range(3)]
    assert numbers == [f"BC-{at.year}-000{rank}" for rank in (1, 2, 3)]


def test_the_year_of_a_number_is_the_one_people_live_in():
    new_year_in_paris = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert make_document(about=make_buyer_org(), at=new_year_in_paris).number == "BC-2027-0001"


def test_a_rollback_gives_the_number_back(at):
    about = make_buyer_org()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_document(about=about, at=at)
        raise ZeroDivisionError
    assert make_document(about=about, at=at).number.endswith("-0001")


def test_a_kind_without_series_has_no_number(at):
    registry.register(order_kind("tests.note", numbering=""))
    about = make_buyer_org()
    note = services.document_request(
        kind="tests.note", obj=about, facts=order_facts(), title="Note", by=None, at=at
    )
    assert note.number == ""
    assert not Series.objects.exists()
    assert render(note, at).state == "ready"


def test_an_undeclared_kind_is_refused(at):
    with pytest.raises(LookupError):
        services.document_request(kind="tests.no", obj=make_buyer_org(), facts={}, title="", by=None, at=at)


def test_the_commit_rings_the_worker(at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = make_document(about=make_buyer_org(), at=at)
    document.refresh_from_db()
    assert document.state == "ready"


def test_a_ready_document_has_its_digest_in_the_journal(at):
    document = make_ready_document(about=make_buyer_org(), at=at)
    content = document.file.read()
    assert content.startswith(b"%PDF-")
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert acts_on(document) == ["documents.request", "documents.render"]


def test_rendering_twice_does_the_work_once(at):
    document = make_ready_document(about=make_buyer_org(), at=at)
    assert render(document, at + timedelta(hours=1)) is None
    assert acts_on(document) == ["documents.request", "documents.render"]


def test_the_same_row_gives_the_same_bytes(at):
    document = make_ready_document(about=make_buyer_org(), at=at)
    document.refresh_from_db()
    assert [one.sha256 for one in printing.print_document(document)] == [document.sha256]


def test_a_file_cut_short_by_a_crash_is_replaced(at):
    document = make_document(about=make_buyer_org(), at=at)
    document.refresh_from_db()
    (pdf,) = printing.print_document(document)
    name = rendering.storage.put(pdf)
    with default_storage.open(name, "wb") as file:
        file.write(pdf.content[: len(pdf.content) // 2])
    ready = render(document, at)
    assert ready.file.name == name
    assert ready.file.read() == pdf.content


def test_a_storage_that_lies_leaves_no_ready_document(at, monkeypatch):
    monkeypatch.setattr(rendering.storage, "_digest_on_disk", lambda name: "0" * 64)
    document = render(make_document(about=make_buyer_org(), at=at), at)
    assert (document.state, document.last_error, document.file.name) == ("pending", "DamagedFileError", "")


def fail(*args):
    raise RuntimeError("postgres://jalon:secret@db/ Société Confidentielle")


def test_a_failure_waits_longer_each_time_then_says_so(at, monkeypatch):
    monkeypatch.setattr(printing, "orders_of", fail)
    document = make_document(about=make_buyer_org(), at=at)
    waits = []
    for _attempt in range(services.MAX_ATTEMPTS):
        document = render(document, at)
        assert document.last_error == "RuntimeError"
        if document.next_try_at:
            waits.append((document.next_try_at - at).total_seconds())
            assert render(document, document.next_try_at - timedelta(seconds=1)) is None
            at = document.next_try_at
    assert waits == [15, 30, 60, 120]
    assert document.state == "failed"
    assert not selectors.documents_to_render(at=at + timedelta(days=1)).exists()


def test_a_failed_document_gets_a_new_chance(at):
    document = make_failed_document(about=make_buyer_org(), at=at)
    services.document_retry(document=document, by=make_user(), at=at)
    assert render(document, at).state == "ready"
    assert acts_on(document) == ["documents.request", "documents.retry", "documents.render"]


def test_a_new_chance_is_refused_when_nothing_failed(at):
    document = make_ready_document(about=make_buyer_org(), at=at)
    with pytest.raises(Refusal) as refused:
        services.document_retry(document=document, by=make_user(), at=at)
    assert refused.value.code == "forbidden"


def test_a_worker_held_for_dead_loses_its_claim(at):
    document = make_document(about=make_buyer_org(), at=at)
    slow = rendering._claim(document.pk, at)
    assert render(document, at + timedelta(seconds=30)) is None
    finished = render(document, at + selectors.LEASE)
    assert finished.state == "ready"
    late = rendering._finish(slow, printed=printing.print_document(slow), names=["documents/late.pdf"], at=at)
    assert late is None
    assert Document.objects.get(pk=document.pk).file.name == finished.file.name
