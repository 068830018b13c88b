"""Scopes: a token does what it was made for, and nothing else, whatever its owner may do (X1 of trust.md)."""

import pytest

from foundation import clock
from foundation.api import scopes, services
from procurement.api_urls import router
from tests.accounts.factories import make_buyer_org, make_member
from tests.api.client import as_user, by_token
from tests.framework_agreements.factories import make_order, make_world

pytestmark = pytest.mark.django_db

ORDERS = "/api/v1/orders/"


def token_for(user, *codes):
    _token, secret = services.token_create(
        name="Essai", scopes=codes, lifetime_days=7, by=user, at=clock.now()
    )
    return secret


def writing_routes():
    """(viewset, action, scope) of every write of the API."""
    for _prefix, viewset, basename in router.registry:
        view = viewset()
        for pattern in router.get_routes(viewset):
            for method, action in pattern.mapping.items():
                if method.upper() not in ("GET", "HEAD", "OPTIONS") and hasattr(viewset, action):
                    view.action = action
                    yield basename, action, view.scope_for(method.upper())


def test_every_write_needs_a_scope_that_is_declared():
    known = dict(scopes.choices())
    wrong = [(base, action, scope) for base, action, scope in writing_routes() if scope not in known]
    assert not wrong, "give write_scope to these viewsets, and declare it in AppConfig.ready"
    assert len(list(writing_routes())) > 40


def test_every_declared_scope_opens_something():
    used = {scope for _base, _action, scope in writing_routes()} | {scopes.READ}
    assert set(dict(scopes.choices())) == used


def test_a_token_without_the_scope_is_refused_and_told_which_one():
    world = make_world()
    answer = by_token(token_for(world.buyer, "read")).post(ORDERS, {})
    assert answer.status_code == 403
    assert answer.json()["type"] == "/api/v1/problems/insufficient_scope"
    assert answer.json()["errors"][0]["code"] == "orders:write"
    assert 'scope="orders:write"' in answer["WWW-Authenticate"]


def test_drafting_and_issuing_are_two_scopes():
    world = make_world()
    order = make_order(world)
    issue = f"{ORDERS}{order.pk}/issue/"
    assert by_token(token_for(world.buyer, "orders:write"), if_match="*").post(issue).status_code == 403
    assert by_token(token_for(world.buyer, "orders:issue"), if_match="*").post(issue).status_code == 200


def test_a_token_that_only_writes_does_not_read():
    world = make_world()
    secret = token_for(world.buyer, "orders:write")
    assert by_token(secret).get(ORDERS).status_code == 403
    assert by_token(token_for(world.buyer, "read")).get(ORDERS).status_code == 200


def test_a_scope_gives_no_right_that_the_owner_lacks():
    world = make_world()
    order = make_order(world)
    every = [code for code, _label in scopes.choices()]
    prescriber = by_token(token_for(world.prescriber, *every), if_match="*")
    assert prescriber.post(f"{ORDERS}{order.pk}/issue/").status_code == 403


def test_a_session_has_no_scope_and_needs_none():
    assert as_user(make_member(make_buyer_org(), "buyer")).get(ORDERS).status_code == 200
