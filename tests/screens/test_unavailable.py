"""The database away, a disk full: 503, when to come back, what to hold for lost; our own faults stay 500."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from tests.accounts.factories import make_platform_admin

AWAY = ["database", "connection", "disk", "storage", "answer"]
OURS = ["fault", "missing", "forbidden"]


@pytest.fixture
def failing(settings) -> Client:
    settings.ROOT_URLCONF = "tests.screens.failing_urls"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", AWAY)
def test_what_is_away_is_a_503_with_its_delay(failing, name):
    page, program = failing.get(f"/echec/{name}/"), failing.get(f"/api/v1/echec/{name}/")
    assert (page.status_code, program.status_code) == (503, 503)
    assert page["Retry-After"] == program["Retry-After"] == "30"
    assert "Sans accusé ni confirmation" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()
    assert program["Content-Type"] == "application/problem+json"
    assert program.json()["type"].endswith("problems/unavailable")


@pytest.mark.parametrize("name", OURS)
def test_a_fault_of_ours_stays_a_500(failing, name):
    page, program = failing.get(f"/echec/{name}/"), failing.get(f"/api/v1/echec/{name}/")
    assert (page.status_code, program.status_code) == (500, 500)
    assert "Retry-After" not in page
    assert "Retry-After" not in program


def test_a_body_that_was_cut_is_a_408(failing):
    page, program = failing.get("/echec/cut/"), failing.get("/api/v1/echec/cut/")
    assert (page.status_code, program.status_code) == (408, 408)
    assert "interrompu" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/tableau-de-bord/", "/api/v1/organisations/"])
def test_the_database_away_whichever_layer_asks_first(monkeypatch, address):
    """A session is read by a middleware, a page by its view, a list by the API."""
    client = Client(raise_request_exception=False)
    client.force_login(make_platform_admin())
    assert client.get(address).status_code in (200, 302)

    def away(*args, **kwargs):
        raise OperationalError("could not connect to server: Connection refused")

    monkeypatch.setattr(CursorWrapper, "execute", away)
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
