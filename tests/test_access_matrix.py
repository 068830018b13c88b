"""X1: every address × every role × {own, same organisation, other one, anonymous}, from the URL resolver.

How to add rows is told in `tests/access/matrix.py`.
"""

import importlib
import json
import pkgutil

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import tests.access
from foundation.api import scopes
from foundation.api.services import token_create
from tests.access.matrix import ACTORS, ANONYMOUS, OPEN_DOOR, Row, World, url_names


def rows_of_every_app():
    """All the rows by URL name, each as a list; the same URL in two files is an error."""
    found = {}
    for module in pkgutil.iter_modules(tests.access.__path__):
        rows = getattr(importlib.import_module(f"tests.access.{module.name}"), "ROWS", {})
        twice = found.keys() & rows.keys()
        assert not twice, f"declared twice: {sorted(twice)}"
        found.update({name: row if isinstance(row, list) else [row] for name, row in rows.items()})
    return found


NAMES = url_names()
ROWS = rows_of_every_app()
CLIENT = Client(raise_request_exception=False)
CASES = [pytest.param(name, row, id=f"{row.method} {name}") for name in sorted(ROWS) for row in ROWS[name]]


def test_every_url_has_a_row():
    assert sorted(NAMES.keys() - ROWS.keys()) == []


def test_every_row_has_a_url():
    assert sorted(ROWS.keys() - NAMES.keys()) == []


def test_every_method_of_the_api_has_a_row():
    missing = []
    for name, pattern in NAMES.items():
        accepted = set(getattr(pattern.callback, "actions", None) or {}) - {"head"}
        missing += [f"{method} {name}" for method in accepted - {row.method for row in ROWS.get(name, [])}]
    assert sorted(missing) == []


@pytest.fixture(autouse=True)
def _sessions_in_cookies(settings):
    """Eight thousand sign-ins: their sessions need not be rows."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), CASES)
def test_only_those_allowed_get_in(name, row):
    world = World()
    address = row.address(name, world)
    is_api = address.startswith("/api/")
    data = row.data(world) if callable(row.data) else row.data
    faults = []
    for actor in row.actors:
        response = attempt(world, actor, row, address, method=row.method, data=data)
        faults += fault_of(row, actor, response, is_api=is_api)
        faults += kept_by_a_cache(world, row, actor, response)
    if row is ROWS[name][0]:
        faults += other_methods(name, row, world, address)
    assert not faults, f"{row.method.upper()} {address}\n" + "\n".join(faults)


def other_methods(name, row, world, address):
    """GET and POST, when no row of this address has them, must be refused even to whoever may do the rest."""
    actor = next((actor for actor in ACTORS if actor != ANONYMOUS and row.allows(actor)), ANONYMOUS)
    for method in {"get", "post"} - {row.method for row in ROWS[name]}:
        got = attempt(world, actor, row, address, method=method, data={}).status_code
        if got not in {404, 405}:
            yield f"  {method.upper()} has no row and answers {got}, expected 404 or 405"


def attempt(world, actor, row, address, *, method, data):
    """What this actor gets; whatever it writes is undone."""
    CLIENT.cookies.clear()
    user = world.user(actor) if actor != ANONYMOUS else None
    body, headers = {"data": data}, {}
    if address.startswith("/api/") and method != "get":
        headers["If-Match"] = "*"
        body = {"data": json.dumps(data), "content_type": "application/json"}
    with transaction.atomic():
        if user and row.by_token:
            every = [code for code, _label in scopes.choices()]
            _token, secret = token_create(name="Essai", scopes=every, lifetime_days=7, by=user, at=world.at)
            headers["Authorization"] = f"Token {secret}"
        elif user:
            CLIENT.force_login(user)
        response = getattr(CLIENT, method)(address, headers=headers, **body)
        transaction.set_rollback(True)
    return response


def fault_of(row, actor, response, *, is_api):
    """In words, what is wrong with this answer; nothing when it is right."""
    expected = row.expected(actor, is_api=is_api)
    got = response.status_code
    if got not in expected:
        yield f"  {actor}: {got}, expected {sorted(expected)}"
    elif got == 302:
        to_sign_in = response.url.startswith(reverse("account_login"))
        if to_sign_in is row.allows(actor):
            yield f"  {actor}: sent to {response.url}"


def kept_by_a_cache(world, row, actor, response):
    """What a shared browser would keep of an answer to this person, in words; what anybody may read may be kept."""
    if actor == ANONYMOUS or row.by_token:
        return
    names_him = not response.streaming and str(world.user(actor)).encode() in response.content
    said = response.headers.get("Cache-Control", "")
    if (names_him or not row.allows(ANONYMOUS)) and "no-store" not in said:
        yield f"  {actor}: {response.status_code}, Cache-Control « {said} »"


def try_page(world, row, name):
    """What a newcomer gets from this page."""
    return attempt(world, "newcomer@nowhere", row, reverse(name), method="get", data={})


class TestTheEngine:
    """The matrix must be able to fail."""

    def test_patterns(self):
        row = Row(allowed={"buyer@own*", "supplier@firm"})
        allowed = {actor for actor in ACTORS if row.allows(actor)}
        assert allowed == {"buyer@own", "buyer@own-bystander", "supplier@firm"}

    def test_expectations(self):
        row = Row(allowed={"buyer@own"})
        assert row.expected("buyer@own", is_api=False) == {200}
        assert row.expected("buyer@other", is_api=False) == {404}
        assert row.expected(ANONYMOUS, is_api=False) == {302, 404}
        assert row.expected("buyer@other", is_api=True) == {404}
        written = Row(allowed={"buyer@own"}, method="post")
        assert written.expected("buyer@own", is_api=True) == OPEN_DOOR
        assert written.expected("buyer@other", is_api=True) == {403, 404}

    @pytest.mark.django_db
    def test_a_door_left_open_is_found(self):
        world, row = World(), Row(allowed={"platform_admin@platform"})
        response = try_page(world, row, "accounts:profile")
        assert list(fault_of(row, "newcomer@nowhere", response, is_api=False))

    @pytest.mark.django_db
    def test_a_door_wrongly_shut_is_found(self):
        world, row = World(), Row(allowed={"newcomer@nowhere"})
        response = try_page(world, row, "accounts:user_list")
        assert list(fault_of(row, "newcomer@nowhere", response, is_api=False))
