"""Nothing lost, nothing doubled, whatever is away."""

import email
import threading
from datetime import timedelta

import pytest
from django.db import connection

from foundation.notifications import links, outbox
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [make_user() for _person in range(3)]


@pytest.fixture
def told(people, at):
    tell(*people, about=make_buyer_org(), at=at)
    return people


def drain(at):
    return outbox.drain(clock=lambda: at)


def test_a_mail_server_away_for_a_day_loses_and_doubles_nothing(told, mail_server, at):
    """F6: a sweep a minute for a day against a server that is away, then it comes back."""
    for minute in range(0, 24 * 60, 30):
        assert drain(at + timedelta(minutes=minute)) == 0
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"waiting"}

    mail_server.up()
    back = at + timedelta(days=1)
    for minute in range(16):
        drain(back + timedelta(minutes=minute))
    assert sorted(mail_server.box.recipients) == sorted(person.email for person in told)
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"sent"}
    assert drain(back + timedelta(days=1)) == 0
    assert len(mail_server.box.envelopes) == 3


def test_a_server_away_is_knocked_at_once_per_sweep(told, mail_server, at):
    drain(at)
    assert sorted(OutboxEmail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_what_arrives_is_a_whole_message(told, mail_server, at):
    mail_server.up()
    assert drain(at) == 3
    message = email.message_from_bytes(mail_server.box.envelopes[0].content)
    row = OutboxEmail.objects.get(recipient__email=message["To"])
    assert message["Message-ID"] == f"<{row.pk}@jalon.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    way_out = message["List-Unsubscribe"].strip()
    assert way_out == f"<http://testserver{links.unsubscribe_path(row.recipient_id, row.kind)}>"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


def test_a_repeat_after_a_crash_is_the_same_message(told, mail_server, at, monkeypatch):
    """The server said yes, the worker died before the commit: the repeat has the same Message-ID."""
    mail_server.up()

    def die(row, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(OutboxEmail, "save", die)
        with pytest.raises(KeyboardInterrupt):
            drain(at)
    assert not OutboxEmail.objects.filter(state="sent").exists()
    assert drain(at) == 3
    identifiers = [email.message_from_bytes(e.content)["Message-ID"] for e in mail_server.box.envelopes]
    assert len(identifiers) == 4
    assert len(set(identifiers)) == 3


def test_an_unknown_address_does_not_hold_up_the_others(told, mail_server, at):
    mail_server.up()
    mail_server.box.refusing = {told[0].email}
    assert drain(at) == 2
    refused = OutboxEmail.objects.get(recipient=told[0])
    assert (refused.state, refused.last_error) == ("abandoned", "SMTPRecipientsRefused")
    assert refused.abandoned_at == at


def test_a_broken_template_does_not_hold_up_the_others(people, mail_server, at, monkeypatch):
    mail_server.up()
    tell(*people, about=make_buyer_org(), at=at)
    OutboxEmail.objects.filter(recipient=people[1]).update(kind="tests.gone")
    assert drain(at) == 2
    broken = OutboxEmail.objects.get(recipient=people[1])
    assert (broken.state, broken.last_error) == ("waiting", "LookupError")


def test_a_week_of_refusals_is_the_end(told, mail_server, at):
    later = at + outbox.GIVE_UP_AFTER
    for _sweep in range(3):
        drain(later)
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"abandoned"}


def test_waits_grow_up_to_a_quarter_of_an_hour():
    waits = [outbox.back_off(attempts).total_seconds() for attempts in (1, 2, 3, 5, 6, 500)]
    assert waits == [30, 60, 120, 480, 900, 900]


@pytest.fixture
def at_the_same_time():
    """Run a function in several threads, each with its own connection."""

    def run(function, times=4):
        start = threading.Barrier(times)

        def work():
            start.wait()
            try:
                function()
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _worker in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


@pytest.mark.django_db(transaction=True)
def test_workers_that_drain_together_send_each_email_once(mail_server, at, at_the_same_time, quiet_bell):
    people = [make_user() for _person in range(20)]
    tell(*people, about=make_buyer_org(), at=at)
    mail_server.up()
    at_the_same_time(lambda: drain(at))
    assert sorted(mail_server.box.recipients) == sorted(person.email for person in people)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_people_get_it_twice(mail_server, at, at_the_same_time, quiet_bell, monkeypatch):
    """Negative control."""
    people = [make_user() for _person in range(20)]
    tell(*people, about=make_buyer_org(), at=at)
    mail_server.up()
    monkeypatch.setattr(type(OutboxEmail.objects.all()), "select_for_update", lambda rows, **options: rows)
    at_the_same_time(lambda: drain(at))
    assert len(mail_server.box.recipients) > len(people)
