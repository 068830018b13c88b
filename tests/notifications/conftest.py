"""A declared message for the length of one test, and a real mail server that can be away."""

import smtplib
import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from foundation.notifications import registry, services
from tests.notifications.factories import FIXTURE

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def kind(settings, monkeypatch):
    """The message « tests.bid_received », its words within reach of the engine."""
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]
    registry.register(FIXTURE)
    return FIXTURE


class Mailbox:
    """What the mail server accepted; `refusing` holds the addresses it does not know."""

    def __init__(self):
        self.envelopes = []
        self.refusing = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, aiosmtpd calls it so
        if address in self.refusing:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, aiosmtpd calls it so
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order of arrival."""
        return [address for envelope in self.envelopes for address in envelope.rcpt_tos]


class MailServer:
    """A real SMTP server on one port, which comes and goes."""

    def __init__(self):
        self.box = Mailbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = None

    def up(self):
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as probe:
            probe.noop()

    def down(self):
        if self.controller:
            self.controller.stop()
            self.controller = None


@pytest.fixture
def mail_server(settings):
    """The platform's mail server; away until `up()`."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 2
    yield server
    server.down()


@pytest.fixture
def quiet_bell(monkeypatch):
    """The test drains by itself."""
    monkeypatch.setattr(services, "ring_outbox", lambda: None)
