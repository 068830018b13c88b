"""One e-mail for everything a person reads together: at its hour, once, losing nothing (F6)."""

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from foundation.notifications import digest, outbox, services
from foundation.notifications.enums import Pace
from foundation.notifications.models import Notification, OutboxEmail
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import FIXTURE, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_bell")]
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=PARIS).astimezone(UTC)


@pytest.fixture
def about():
    return make_buyer_org()


def reader(pace, at=MONDAY):
    user = make_user()
    services.preferences_set(paces={FIXTURE.code: pace}, by=user, at=at)
    return user


def gather(at):
    return digest.gather(at=at)


@pytest.mark.parametrize(
    ("at", "struck"),
    [
        ("2026-01-15T06:29:59", "2026-01-14T06:30:00"),
        ("2026-01-15T06:30:00", "2026-01-15T06:30:00"),
        ("2026-07-15T05:29:59", "2026-07-14T05:30:00"),
        ("2026-07-15T05:30:00", "2026-07-15T05:30:00"),
        # Summer begins on 29 March 2026, ends on 25 October 2026: still half past seven in Paris.
        ("2026-03-29T05:30:00", "2026-03-29T05:30:00"),
        ("2026-03-29T05:29:00", "2026-03-28T06:30:00"),
        ("2026-10-25T06:29:00", "2026-10-24T05:30:00"),
        ("2026-10-25T06:30:00", "2026-10-25T06:30:00"),
    ],
)
def test_the_hour_is_that_of_paris_summer_and_winter(at, struck):
    at, struck = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, struck))
    assert digest.daily_slot(at) == struck


@pytest.mark.parametrize("hour", [time(2, 30), time(7, 30)])
def test_every_day_of_two_years_has_one_hour_of_the_digest(settings, hour):
    """Even an hour that a change of time skips or repeats."""
    settings.NOTIFICATIONS_DIGEST_TIME = hour
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    struck = [digest.daily_slot(start + timedelta(hours=step)) for step in range(24 * 730)]
    assert struck == sorted(struck)
    assert len(set(struck)) == 731
    assert {digest.weekly_slot(one).astimezone(PARIS).weekday() for one in struck[::24]} == {0}


def test_a_day_together_in_one_email_at_its_hour(about, django_assert_num_queries):
    user = reader(Pace.DAILY)
    for number in range(3):
        tell(user, about=about, at=MONDAY - timedelta(hours=2 + number), title=f"Achat {number}")
    assert not OutboxEmail.objects.exists()
    assert Notification.objects.filter(recipient=user).count() == 3
    assert gather(MONDAY - timedelta(seconds=1)) == 0
    assert gather(MONDAY) == 1
    email = OutboxEmail.objects.get()
    assert (email.kind, email.context["count"]) == ("notifications.digest", 3)
    assert gather(MONDAY + timedelta(minutes=5)) == 0
    assert gather(MONDAY + timedelta(days=1)) == 0


def test_the_week_leaves_on_monday_with_the_day(about):
    user = make_user()
    services.preferences_set(paces={FIXTURE.code: Pace.WEEKLY}, by=user, at=MONDAY)
    tell(user, about=about, at=MONDAY - timedelta(days=3), title="De la semaine")
    assert gather(MONDAY - timedelta(days=1)) == 0
    services.preferences_set(paces={FIXTURE.code: Pace.DAILY}, by=user, at=MONDAY)
    tell(user, about=about, at=MONDAY - timedelta(hours=1), title="Du jour")
    assert gather(MONDAY) == 1
    assert OutboxEmail.objects.get().context["count"] == 2


def test_a_monday_missed_is_caught_up(about):
    user = reader(Pace.WEEKLY)
    tell(user, about=about, at=MONDAY - timedelta(days=1))
    assert gather(MONDAY + timedelta(days=2)) == 1


def test_what_was_read_is_not_repeated(about):
    user = reader(Pace.DAILY)
    tell(user, about=about, at=MONDAY - timedelta(hours=1))
    services.notifications_read_all(by=user, at=MONDAY - timedelta(minutes=1))
    assert gather(MONDAY) == 0


def test_what_commits_late_leaves_with_the_next_one(about):
    """Told before the hour, committed after the digest was gathered."""
    user = reader(Pace.DAILY)
    tell(user, about=about, at=MONDAY - timedelta(hours=1), title="À l’heure")
    assert gather(MONDAY) == 1
    tell(user, about=about, at=MONDAY - timedelta(minutes=1), title="En retard")
    assert gather(MONDAY + timedelta(minutes=5)) == 0
    assert gather(MONDAY + timedelta(days=1)) == 1
    assert [email.context["count"] for email in OutboxEmail.objects.order_by("created_at")] == [1, 1]


def test_its_identity_is_that_of_the_day(about):
    user = reader(Pace.DAILY)
    tell(user, about=about, at=MONDAY - timedelta(hours=1))
    gather(MONDAY)
    expected = services.email_id("notifications.digest", str(user.pk), MONDAY.isoformat())
    assert OutboxEmail.objects.get().pk == expected


def test_a_mail_server_away_loses_nothing(about, mail_server):
    user = reader(Pace.DAILY)
    tell(user, about=about, at=MONDAY - timedelta(hours=1))
    gather(MONDAY)
    assert outbox.drain(clock=lambda: MONDAY) == 0
    mail_server.up()
    back = MONDAY + timedelta(hours=24)
    assert outbox.drain(clock=lambda: back) == 1
    assert mail_server.box.recipients == [user.email]


@pytest.mark.django_db(transaction=True)
def test_workers_that_gather_together_write_one_digest_each(about):
    people = [reader(Pace.DAILY) for _person in range(5)]
    for number in range(4):
        tell(*people, about=about, at=MONDAY - timedelta(hours=1), title=f"Achat {number}")
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            gather(MONDAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    emails = OutboxEmail.objects.all()
    assert sorted(email.recipient_id for email in emails) == sorted(person.pk for person in people)
    assert {email.context["count"] for email in emails} == {4}
