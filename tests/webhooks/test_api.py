"""`/api/v1/webhooks/`: the same, for a program."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from foundation.api.models import KeptAnswer
from foundation.webhooks import selectors, services
from foundation.webhooks.models import Endpoint
from tests.accounts.factories import make_buyer_org, make_member
from tests.webhooks.factories import make_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_bell")]
LIST = reverse("api:webhook-list")


@pytest.fixture
def own():
    return make_buyer_org()


@pytest.fixture
def admin(own):
    return make_member(own, Role.ORG_ADMIN)


@pytest.fixture
def api(client, admin):
    client.force_login(admin)
    return client


def post(api, url, data=None, **headers):
    return api.post(url, data or {}, content_type="application/json", headers=headers)


def test_the_secret_is_in_the_answer_that_makes_it_and_nowhere_else(api, own, at):
    demand = {"organisation": own.pk, "url": "https://recevoir.exemple.fr/", "event_codes": ["order.issued"]}
    made = post(api, LIST, demand)
    assert made.status_code == 201, made.content
    assert made["Cache-Control"] == "no-store"
    endpoint = Endpoint.objects.get()
    assert made.json()["secret"] == selectors.secrets_in_force(endpoint, at=at)[0]
    assert "secret" not in api.get(reverse("api:webhook-detail", args=[endpoint.pk])).json()


def test_a_key_makes_one_endpoint_and_its_answer_is_kept_encrypted(api, own):
    demand = {"organisation": own.pk, "url": "https://recevoir.exemple.fr/", "event_codes": ["order.issued"]}
    first, second = (post(api, LIST, demand, **{"Idempotency-Key": "une-cle"}) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second["Idempotent-Replayed"] == "true"
    assert second.json() == first.json()
    assert second["Cache-Control"] == "no-store"
    assert Endpoint.objects.count() == 1
    kept = KeptAnswer.objects.get().body
    assert first.json()["secret"] not in kept
    assert "secret" not in kept


def test_a_key_changes_the_secret_once(api, own, at):
    endpoint, _former = make_endpoint(own, at=at)
    url = reverse("api:webhook-rotate", args=[endpoint.pk])
    first, second = (post(api, url, **{"Idempotency-Key": "tourne"}) for _time in range(2))
    assert first.json()["secret"] == second.json()["secret"]
    assert endpoint.secrets.count() == 2


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "http://recevoir.exemple.fr/", "https://localhost:6379/"]
)
def test_a_forbidden_address_is_a_problem_that_points_at_it(api, own, url):
    answer = post(api, LIST, {"organisation": own.pk, "url": url, "event_codes": ["order.issued"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/url"


def test_nobody_adds_an_endpoint_to_another_house(api):
    other = make_buyer_org()
    demand = {
        "organisation": other.pk,
        "url": "https://recevoir.exemple.fr/",
        "event_codes": ["order.issued"],
    }
    assert post(api, LIST, demand).status_code == 422


def test_what_is_sent_may_be_changed_by_whoever_read_it(api, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    address = reverse("api:webhook-detail", args=[endpoint.pk])
    tag = api.get(address)["ETag"]
    change = {"event_codes": ["order.issued", "tender.awarded"]}
    answer = api.patch(address, change, content_type="application/json", headers={"If-Match": tag})
    assert answer.status_code == 200, answer.content
    assert answer.json()["event_codes"] == ["order.issued", "tender.awarded"]
    assert api.delete(address, headers={"If-Match": tag}).status_code == 412


def test_the_log_and_a_message_sent_again(api, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    delivery = services.test_send(endpoint=endpoint, by=admin, at=at)
    rows = api.get(reverse("api:webhook-delivery-list"), {"endpoint": str(endpoint.pk)}).json()["results"]
    assert [row["id"] for row in rows] == [str(delivery.pk)]
    detail = api.get(reverse("api:webhook-delivery-detail", args=[delivery.pk])).json()
    assert (detail["attempts"], detail["abilities"]) == ([], {"replay": True})
    assert post(api, reverse("api:webhook-delivery-replay", args=[delivery.pk])).status_code == 200
    since = {"since": at.isoformat()}
    assert post(api, reverse("api:webhook-replay", args=[endpoint.pk]), since).json() == {"count": 0}


def test_the_events_say_what_they_send(api):
    events = {event["code"]: event for event in api.get(reverse("api:webhook-events")).json()}
    assert {"id", "reference", "url"} <= set(events["tender.published"]["example"])


def test_visitors_are_refused():
    assert APIClient().get(LIST).status_code == 401
