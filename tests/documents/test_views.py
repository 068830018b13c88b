"""Pages of a document."""

import pytest
from django.urls import reverse

from foundation.documents import registry
from tests.accounts.factories import make_buyer_org, make_user
from tests.documents.factories import make_document, make_failed_document, make_ready_document, order_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    return make_buyer_org()


def secret_kind():
    """A kind that only the person who asked for the document may see."""
    return order_kind(can_see=lambda user, document: user.pk == document.created_by_id)


@pytest.fixture
def reader(client, monkeypatch):
    """The one person who sees the documents of the test, signed in."""
    registry._KINDS["tests.order"] = secret_kind()
    user = make_user()
    client.force_login(user)
    return user


def url(name, document):
    return reverse(f"documents:{name}", args=[document.pk])


def test_the_page_asks_again_while_it_waits(client, about, reader, at):
    page = client.get(url("detail", make_document(about=about, by=reader, at=at))).content.decode()
    assert "Le document se prépare" in page
    assert 'hx-trigger="every' in page
    assert "Actualiser" in page


def test_htmx_gets_the_middle_of_the_page_alone(client, about, reader, at):
    document = make_document(about=about, by=reader, at=at)
    part = client.get(url("detail", document), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Le document se prépare" in part


def test_a_ready_document_is_offered_with_its_digest(client, about, reader, at):
    document = make_ready_document(about=about, by=reader, at=at)
    page = client.get(url("detail", document)).content.decode()
    assert url("download", document) in page
    assert document.sha256 in page
    assert "every 2s" not in page


def test_the_file_comes_whole_under_a_safe_name(client, about, reader, at):
    document = make_ready_document(about=about, by=reader, at=at, title='../../é"; x="\r\n<b>')
    answer = client.get(url("download", document), follow=True)
    content = b"".join(answer.streaming_content)
    assert len(content) == document.size
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="bc-{at.year}-0001-e-x-b.pdf"'
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["detail", "download"])
def test_who_may_not_see_it_finds_nothing(client, about, reader, at, name):
    document = make_ready_document(about=about, by=reader, at=at)
    client.force_login(make_user())
    assert client.get(url(name, document)).status_code == 404
    client.logout()
    assert client.get(url(name, document)).status_code == 404


def test_there_is_no_file_before_it_is_ready(client, about, reader, at):
    assert client.get(url("download", make_document(about=about, by=reader, at=at))).status_code == 404


def test_a_failed_document_is_tried_again(client, about, reader, at, django_capture_on_commit_callbacks):
    document = make_failed_document(about=about, by=reader, at=at)
    page = client.get(url("detail", document)).content.decode()
    assert "Réessayer" in page
    assert "MemoryError" not in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("retry", document), follow=True)
    assert "Un nouvel essai est lancé" in answer.content.decode()
    document.refresh_from_db()
    assert document.state == "ready"


def test_nobody_else_may_try_again(client, about, reader, at):
    document = make_failed_document(about=about, by=reader, at=at)
    client.force_login(make_user())
    assert client.post(url("retry", document)).status_code == 404
    client.logout()
    registry._KINDS["tests.order"] = order_kind()
    page = client.get(url("detail", document)).content.decode()
    assert "Réessayer" not in page
    assert client.post(url("retry", document)).status_code == 404


def test_a_new_try_of_a_ready_document_is_refused(client, about, reader, at):
    document = make_ready_document(about=about, by=reader, at=at)
    assert client.post(url("retry", document)).status_code == 404


def test_a_kind_nobody_declares_any_more_is_seen_by_nobody(client, about, reader, at):
    document = make_ready_document(about=about, by=reader, at=at)
    del registry._KINDS["tests.order"]
    assert client.get(url("detail", document)).status_code == 404


def test_reading_it_costs_few_queries(client, about, reader, at, django_assert_max_num_queries):
    document = make_ready_document(about=about, by=reader, at=at)
    with django_assert_max_num_queries(10):
        client.get(url("detail", document))
