"""What leaves, signed, at least once, to those who asked and may know; what happens when nobody answers (U4)."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from standardwebhooks import Webhook, WebhookVerificationError

from foundation import clock
from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.notifications.models import Notification
from foundation.webhooks import deliveries, registry, selectors, sending, services
from foundation.webhooks.models import Attempt, Delivery, Endpoint, Secret
from foundation.webhooks.registry import EventType
from tests.accounts.factories import make_buyer_org, make_member
from tests.webhooks.conftest import Receiver
from tests.webhooks.factories import make_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_bell")]
EVENT = EventType("tests.happened", "Il s’est passé quelque chose", lambda organisation, obj: True, {"id": 1})
OWN = EventType("tests.private", "Entre nous", lambda organisation, obj: organisation.pk == obj.pk, {"id": 1})


@pytest.fixture(autouse=True)
def _events(monkeypatch):
    monkeypatch.setattr(registry, "_EVENTS", dict(registry._EVENTS))
    registry.register(EVENT)
    registry.register(OWN)


@pytest.fixture
def about():
    return make_buyer_org()


@pytest.fixture
def admin(about):
    return make_member(about, Role.ORG_ADMIN)


@pytest.fixture
def heard(receiver, about, admin, at):
    """An endpoint at the receiver, and its secret."""
    return make_endpoint(about, at=at, url=receiver.url, events=[EVENT.code, OWN.code], by=admin)


def happen(about, at, *, event=EVENT.code, key=""):
    return services.event_tell(event=event, obj=about, data={"id": about.pk, "at": at}, at=at, key=key)


def send(at=None):
    at = at or clock.now()
    return deliveries.deliver(clock=lambda: at)


def arrived(receiver, secret):
    """What the receiver reads once it has checked the signature, as its library does."""
    _path, headers, body = receiver.requests[-1]
    return Webhook(secret).verify(body, headers)


def test_what_arrives_is_signed_and_says_what_happened(receiver, heard, about, at):
    _endpoint, secret = heard
    happen(about, at)
    assert send() == 1
    path, headers, _body = receiver.requests[0]
    instant = json.loads(json.dumps(at, cls=DjangoJSONEncoder))
    assert arrived(receiver, secret) == {
        "type": EVENT.code,
        "timestamp": instant,
        "data": {"id": about.pk, "at": instant},
    }
    delivery = Delivery.objects.get()
    assert path == "/recevoir?client=1"
    assert headers["webhook-id"] == str(delivery.pk)
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert (delivery.state, delivery.attempt_count) == ("delivered", 1)
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.excerpt, attempt.error) == (200, "ok", "")


def test_a_message_changed_on_the_way_is_not_believed(receiver, heard, about, at):
    _endpoint, secret = heard
    happen(about, at)
    send()
    _path, headers, body = receiver.requests[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(str(about.pk), "0"), headers)


def test_secrets_are_not_in_clear_in_the_database(heard):
    _endpoint, secret = heard
    kept = Secret.objects.get().ciphertext
    assert secret.removeprefix("whsec_") not in kept
    assert selectors.secrets_in_force(heard[0], at=clock.now()) == [secret]


def test_both_secrets_sign_for_a_day_after_a_change(receiver, heard, about, admin):
    endpoint, old = heard
    now = clock.now()
    new = services.secret_rotate(endpoint=endpoint, by=admin, at=now)
    happen(about, now, key="1")
    send(now)
    assert arrived(receiver, old) == arrived(receiver, new)

    services.secret_rotate(endpoint=endpoint, by=admin, at=now - timedelta(days=2))
    happen(about, now, key="2")
    send(now)
    with pytest.raises(WebhookVerificationError):
        arrived(receiver, old)


def test_a_rollback_tells_nobody(heard, about, at):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happen(about, at)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()


def test_the_same_event_told_twice_is_one_message(receiver, heard, about, at):
    happen(about, at)
    happen(about, at + timedelta(seconds=1))
    happen(about, at, key="again")
    assert Delivery.objects.count() == 2


def test_nobody_is_told_what_he_may_not_know_or_did_not_ask(about, at):
    other = make_buyer_org()
    make_endpoint(about, at=at, events=[OWN.code])
    make_endpoint(other, at=at, events=[OWN.code, EVENT.code])
    make_endpoint(about, at=at, events=["tender.published"])
    assert happen(about, at, event=OWN.code) == 1
    assert Delivery.objects.get().endpoint.organisation == about


def test_a_paused_endpoint_hears_nothing(receiver, heard, about, admin, at):
    services.endpoint_pause(endpoint=heard[0], by=admin, at=at)
    assert happen(about, at) == 0
    services.endpoint_resume(endpoint=heard[0], by=admin, at=at)
    assert happen(about, at) == 1


def test_retries_are_spread_over_three_days_under_the_same_number(receiver, heard, about, at):
    receiver.answer = 503
    happen(about, at)
    now, waits = at, []
    while Delivery.objects.get().state == "waiting":
        assert send(now) == 0
        delivery = Delivery.objects.get()
        if delivery.next_try_at:
            waits.append(delivery.next_try_at - now)
            assert send(delivery.next_try_at - timedelta(seconds=1)) == 0
            now = delivery.next_try_at
    assert tuple(waits) == deliveries.DELAYS
    assert timedelta(days=3) <= sum(waits, timedelta()) <= timedelta(days=3, hours=6)
    assert len(receiver.requests) == len(deliveries.DELAYS) + 1
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.requests}) == 1
    assert Delivery.objects.get().state == "failed"
    assert Endpoint.objects.get().failing_since_at == at


def test_an_endpoint_that_answers_nothing_good_for_days_is_stopped_and_its_administrators_told(
    receiver, about, admin, at, settings
):
    make_endpoint(about, at=at, url=receiver.url, events=[EVENT.code], by=admin)
    receiver.answer = 500
    happen(about, at, key="first")
    send(at)
    later = at + timedelta(days=settings.WEBHOOKS_STOP_AFTER_DAYS)
    happen(about, later, key="second")
    send(later)
    endpoint = Endpoint.objects.get()
    assert (endpoint.state, endpoint.stopped_at) == ("stopped", later)
    assert not Delivery.objects.filter(state="waiting").exists()
    told = Notification.objects.get(recipient=admin)
    assert told.url == endpoint.get_absolute_url()
    assert happen(about, later, key="third") == 0


def test_one_success_wipes_the_slate(receiver, heard, about, at, settings):
    receiver.answer = 500
    happen(about, at, key="first")
    send(at)
    receiver.answer = 204
    send(at + timedelta(minutes=5))
    assert Endpoint.objects.get().failing_since_at is None


def test_gone_means_gone(receiver, heard, about, at):
    receiver.answer = 410
    happen(about, at)
    send()
    assert Endpoint.objects.get().state == "stopped"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirections_are_never_followed(receiver, heard, about, at, status):
    elsewhere = Receiver()
    receiver.answer, receiver.headers = status, {"Location": elsewhere.url}
    happen(about, at)
    assert send() == 0
    assert (elsewhere.requests, Attempt.objects.get().error) == ([], "Redirection refusée.")
    elsewhere.close()


def test_no_proxy_of_the_environment_is_used(receiver, heard, about, at, monkeypatch):
    proxy = Receiver()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    happen(about, at)
    assert send() == 1
    assert proxy.requests == []
    proxy.close()


def test_an_endless_answer_is_cut(receiver, heard, about, at, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.5)
    receiver.drip = 100
    happen(about, at)
    began = time.monotonic()
    assert send() == 0
    assert time.monotonic() - began < 5
    assert Attempt.objects.get().error == "Pas de réponse à temps."


def test_a_huge_answer_is_read_from_its_beginning_only(receiver, heard, about, at):
    receiver.body = b"<script>\x00\r\n" + b"a" * 5_000_000
    happen(about, at)
    assert send() == 1
    excerpt = Attempt.objects.get().excerpt
    assert excerpt.startswith("<script>   aaa")
    assert len(excerpt) == sending.EXCERPT


def test_a_receiver_away_is_told_in_words(receiver, heard, about, at):
    receiver.close()
    happen(about, at)
    assert send() == 0
    assert "Connexion impossible" in Attempt.objects.get().error


def test_an_endpoint_that_fails_does_not_hold_up_the_others(receiver, heard, at, settings):
    slow, other = Receiver(), make_buyer_org()
    slow.answer = 500
    make_endpoint(other, at=at, url=slow.url, events=[EVENT.code])
    for number in range(5):
        happen(other, at, key=str(number))
    assert send() == 5
    assert len(slow.requests) == 1
    slow.close()


def test_a_message_replayed_keeps_its_number(receiver, heard, about, admin, at):
    happen(about, at)
    send()
    services.delivery_replay(delivery=Delivery.objects.get(), by=admin, at=clock.now())
    assert send() == 1
    identifiers = [headers["webhook-id"] for _path, headers, _body in receiver.requests]
    assert len(identifiers) == 2
    assert len(set(identifiers)) == 1


def test_everything_since_an_instant_leaves_again(receiver, heard, about, admin, at):
    for day in range(4):
        happen(about, at - timedelta(days=day), key=str(day))
    send()
    since = at - timedelta(days=1, hours=1)
    assert services.deliveries_replay(endpoint=heard[0], since=since, by=admin, at=clock.now()) == 2
    assert send() == 2


def test_a_worker_that_died_while_sending_leaves_its_message_to_another(receiver, heard, about, at):
    happen(about, at)
    assert deliveries._claim(at=at, without=set())
    assert send(at) == 0
    assert send(at + deliveries.LEASE) == 1


def test_a_test_message_is_one_of_the_log(receiver, heard, admin, at):
    services.test_send(endpoint=heard[0], by=admin, at=at)
    assert send() == 1
    assert arrived(receiver, heard[1])["type"] == "webhook.test"


def test_what_is_old_is_forgotten_and_what_waits_stays(receiver, heard, about, at, settings):
    old = at - timedelta(days=settings.WEBHOOKS_KEEP_DAYS + 1)
    happen(about, old, key="sent")
    send()
    happen(about, old, key="waiting")
    deliveries.forget(at=at)
    assert Delivery.objects.get().event_key.endswith("waiting")


def test_how_long_a_message_waits_is_counted_from_the_clock_of_the_machine(heard, about, at):
    """A date told by a demonstration or an import is not when it was written; sent again, it waits anew."""
    happen(about, at - timedelta(days=400), key="old")
    waits = clock.database_now() - selectors.oldest_waiting_at()
    assert timedelta(0) <= waits < timedelta(minutes=5)
    Delivery.objects.update(queued_at=at - timedelta(days=3), state="failed", failed_at=at, next_try_at=None)
    assert selectors.oldest_waiting_at() is None
    services.delivery_replay(delivery=Delivery.objects.get(), by=heard[0].created_by, at=at)
    assert clock.database_now() - selectors.oldest_waiting_at() < timedelta(minutes=5)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://recevoir.exemple.fr/", "https://redis/"])
def test_a_forbidden_address_is_refused_with_its_reason(about, at, url):
    with pytest.raises(Refusal) as refused:
        make_endpoint(about, at=at, url=url)
    assert refused.value.reasons[0].field == "url"


def test_only_an_administrator_adds_an_endpoint(about, at):
    with pytest.raises(Refusal):
        make_endpoint(about, at=at, by=make_member(about, Role.BUYER))


def test_an_organisation_has_ten_endpoints_at_most(about, admin, at):
    for _number in range(10):
        make_endpoint(about, at=at, by=admin)
    with pytest.raises(Refusal):
        make_endpoint(about, at=at, by=admin)


@pytest.mark.django_db(transaction=True)
def test_workers_that_send_together_send_each_message_once(receiver, heard, about, at):
    for number in range(12):
        happen(about, at, key=str(number))
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            send()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    identifiers = [headers["webhook-id"] for _path, headers, _body in receiver.requests]
    assert len(identifiers) == len(set(identifiers)) == 12


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_some_messages_leave_twice(receiver, heard, about, at, monkeypatch):
    """Negative control: a claim taken without its lock is taken by several."""
    rows_of = selectors.deliveries_due

    def slow_unlocked(*, at):
        rows = rows_of(at=at)
        monkeypatch.setattr(type(rows), "select_for_update", lambda self, **options: self)
        time.sleep(0.05)
        return rows

    monkeypatch.setattr(selectors, "deliveries_due", slow_unlocked)
    monkeypatch.setattr(deliveries, "_settle", lambda delivery, answer, at: time.sleep(0.1))
    for number in range(6):
        happen(about, at, key=str(number))
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            send()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.requests) > 6
