"""The number of requests is limited; a cache that is away stops nothing."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient
from rest_framework.throttling import AnonRateThrottle

from foundation.api.views import UnknownAddress
from tests.accounts.factories import make_member, make_supplier_org

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_cache(settings):
    """A cache server that nobody answers for."""
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=0"},
    }


class TwoAMinute(AnonRateThrottle):
    rate = "2/min"


def test_beyond_the_limit_is_429(monkeypatch):
    cache.clear()
    monkeypatch.setattr(UnknownAddress, "throttle_classes", [TwoAMinute])
    client = APIClient()
    statuses = [client.get("/api/v1/nowhere/").status_code for _call in range(3)]
    assert statuses == [404, 404, 429]
    response = client.get("/api/v1/nowhere/")
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0


def test_the_api_answers_without_its_cache(without_cache, monkeypatch):
    monkeypatch.setattr(UnknownAddress, "throttle_classes", [TwoAMinute])
    assert APIClient().get("/api/v1/nowhere/").status_code == 404


def test_people_sign_in_without_the_cache(without_cache, settings, client):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "5/5m/key"}
    user = make_member(make_supplier_org(), "supplier")
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    typed = {"login": user.email, "password": "motdepasse-de-test"}
    assert client.post(reverse("account_login"), {**typed, "password": "faux"}).status_code == 200
    assert client.post(reverse("account_login"), typed).url == reverse("screens:dashboard")
