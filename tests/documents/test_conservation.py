"""How long documents stay (law.md L44): terms, holds, and a purge that PostgreSQL allows only after the term."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from foundation.accounts.enums import Role
from foundation.documents import legal, registry, services, storage, tasks
from foundation.documents.enums import DocumentForm
from foundation.documents.legal import RetentionClass
from foundation.documents.models import Document, Retention
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.journal.selectors import Tally, altered_objects
from tests.accounts.factories import make_buyer_org, make_member, make_user
from tests.documents.factories import make_document, make_failed_document, order_facts, order_kind
from tests.journal.tampering import tamper
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
WORDS = [registry.Section(paragraphs=("Un mot.",))]


@pytest.fixture
def organisation():
    return make_buyer_org()


@pytest.fixture
def keeper(organisation, client):
    person = make_member(organisation, Role.ORG_ADMIN)
    client.force_login(person)
    return person


def ready(organisation, at, **options):
    document = services.document_request(
        kind="tests.order",
        obj=organisation,
        facts=order_facts(lines=1),
        title="Commande",
        by=None,
        at=at,
        organisation=organisation,
        **options,
    )
    return services.document_render(document_id=document.pk, at=at)


def over(organisation, at, **options):
    """A ready document whose five years ended yesterday."""
    document = ready(organisation, at, **options)
    starts = localdate(at) - relativedelta(years=5) - timedelta(days=1)
    services.term_start(objects=[organisation], starts_date=starts, by=None, at=at)
    document.refresh_from_db()
    return document


def test_the_durations_are_those_of_the_texts():
    assert legal.keep_until(RetentionClass.PROCEDURE, date(2026, 3, 3)) == date(2031, 3, 3)
    assert legal.keep_until(RetentionClass.CONTRACT, date(2026, 3, 3)) == date(2036, 3, 3)
    assert legal.keep_until(RetentionClass.PROCEDURE, date(2024, 2, 29)) == date(2029, 2, 28)
    assert set(legal.RULES) == set(RetentionClass)


def test_a_term_begins_with_its_event_and_is_never_shortened(organisation, at):
    document = ready(organisation, at)
    assert document.retention.keep_until_date is None
    first, second = localdate(at) - timedelta(days=30), localdate(at)
    assert services.term_start(objects=[organisation], starts_date=second, by=None, at=at) == 1
    assert services.term_start(objects=[organisation], starts_date=first, by=None, at=at) == 0
    assert Retention.objects.get(document=document).starts_date == second
    assert Entry.objects.filter(object_id=str(document.pk), action="documents.term_start").count() == 1


def test_a_later_document_has_the_term_of_its_elders(organisation, at):
    elder = over(organisation, at)
    assert ready(organisation, at).retention.keep_until_date == elder.retention.keep_until_date


def test_a_draft_is_kept_one_year(organisation, at):
    draft = ready(organisation, at, is_draft=True)
    assert draft.number == ""
    assert draft.retention.retention_class == RetentionClass.WORKING
    assert draft.retention.keep_until_date == localdate(at) + relativedelta(years=1)
    services.term_start(objects=[organisation], starts_date=localdate(at), by=None, at=at)
    assert Retention.objects.get(document=draft).retention_class == RetentionClass.WORKING


def test_the_purge_takes_the_content_and_leaves_the_proof(organisation, at):
    registry._KINDS["tests.order"] = order_kind(
        forms=(DocumentForm.PDF, DocumentForm.DOCX), sections=lambda document: WORDS
    )
    document = over(organisation, at)
    names = [part.file.name for part in document.forms]
    kept = (document.number, document.title, document.sha256, document.size, document.ready_at)
    assert services.documents_purge(at=at) == 1
    document = Document.objects.get(pk=document.pk)
    assert (document.number, document.title, document.sha256, document.size, document.ready_at) == kept
    assert (document.state, document.facts, document.file.name, document.forms) == ("purged", {}, "", [])
    assert [rendition.file.name for rendition in document.renditions.all()] == [""]
    assert not any(default_storage.exists(name) for name in names)
    entry = Entry.objects.get(object_id=str(document.pk), action="documents.purge")
    assert entry.actor is None
    assert services.documents_purge(at=at) == 0


def test_nothing_goes_before_its_term(organisation, at):
    document = ready(organisation, at)
    assert services.documents_purge(at=at + timedelta(days=9000)) == 0
    services.term_start(
        objects=[organisation], starts_date=localdate(at) - relativedelta(years=5), by=None, at=at
    )
    assert services.documents_purge(at=at) == 0, "the last day is a whole day"
    document.refresh_from_db()
    assert document.state == "ready"


def test_postgresql_refuses_a_purge_before_the_term_whoever_asks(organisation, at):
    for document in (ready(organisation, at), make_failed_document(about=make_buyer_org(), at=at)):
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(state="purged", facts={}, purged_at=at)


def test_a_server_whose_clock_runs_ahead_purges_nothing(organisation, at):
    """The date of the purge is compared with that of the database, not only with the caller's."""
    ready(organisation, at)
    services.term_start(objects=[organisation], starts_date=localdate(at), by=None, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        services.documents_purge(at=at + timedelta(days=3000))


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"number": ""}, {"facts": {"a": 1}}, {"state": "ready"}, {"file": "x.pdf"}],
)
def test_what_a_purge_leaves_never_changes(organisation, at, changes):
    document = over(organisation, at)
    services.documents_purge(at=at)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**changes)


