"""A token is no way around the second factor that a role demands (V6.3.3 of trust.md A12, X1)."""

import pytest
from rest_framework.test import APIClient

from foundation import clock
from foundation.accounts.enums import Role
from foundation.api import services
from tests.accounts.factories import make_buyer_org, make_delegation, make_member
from tests.accounts.sessions import enrol
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demanded(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def make_token(user):
    _token, secret = services.token_create(
        name="Tableau de bord", scopes=["read"], lifetime_days=30, by=user, at=clock.now()
    )
    return secret


def call(secret):
    return APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {secret}")


def test_a_token_older_than_the_role_stops_until_the_second_factor_is_set_up():
    user = make_member(make_buyer_org(), Role.BUYER)
    secret = make_token(user)
    assert call(secret).status_code == 200
    with as_owner():
        user.memberships.update(role=Role.SIGNATORY)
    answer = call(secret)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/second_factor")
    assert "ce jeton ne sert pas" in answer.json()["detail"]
    enrol(user)
    assert call(secret).status_code == 200


def test_what_is_public_is_not_read_with_it_either():
    secret = make_token(make_member(make_buyer_org(), Role.CUSTODIAN))
    answer = APIClient().get("/api/v1/tenders/", HTTP_AUTHORIZATION=f"Token {secret}")
    assert answer.status_code == 403


def test_a_role_that_is_lent_demands_it_as_well():
    organisation = make_buyer_org()
    signatory = make_member(organisation, Role.SIGNATORY)
    delegate = make_member(organisation, Role.BUYER)
    secret = make_token(delegate)
    make_delegation(signatory, delegate, organisation, Role.SIGNATORY)
    assert call(secret).status_code == 403


def test_an_installation_that_does_not_ask_changes_nothing(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    assert call(make_token(make_member(make_buyer_org(), Role.SIGNATORY))).status_code == 200


def test_a_program_has_no_second_factor_to_give():
    organisation = make_buyer_org()
    _program, _token, secret = services.program_open(
        organisation=organisation,
        name="Pilotage",
        roles=[Role.FRAMEWORK_ADMIN],
        scopes=["read"],
        lifetime_days=30,
        by=make_member(organisation, Role.ORG_ADMIN),
        at=clock.now(),
    )
    assert call(secret).status_code == 200
