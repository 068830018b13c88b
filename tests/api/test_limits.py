"""The number of requests is limited; a cache that is away stops nothing."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient
from rest_framework.throttling import AnonRateThrottle

from foundation.api.throttling import CallerThrottle
from foundation.api.views import UnknownAddress
from foundation.api.viewsets import ApiViewSet
from tests.accounts.factories import make_member, make_supplier_org

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_cache(settings):
    """A cache server that nobody answers for."""
    settings.CACHES = settings.CACHES | {
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


@pytest.fixture
def counted(settings, monkeypatch):
    """Two requests a minute for the anonymous, three for a person."""
    cache.clear()
    settings.API_RATES = {"anonymous": 2, "person": 3, "program": 4}
    monkeypatch.setattr(ApiViewSet, "throttle_classes", [CallerThrottle])


def rates(response):
    """The remaining requests, and the policy that counts them."""
    policy, remaining, _seconds = response["RateLimit"].split(";")
    assert response["RateLimit-Policy"].startswith(f"{policy};q=")
    assert response["RateLimit-Policy"].endswith(";w=60")
    return policy.strip('"'), int(remaining.removeprefix("r="))


def test_every_answer_tells_where_the_caller_stands(counted):
    client = APIClient()
    answers = [client.get("/api/v1/tenders/") for _call in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [rates(answer) for answer in answers] == [("anonymous", 1), ("anonymous", 0), ("anonymous", 0)]
    assert answers[2].json()["type"] == "/api/v1/problems/too_many_requests"
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_a_person_is_counted_apart_from_the_address(counted):
    person = APIClient()
    person.force_authenticate(make_member(make_supplier_org(), "supplier"))
    assert [rates(person.get("/api/v1/orders/")) for _call in range(2)] == [("person", 2), ("person", 1)]
    assert rates(APIClient().get("/api/v1/tenders/")) == ("anonymous", 1)


def test_a_refused_request_counts_too(counted):
    client = APIClient()
    assert client.get("/api/v1/tenders/999999999/").status_code == 404
    assert rates(client.get("/api/v1/tenders/")) == ("anonymous", 0)


def test_a_window_later_everyone_is_served(counted, monkeypatch):
    client = APIClient()
    for _call in range(3):
        client.get("/api/v1/tenders/")
    later = time.time() + 61
    monkeypatch.setattr("foundation.api.throttling.time.time", lambda: later)
    assert client.get("/api/v1/tenders/").status_code == 200
