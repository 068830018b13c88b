"""The screens of an administrator; what the other system wrote is shown as words, never as markup (U5)."""

import re

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.webhooks import deliveries, services
from foundation.webhooks.models import Attempt, Delivery, Endpoint
from tests.accounts.factories import make_buyer_org, make_member
from tests.webhooks.factories import make_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_bell")]


@pytest.fixture
def own():
    return make_buyer_org()


@pytest.fixture
def admin(client, own):
    user = make_member(own, Role.ORG_ADMIN)
    client.force_login(user)
    return user


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_an_address_to_its_first_message(client, own, admin, receiver, at):
    """Add, read the secret once, try, read the answer, send again."""
    answer = client.post(
        reverse("webhooks:create"),
        {
            "organisation": own.pk,
            "url": receiver.url,
            "description": "Compta",
            "event_codes": ["order.issued", "document.ready"],
        },
    )
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page(answer))[0]
    endpoint = Endpoint.objects.get()
    detail = endpoint.get_absolute_url()
    assert secret not in page(client.get(detail))

    client.post(reverse("webhooks:test", args=[endpoint.pk]))
    receiver.body = b"<b onmouseover=alert(1)>merci</b>"
    assert deliveries.deliver(clock=lambda: Delivery.objects.get().created_at) == 1
    delivery = Delivery.objects.get()
    assert "webhook.test" in page(client.get(detail))
    shown = page(client.get(delivery.get_absolute_url()))
    assert "&lt;b onmouseover=alert(1)&gt;merci" in shown
    assert "<b onmouseover" not in shown
    assert str(delivery.pk) in shown

    client.post(reverse("webhooks:delivery-replay", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_a_forbidden_address_is_refused_beside_its_field_and_kept(client, own, admin):
    typed = {
        "organisation": own.pk,
        "url": "https://169.254.169.254/latest/",
        "event_codes": ["order.issued"],
    }
    shown = page(client.post(reverse("webhooks:create"), typed))
    assert "pas une adresse IP" in shown
    assert "https://169.254.169.254/latest/" in shown
    assert not Endpoint.objects.exists()


def test_a_new_secret_is_shown_once(client, own, admin, at):
    endpoint, old = make_endpoint(own, at=at, by=admin)
    rotate = reverse("webhooks:rotate", args=[endpoint.pk])
    assert "whsec_" not in page(client.get(rotate))
    new = re.search(r"whsec_[A-Za-z0-9+/=]+", page(client.post(rotate)))[0]
    assert new != old
    assert endpoint.secrets.count() == 2


def test_paused_then_resumed_then_forgotten(client, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    for name, state in (("pause", "paused"), ("resume", "active")):
        client.post(reverse(f"webhooks:{name}", args=[endpoint.pk]))
        endpoint.refresh_from_db()
        assert endpoint.state == state
    client.post(reverse("webhooks:delete", args=[endpoint.pk]))
    assert not Endpoint.objects.exists()


def test_what_was_written_since_a_day_leaves_again(client, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    replay = reverse("webhooks:replay", args=[endpoint.pk])
    assert "rien ne repart" in page(client.post(replay, {"since": "2026-01-01T00:00"}, follow=True))
    assert "Écrivez une date" in page(client.post(replay, {"since": "hier"}, follow=True))


def test_an_endpoint_stopped_says_why_and_shows_on_the_dashboard(client, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    services.endpoint_stop(endpoint=endpoint, reason="Aucun envoi reçu depuis 5 jours.", at=at)
    assert "Aucun envoi reçu depuis 5 jours." in page(client.get(endpoint.get_absolute_url()))
    assert "Une est arrêtée." in page(client.get(reverse("screens:dashboard")))


def test_every_event_is_shown_with_its_message(client, admin):
    shown = page(client.get(reverse("webhooks:events")))
    for code in ("tender.published", "order.issued", "iteration.accepted", "document.ready"):
        assert code in shown


def test_the_organisation_leads_there(client, own, admin):
    shown = page(client.get(reverse("accounts:organisation_detail", args=[own.pk])))
    assert reverse("webhooks:list") in shown


def test_the_log_costs_the_same_whatever_its_length(client, own, admin, at, django_assert_max_num_queries):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    for _number in range(20):
        delivery = services.test_send(endpoint=endpoint, by=admin, at=at)
        Attempt.objects.create(delivery=delivery, tried_at=at, status=500, latency_ms=3)
    client.get(endpoint.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(endpoint.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(delivery.get_absolute_url())
