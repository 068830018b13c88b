"""The API's door to the documents."""

import pytest
from django.urls import reverse

from foundation.documents import registry
from tests.accounts.factories import make_buyer_org, make_user
from tests.documents.factories import make_document, make_failed_document, make_ready_document, order_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    """The one person who sees the documents of the test, signed in."""
    registry._KINDS["tests.order"] = order_kind(
        can_see=lambda user, document: user.pk == document.created_by_id
    )
    user = make_user()
    client.force_login(user)
    return user


def url(name, document):
    return reverse(f"api:document-{name}", args=[document.pk])


def test_it_tells_the_state_and_the_rights(client, reader, at):
    document = make_document(about=make_buyer_org(), by=reader, at=at)
    answer = client.get(url("detail", document)).json()
    assert (answer["state"], answer["number"]) == ("pending", document.number)
    assert answer["download_url"] is None
    assert answer["abilities"] == {"download": False, "retry": False}
    assert "facts" not in answer


def test_the_file_is_behind_its_address(client, reader, at):
    document = make_ready_document(about=make_buyer_org(), by=reader, at=at)
    answer = client.get(url("detail", document)).json()
    assert answer["sha256"] == document.sha256
    file = client.get(answer["download_url"])
    assert b"".join(file.streaming_content).startswith(b"%PDF-")


def test_it_does_not_exist_for_others(client, reader, at):
    document = make_ready_document(about=make_buyer_org(), by=reader, at=at)
    client.force_login(make_user())
    for name in ("detail", "download"):
        answer = client.get(url(name, document))
        assert answer.status_code == 404
        assert answer["Content-Type"].startswith("application/problem+json")
    assert client.post(url("retry", document)).status_code == 404


def test_a_failed_document_is_tried_again(client, reader, at):
    document = make_failed_document(about=make_buyer_org(), by=reader, at=at)
    assert client.get(url("detail", document)).json()["abilities"]["retry"] is True
    assert client.post(url("retry", document)).json()["state"] == "pending"


def test_a_new_try_of_a_ready_document_is_a_problem(client, reader, at):
    document = make_ready_document(about=make_buyer_org(), by=reader, at=at)
    answer = client.post(url("retry", document))
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("application/problem+json")
