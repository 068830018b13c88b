"""Access tokens: made and revoked by their owner only, shown once, dated, told in the journal."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation import clock
from foundation.api import services
from foundation.api.models import AccessToken
from foundation.journal.models import Entry
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def make_token(user, at=None, days=30, scopes=("read",)):
    return services.token_create(
        name="Tableau de bord", scopes=scopes, lifetime_days=days, by=user, at=at or clock.now()
    )


def call(secret):
    return APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {secret}")


def test_a_token_lets_a_program_act_as_its_owner():
    user = make_user()
    _token, secret = make_token(user)
    response = call(secret)
    assert response.status_code == 200
    assert response.json()["email"] == user.email


def test_only_a_digest_is_kept():
    _token, secret = make_token(make_user())
    kept = AccessToken.objects.values_list("digest", "token_key", "name").get()
    assert secret not in kept
    assert secret.startswith(kept[1])


def test_an_expired_token_answers_401():
    _token, secret = make_token(make_user(), at=clock.now() - timedelta(days=8), days=7)
    assert call(secret).status_code == 401


def test_the_token_of_a_closed_account_answers_401():
    user = make_user()
    _token, secret = make_token(user)
    user.is_active = False
    user.save()
    assert call(secret).status_code == 401


def test_a_revoked_token_answers_401_at_once(at):
    user = make_user()
    token, secret = make_token(user)
    services.token_revoke(token=token, by=user, at=at)
    assert call(secret).status_code == 401


def test_last_use_is_kept_without_a_write_each_time(django_assert_num_queries):
    token, secret = make_token(make_user())
    call(secret)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    with django_assert_num_queries(4):  # token with its user, user, memberships, roles held: no UPDATE
        call(secret)
    token.refresh_from_db()
    assert token.last_used_at == first


def test_creation_and_revocation_are_in_the_journal(at):
    user = make_user()
    token, _secret = make_token(user)
    services.token_revoke(token=token, by=user, at=at)
    actions = Entry.objects.filter(actor=user).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["api.create_token", "api.revoke_token"]


def test_the_pages_create_show_once_list_and_revoke(client):
    user = make_user()
    client.force_login(user)
    created = client.post(
        reverse("tokens:create"), {"name": "Export du soir", "scopes": ["read"], "lifetime_days": 30}
    )
    assert created.status_code == 200
    secret = created.context["secret"]
    assert secret in created.content.decode()
    assert call(secret).status_code == 200
    listed = client.get(reverse("tokens:list")).content.decode()
    assert "Export du soir" in listed
    assert secret not in listed
    assert "no-store" in created["Cache-Control"]
    token = AccessToken.objects.get()
    assert client.post(reverse("tokens:revoke", args=[token.token_key]), follow=True).status_code == 200
    assert not AccessToken.objects.exists()


def test_a_bad_form_keeps_what_was_typed(client):
    client.force_login(make_user())
    response = client.post(reverse("tokens:create"), {"name": "", "lifetime_days": 4000})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"name", "scopes", "lifetime_days"}
    assert not AccessToken.objects.exists()


def test_nobody_revokes_the_token_of_another(client):
    token, secret = make_token(make_user())
    client.force_login(make_user())
    assert client.post(reverse("tokens:revoke", args=[token.token_key])).status_code == 404
    assert call(secret).status_code == 200


def test_list_has_a_constant_number_of_queries(client, django_assert_max_num_queries):
    user = make_user()
    for _number in range(12):
        make_token(user)
    client.force_login(user)
    with django_assert_max_num_queries(6):
        client.get(reverse("tokens:list"))
