"""Addresses that refuse our messages: learnt from the mail server or from its reports, shown, cleared on proof."""

import io
import mailbox
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.notifications import bounces, links, outbox, registry, selectors
from foundation.notifications.enums import BounceSource
from foundation.notifications.models import Notification, OutboxEmail, RefusedAddress
from foundation.notifications.registry import MessageKind
from tests.accounts.factories import make_buyer_org, make_member, make_user
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.exemple.fr
To: ne-pas-repondre@jalon.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="frontier"

--frontier
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--frontier
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} refused

--frontier
Content-Type: {returned}

Message-ID: {identity}
From: ne-pas-repondre@jalon.example
To: {recipient}
Subject: Pli

--frontier--
"""


def report(email, **changed):
    """A report on an e-mail of ours, as a mail server writes it."""
    facts = {
        "recipient": email.recipient.email,
        "action": "failed",
        "status": "5.1.1",
        "returned": "text/rfc822-headers",
        "identity": f"<{email.pk}@jalon.example>",
        **changed,
    }
    return REPORT.format(**facts).replace("\n", "\r\n").encode()


@pytest.fixture
def reader():
    return make_user()


@pytest.fixture
def sent(reader, at):
    """An e-mail that left."""
    tell(reader, about=make_buyer_org(), at=at)
    outbox.drain(clock=lambda: at)
    return OutboxEmail.objects.get()


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_marks_the_address_of_the_email_it_returns(sent, reader, at, returned):
    assert bounces.report_take(raw=report(sent, returned=returned), at=at) == [reader.email]
    refused = selectors.refused_address_of(reader)
    assert (refused.source, refused.code) == ("report", "5.1.1")
    sent.refresh_from_db()
    assert sent.bounced_at == at


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed"},
        {"action": "delivered"},
        {"status": "4.2.2"},
        {"status": "5.2.2"},
        {"status": "5.7.1"},
        {"identity": "<00000000-0000-4000-8000-000000000000@jalon.example>"},
        {"identity": "<quelqu-un@ailleurs.example>"},
        {"identity": ""},
        {"returned": "text/plain"},
    ],
)
def test_what_does_not_condemn_an_address_or_is_not_about_ours_changes_nothing(sent, at, changed):
    assert bounces.report_take(raw=report(sent, **changed), at=at) == []
    assert not RefusedAddress.objects.exists()


def test_a_forged_report_cannot_name_someone_else(sent, at):
    """The address that is marked is the one the e-mail left for, never the one the report names."""
    victim = make_user()
    bounces.report_take(raw=report(sent, recipient=victim.email), at=at)
    assert selectors.refused_address_of(victim) is None


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Subject: vacances\r\n\r\nAbsent", b"a" * 10_000])
def test_anything_else_in_the_mailbox_is_harmless(at, raw):
    assert bounces.report_take(raw=raw, at=at) == []


def test_the_server_that_refuses_marks_the_address(reader, mail_server, at):
    mail_server.up()
    mail_server.box.refusing = {reader.email}
    tell(reader, about=make_buyer_org(), at=at)
    outbox.drain(clock=lambda: at)
    assert selectors.refused_address_of(reader).source == "smtp"


@pytest.mark.parametrize(
    ("code", "text", "kept"),
    [
        (550, b"5.1.1 No such user", "5.1.1"),
        (550, b"No such user here", "550"),
        (551, b"User not local", "551"),
        (550, b"5.7.1 Message rejected as spam", None),
        (552, b"5.2.2 Mailbox full", None),
        (554, b"Transaction failed", None),
        (450, b"4.2.1 Try later", None),
    ],
)
def test_only_what_speaks_of_the_address_condemns_it(code, text, kept):
    assert bounces.code_of_smtp(code, text) == kept


def test_a_refused_address_gets_only_what_the_law_wants_said(reader, at, kind):
    registry.register(MessageKind("tests.due", "Dû", "fixture", legal="art. R2181-1"))
    bounces.address_refuse(email=reader.email.upper(), source=BounceSource.SMTP, code="550", at=at)
    tell(reader, about=make_buyer_org(), at=at)
    tell(reader, about=make_buyer_org(), at=at, kind="tests.due")
    assert Notification.objects.count() == 2
    assert [email.kind for email in OutboxEmail.objects.all()] == ["tests.due"]


class TestProof:
    """The owner of the address proves that it receives."""

    @pytest.fixture
    def refused(self, reader, at):
        bounces.address_refuse(email=reader.email, source=BounceSource.REPORT, code="5.1.1", at=at)
        return reader

    def test_the_person_is_told_and_asks_for_a_check(self, client, refused, at):
        client.force_login(refused)
        page = client.get(reverse("notifications:preferences")).content.decode()
        assert "Votre adresse refuse nos messages" in page
        client.post(reverse("notifications:address-check"))
        outbox.drain(clock=lambda: at + timedelta(minutes=1))
        link = OutboxEmail.objects.get().url
        assert link in mail.outbox[-1].body
        client.logout()
        assert "Confirmer" in client.get(link).content.decode()
        assert RefusedAddress.objects.exists()
        assert "C’est noté" in client.post(link).content.decode()
        assert selectors.refused_address_of(refused) is None

    def test_checks_are_not_sent_in_a_row(self, refused, at):
        bounces.address_check_send(by=refused, at=at)
        with pytest.raises(Refusal):
            bounces.address_check_send(by=refused, at=at + timedelta(minutes=9))
        bounces.address_check_send(by=refused, at=at + timedelta(minutes=11))

    def test_an_address_that_receives_needs_no_check(self, at):
        with pytest.raises(Refusal):
            bounces.address_check_send(by=make_user(), at=at)

    def test_a_link_that_is_not_ours_proves_nothing(self, client, refused):
        good = links.address_path(refused.pk, refused.email)
        assert client.post(good[:-4] + "aaa/").status_code == 404
        assert RefusedAddress.objects.exists()

    def test_the_administrator_sees_who_and_nobody_of_another_house(self, client, refused, at):
        own = make_buyer_org()
        member = make_member(own, Role.BUYER)
        bounces.address_refuse(email=member.email, source=BounceSource.SMTP, code="550", at=at)
        admin = make_member(own, Role.ORG_ADMIN)
        client.force_login(admin)
        page = client.get(reverse("notifications:addresses")).content.decode()
        assert member.email in page
        assert refused.email not in page
        assert reverse("notifications:addresses") in client.get(reverse("screens:dashboard")).content.decode()


class TestTheCommand:
    """`manage.py take_bounces`."""

    def run(self, *sources, **options):
        out = io.StringIO()
        call_command("take_bounces", *map(str, sources), stdout=out, **options)
        return out.getvalue()

    def test_a_maildir_is_read_and_emptied(self, sent, tmp_path):
        box = mailbox.Maildir(tmp_path / "courrier")
        box.add(report(sent))
        box.add(b"Subject: autre chose\r\n\r\nBonjour")
        assert "1." in self.run(tmp_path / "courrier")
        assert len(mailbox.Maildir(tmp_path / "courrier")) == 0

    def test_an_mbox_and_a_single_file_are_read(self, sent, tmp_path):
        (tmp_path / "avis.eml").write_bytes(report(sent))
        box = mailbox.mbox(tmp_path / "courrier.mbox")
        box.add(report(sent))
        box.flush()
        self.run(tmp_path / "avis.eml", tmp_path / "courrier.mbox")
        assert RefusedAddress.objects.count() == 1

    def test_standard_input_is_read(self, sent, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(sent))))
        assert "1." in self.run()
