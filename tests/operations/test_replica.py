"""A copy of the database for public pages: only those, only for readers without account, never for a write."""

import pytest
from django.conf import settings as ours
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse

from foundation.accounts.models import Organisation
from procurement.operations import replica
from tests.accounts.factories import make_buyer_org, make_user
from tests.tenders.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)
READ_ONLY = "-c default_transaction_read_only=on"


@pytest.fixture
def copy(settings, monkeypatch):
    """A second, read-only way to the database of the tests, as a copy without delay would be."""
    told = {
        **connections.settings["default"],
        "OPTIONS": {"options": READ_ONLY},
        "TEST": {"MIRROR": "default"},
    }
    told["NAME"] = connection.settings_dict["NAME"]
    connections.settings[replica.ALIAS] = told
    monkeypatch.setattr(replica, "_away_until", 0.0)
    settings.DATABASE_ROUTERS = ["procurement.operations.replica.ReplicaRouter"]
    settings.MIDDLEWARE = [*ours.MIDDLEWARE, "procurement.operations.replica.ReplicaMiddleware"]
    found = connections[replica.ALIAS]

    def connect():
        """Django's tests shut every alias that the settings did not have when they began."""
        if found.connection is None:
            with found.wrap_database_errors:
                found.connect()

    monkeypatch.setattr(found, "ensure_connection", connect)
    yield found
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS]
    del connections.settings[replica.ALIAS]


def asked(client, url, copy, **more):
    """(answer, statements to the copy, statements to the primary)."""
    with CaptureQueriesContext(copy) as there, CaptureQueriesContext(connection) as here:
        answer = client.get(url, **more)
    return answer, len(there), len(here)


def test_a_public_page_reads_the_copy_and_nothing_else(client, copy):
    tender = make_published()
    answer, there, here = asked(client, reverse("tenders:list"), copy)
    assert tender.reference in answer.content.decode()
    assert there > 0
    assert here == 0


@pytest.mark.parametrize("name", sorted(replica.MAY_BE_LATE))
def test_each_page_named_exists(name):
    try:
        path = reverse(name)
    except NoReverseMatch:
        path = reverse(name, args=["1"])
    assert resolve(path).view_name == name


def test_the_page_of_a_consultation_tells_its_deadline_from_the_primary(client, copy):
    tender = make_published()
    answer, there, here = asked(client, reverse("tenders:detail", args=[tender.pk]), copy)
    assert answer.status_code == 200
    assert (there, here > 0) == (0, True)


def test_who_is_signed_in_reads_the_primary(client, copy):
    client.force_login(make_user())
    _answer, there, here = asked(client, reverse("tenders:list"), copy)
    assert (there, here > 0) == (0, True)


def test_a_token_reads_the_primary(client, copy):
    _answer, there, _here = asked(
        client, reverse("tenders:list"), copy, headers={"Authorization": "Token abc"}
    )
    assert there == 0


def test_the_next_request_of_the_same_process_starts_anew(client, copy):
    asked(client, reverse("tenders:list"), copy)
    assert not replica.reads_the_copy.get()


def test_a_write_never_goes_to_the_copy_nor_what_is_read_around_it(copy):
    organisation = make_buyer_org()
    token = replica.reads_the_copy.set(True)
    try:
        found = Organisation.objects.get(pk=organisation.pk)
        assert found._state.db == replica.ALIAS
        found.city = "Lyon"
        found.save()
        with transaction.atomic():
            assert Organisation.objects.get(pk=organisation.pk)._state.db == "default"
    finally:
        replica.reads_the_copy.reset(token)
    organisation.refresh_from_db()
    assert organisation.city == "Lyon"


def test_while_the_copy_is_away_the_primary_answers(client, copy):
    tender = make_published()
    copy.close()
    copy.settings_dict["HOST"], copy.settings_dict["PORT"] = "127.0.0.1", "9"
    answer = client.get(reverse("tenders:list"))
    assert tender.reference in answer.content.decode()
    assert not replica.is_reachable(), "and it is left alone for a while"


def test_without_a_copy_the_middleware_is_not_there(rf):
    from django.core.exceptions import MiddlewareNotUsed

    with pytest.raises(MiddlewareNotUsed):
        replica.ReplicaMiddleware(lambda request: None)
