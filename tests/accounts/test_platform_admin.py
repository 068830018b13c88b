"""The first account of an installation."""

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.models import User
from foundation.accounts.selectors import is_platform_admin
from tests.accounts.factories import make_platform_admin, make_siret

pytestmark = pytest.mark.django_db


def found(siret: str) -> None:
    call_command(
        "platform_admin", "ada@example.org", "Ada Test", organisation="Exploitant", siret=siret, stdout=None
    )


def test_the_first_administrator_may_sign_in(monkeypatch, client) -> None:
    monkeypatch.setenv("JALON_ADMIN_PASSWORD", "un chemin de cailloux")
    found(make_siret())
    assert is_platform_admin(User.objects.get(email="ada@example.org"))
    answer = client.post(
        "/compte/connexion/", {"login": "ada@example.org", "password": "un chemin de cailloux"}
    )
    assert answer.status_code == 302


def test_a_weak_password_or_a_wrong_siret_leaves_nothing(monkeypatch) -> None:
    monkeypatch.setenv("JALON_ADMIN_PASSWORD", "123")
    with pytest.raises(CommandError, match="mot de passe"):
        found(make_siret())
    monkeypatch.setenv("JALON_ADMIN_PASSWORD", "un chemin de cailloux")
    with pytest.raises(CommandError, match="SIRET"):
        found("12345678901234")
    assert not User.objects.filter(email="ada@example.org").exists()


def test_the_second_joins_the_first_and_a_third_call_is_refused(monkeypatch) -> None:
    """What one gives waits for another: an installation starts with two."""
    monkeypatch.setenv("JALON_ADMIN_PASSWORD", "un chemin de cailloux")
    first = make_platform_admin()
    house = first.memberships.get().organisation
    found(house.siret)
    assert is_platform_admin(User.objects.get(email="ada@example.org"))
    assert house.memberships.filter(role="platform_admin").count() == 2
    with pytest.raises(CommandError, match="déjà"):
        found(make_siret())