def test_a_purge_may_not_take_the_facts_of_a_ready_document(organisation, at):
    document = over(organisation, at)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(facts={})


def test_a_crash_before_the_files_are_removed_is_mended_by_the_next_run(organisation, at, monkeypatch):
    document = over(organisation, at)
    name = document.file.name

    def fail(name):
        raise OSError

    monkeypatch.setattr(storage, "remove", fail)
    with pytest.raises(OSError):
        services.documents_purge(at=at)
    monkeypatch.undo()
    document.refresh_from_db()
    assert (document.state, document.file.name) == ("purged", name)
    assert default_storage.exists(name)
    assert services.documents_purge(at=at) == 0
    document.refresh_from_db()
    assert document.file.name == ""
    assert not default_storage.exists(name)


def test_a_held_document_stays(client, organisation, keeper, at):
    document = over(organisation, at)
    page = reverse("documents:hold", args=[document.pk])
    assert client.post(page, {"reason": "  "}).status_code == 200
    assert client.post(page, {"reason": "Recours n° 2601234"}).status_code == 302
    assert services.documents_purge(at=at) == 0
    listed = client.get(reverse("documents:conservation")).content.decode()
    assert "Recours n° 2601234" in listed
    assert client.post(reverse("documents:release", args=[document.pk])).status_code == 302
    assert services.documents_purge(at=at) == 1
    gone = client.get(reverse("documents:conservation") + "?vue=elimines").content.decode()
    assert document.number in gone
    told = Entry.objects.filter(object_id=str(document.pk), actor=keeper).order_by("pk")
    assert [entry.action for entry in told] == ["documents.hold", "documents.release"]
    shown = client.get(document.get_absolute_url()).content.decode()
    assert "n’est plus conservé" in shown
    assert document.sha256 in shown
    assert client.get(reverse("documents:download", args=[document.pk])).status_code == 404


def test_only_its_administrators_hold_a_document(organisation, at):
    document = over(organisation, at)
    for person in (
        make_user(),
        make_member(organisation, Role.BUYER),
        make_member(make_buyer_org(), Role.ORG_ADMIN),
    ):
        with pytest.raises(Refusal):
            services.document_hold(document=document, reason="x", by=person, at=at)
        with pytest.raises(Refusal):
            services.document_release(document=document, by=person, at=at)


def test_a_hold_has_a_reason_and_a_content(organisation, keeper, at):
    document = over(organisation, at)
    with pytest.raises(Refusal):
        services.document_hold(document=document, reason=" ", by=keeper, at=at)
    services.documents_purge(at=at)
    document.refresh_from_db()
    with pytest.raises(Refusal):
        services.document_hold(document=document, reason="Recours", by=keeper, at=at)


def test_the_page_lists_what_goes_within_the_year(client, organisation, keeper, at):
    soon, far = ready(organisation, at, is_draft=True), ready(organisation, at)
    page = client.get(reverse("documents:conservation")).content.decode()
    assert reverse("documents:hold", args=[soon.pk]) in page
    assert reverse("documents:hold", args=[far.pk]) not in page
    assert "R2184-12" in page


def test_the_nightly_task_purges_and_completes(organisation, at):
    document = over(organisation, at)
    old = make_document(about=make_buyer_org(), at=at)
    with as_owner():
        Retention.objects.filter(document=old).delete()
    tasks.purge_documents()
    document.refresh_from_db()
    assert document.state == "purged"
    assert Retention.objects.get(document=old).retention_class == RetentionClass.PROCEDURE


def test_a_purged_document_is_still_what_the_journal_says(organisation, at):
    """Its content is gone by an act; a content that goes, or comes back, without one is told."""
    document = over(organisation, at)
    services.documents_purge(at=at)
    assert list(altered_objects(Tally())) == []
    tamper("""UPDATE documents_document SET facts = '{"a": 1}' WHERE id = %s""", document.pk)
    (found,) = altered_objects(Tally())
    assert "Document éliminé" in found and str(document.pk) in found
