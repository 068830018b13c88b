"""Telling people, and the words they read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from foundation.notifications import outbox, services
from foundation.notifications.models import Notification, OutboxEmail
from foundation.notifications.selectors import BELL_LIMIT, unread_count
from tests.accounts.factories import make_buyer_org, make_user
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    return make_buyer_org()


def test_each_person_is_told_once(about, at):
    first, second = make_user(), make_user()
    tell(first, second, first, about=about, at=at)
    assert sorted(Notification.objects.values_list("recipient", flat=True)) == [first.pk, second.pk]
    assert OutboxEmail.objects.count() == 2
    line = Notification.objects.get(recipient=first)
    assert line.title == "Réponse reçue pour l’achat « Un outil & des gens »"
    assert (line.object_type, line.object_id) == ("accounts.Organisation", str(about.pk))


def test_closed_accounts_are_told_nothing(about, at):
    tell(make_user(is_active=False), about=about, at=at)
    assert not Notification.objects.exists()
    assert not OutboxEmail.objects.exists()


def test_programs_are_told_nothing(about, at):
    tell(make_user(email="programme-1@programmes.invalid"), about=about, at=at)
    assert not Notification.objects.exists()


def test_a_rollback_tells_nobody(about, at):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(make_user(), about=about, at=at)
        raise ZeroDivisionError
    assert not OutboxEmail.objects.exists()


def test_an_undeclared_message_is_refused(about, at):
    with pytest.raises(LookupError):
        tell(make_user(), about=about, at=at, kind="tests.unknown")


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_links_stay_on_the_platform(about, at, url):
    with pytest.raises(IntegrityError):
        tell(make_user(), about=about, at=at, url=url)


def test_the_commit_sends_the_email(about, at, django_capture_on_commit_callbacks):
    reader = make_user(full_name="Inès Caron")
    with django_capture_on_commit_callbacks(execute=True):
        tell(reader, about=about, at=at, title="L'outil <b>&")
    (message,) = mail.outbox
    row = OutboxEmail.objects.get()
    assert message.to == [reader.email]
    assert message.subject == "Réponse reçue pour l’achat « L'outil <b>& »"
    assert message.body.startswith("Bonjour Inès Caron,\n")
    assert "l'achat « L'outil <b>& »" in message.body
    assert "http://testserver/consultations/1/" in message.body
    html = message.alternatives[0].content
    assert "L&#x27;outil &lt;b&gt;&amp;" in html
    assert "<b>&" not in html
    assert message.extra_headers["Message-ID"] == f"<{row.pk}@jalon.example>"
    assert (row.state, row.attempts) == ("sent", 1)
    assert row.sent_at >= at


def test_a_line_of_title_cannot_bring_a_header(about, at):
    tell(make_user(), about=about, at=at, title="x\r\nBcc: victime@example.org")
    assert outbox.drain(clock=lambda: at) == 1
    assert mail.outbox[0].recipients() == mail.outbox[0].to
    assert "\n" not in mail.outbox[0].subject


def test_reading_keeps_the_first_date(about, at):
    reader = make_user()
    tell(reader, about=about, at=at)
    line = Notification.objects.get()
    services.notification_read(notification=line, at=at)
    services.notification_read(notification=line, at=at + timedelta(hours=1))
    assert line.read_at == at


def test_reading_all_leaves_the_others_alone(about, at):
    reader, other = make_user(), make_user()
    tell(reader, other, about=about, at=at)
    assert services.notifications_read_all(by=reader, at=at) == 1
    assert (unread_count(reader), unread_count(other)) == (0, 1)


def test_the_bell_counts_no_further_than_it_shows(about, at, django_assert_num_queries):
    reader = make_user()
    Notification.objects.bulk_create(
        Notification(
            recipient=reader, kind="tests.bid_received", title="x", url="/", created_at=at, event=str(line)
        )
        for line in range(BELL_LIMIT + 20)
    )
    with django_assert_num_queries(1):
        assert unread_count(reader) == BELL_LIMIT
