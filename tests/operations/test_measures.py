"""« Prometheus metrics » of issue 3 and Q10 of the trust file (a drift beyond 500 ms calls an operator)."""

import logging
from datetime import timedelta

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.urls import reverse

from foundation import clock
from foundation.journal.services import checkpoint_make, record
from foundation.notifications.models import OutboxEmail
from procurement.operations import measures as taken
from procurement.operations import views
from procurement.operations.alerts import alerts
from procurement.operations.measures import Measure, measures
from procurement.operations.tasks import watch
from tests.accounts.factories import make_buyer_org, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    views._kept.forget()
    yield
    views._kept.forget()


def value(name: str, found) -> float:
    return next(measure.value for measure in found if measure.name == name)


def text(client, **headers) -> str:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_measures_requests_and_the_platform(client):
    client.get("/healthz")
    body = text(client)
    for name in (
        "django_http_responses_total_by_status_total",
        "jalon_queue_messages",
        "jalon_queue_oldest_seconds",
        "jalon_email_oldest_waiting_seconds",
        "jalon_document_oldest_waiting_seconds",
        "jalon_journal_lines",
        "jalon_journal_lines_outside_checkpoint",
        "jalon_storage_free_bytes",
        "jalon_clock_drift_seconds",
    ):
        assert f"\n{name}" in body, name
    assert 'jalon_reachable{part="clock"} 1.0' in body


def test_few_queries_and_none_when_asked_again_at_once(
    client, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(12):
        text(client)
    with django_assert_num_queries(0):
        text(client)


@pytest.mark.parametrize(
    "headers",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "10.0.0.4", "HTTP_AUTHORIZATION": "Bearer whatever"},
    ],
)
def test_without_a_token_only_this_machine_measures(client, headers):
    assert client.get("/metrics", **headers).status_code == 404


def test_with_a_token_only_who_shows_it_measures(client, settings):
    settings.METRICS_TOKEN = "m" * 40
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer " + "n" * 40).status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Token " + "m" * 40).status_code == 404
    text(client, HTTP_AUTHORIZATION="Bearer " + "m" * 40, REMOTE_ADDR="203.0.113.9")


def test_the_age_of_the_outbox(at):
    before = measures(at=at)
    assert value("jalon_emails_waiting", before) == value("jalon_email_oldest_waiting_seconds", before) == 0
    OutboxEmail.objects.create(
        recipient=make_user(),
        kind="x",
        context={},
        url="/",
        created_at=at - timedelta(days=383),
        queued_at=at - timedelta(hours=1),
        next_try_at=at,
    )
    after = measures(at=at)
    assert value("jalon_emails_waiting", after) == 1
    assert value("jalon_email_oldest_waiting_seconds", after) == 3600
    assert [alert.measure.name for alert in alerts(after)] == ["jalon_email_oldest_waiting_seconds"]


@pytest.mark.django_db(transaction=True)
def test_the_lag_of_the_journal(at):
    organisation = make_buyer_org()
    before = value("jalon_journal_lines", measures(at=at))
    for _ in range(2):
        record(by=None, action="documents.render", obj=organisation, at=at)
    later = clock.now() + timedelta(minutes=20)
    found = measures(at=later)
    assert value("jalon_journal_lines", found) == before + 2
    assert value("jalon_journal_lines_outside_checkpoint", found) >= 2
    assert "jalon_journal_oldest_outside_seconds" in [alert.measure.name for alert in alerts(found)]
    checkpoint_make(at=later)
    assert value("jalon_journal_lines_outside_checkpoint", measures(at=later)) == 0
    assert value("jalon_journal_oldest_outside_seconds", measures(at=later)) == 0


def test_the_length_and_the_age_of_the_queue(at):
    server = redis.Redis.from_url(settings.REDIS_URL)
    server.delete(taken.QUEUE)
    assert taken.queue() == (0, 0.0)
    current_app.send_task("nobody.listens", ignore_result=True)
    current_app.send_task("nobody.listens", ignore_result=True)
    try:
        length, age = taken.queue()
        assert length == 2 and 0 < age < 30
    finally:
        server.delete(taken.QUEUE)


def test_a_clock_that_drifts_is_measured_and_written(monkeypatch, caplog):
    assert abs(taken.clock_drift()) < 0.5
    real = taken.time.time
    for drift in (0.7, -0.7):
        monkeypatch.setattr(taken.time, "time", lambda drift=drift: real() + drift)
        assert taken.clock_drift() == pytest.approx(drift, abs=0.2)
        with caplog.at_level(logging.ERROR):
            caplog.clear()
            watch()
        assert "jalon_clock_drift_seconds" in caplog.text


def test_what_cannot_be_reached_does_not_hide_the_rest(monkeypatch, at):
    def away():
        raise redis.ConnectionError

    monkeypatch.setattr(taken, "queue", away)
    found = measures(at=at)
    assert Measure("jalon_reachable", "joignable", 0, labels={"part": "queue"}) in found
    assert value("jalon_emails_waiting", found) == 0
    assert "jalon_reachable" in [alert.measure.name for alert in alerts(found)]


def test_no_measure_names_a_person_or_an_object(client, at):
    user = make_user(email="camille.canari@exemple.fr")
    OutboxEmail.objects.create(
        recipient=user, kind="x", context={"words": "canari"}, url="/canari", created_at=at, next_try_at=at
    )
    client.get("/nowhere/canari")
    client.force_login(user)
    client.get(reverse("accounts:profile"), {"q": "canari"})
    assert "canari" not in text(client)
