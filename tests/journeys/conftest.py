"""A whole platform for the journeys: its own database, a real worker, a real mail server, Chromium.

All of it is gone after the last journey: the loop that drives the browser would not let other tests have theirs.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from aiosmtpd.controller import Controller

from procurement.runtime.preflight import free_port
from procurement.runtime.programs import Platform, start_platform
from tests.journeys.browser import chromium
from tests.journeys.people import Stage

ROOT = Path(__file__).resolve().parent.parent.parent


class Mailbox:
    """Keeps every message that the platform sends (SMTP, real sockets)."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (the name aiosmtpd calls)
        """Take a message."""
        self.messages.append(envelope.content.decode("utf-8", "replace"))
        return "250 Message accepted"


def sibling(url: str, name: str) -> str:
    """The address of another database of the same server."""
    parts = urlsplit(url)
    # A socket directory comes before the name of the database.
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}"))


def psycopg2_connection(url: str):
    """A connection to the database of an address as the settings write it."""
    from environ import Env

    config = Env.db_url_config(url)
    options = {"dbname": config["NAME"], "user": config["USER"], "password": config["PASSWORD"]}
    connection = psycopg2.connect(host=config["HOST"], port=config["PORT"] or None, **options)
    connection.autocommit = True
    return connection


@pytest.fixture(scope="package")
def mailbox():
    """A mail server on a free port of this machine."""
    handler = Mailbox()
    handler.port = free_port()  # aiosmtpd calls its own port on start, so it must be told which
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture(scope="package")
def platform(mailbox, tmp_path_factory) -> Platform:
    """The platform as `./jalon run` starts it, on an empty database, with the demonstration data."""
    name = f"journey_{os.getpid()}"
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    server = psycopg2_connection(sibling(owner, "postgres"))
    server.cursor().execute(f"CREATE DATABASE {name}")
    addresses = {
        "DATABASE_URL": sibling(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": sibling(owner, name),
        "REDIS_URL": os.environ["REDIS_URL"],
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "JALON_DEMO_PASSWORD": "une-visite-guidee",
        "JALON_DEMO": "1",
        "JALON_STYLE_GUIDE": "1",
    }
    running = start_platform(tmp_path_factory.mktemp("platform"), addresses)
    yield running
    running.stop()
    server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.fixture(scope="package")
def database(platform):
    """A connection to the platform's database, as the owner, autocommit: for what only a test may do: let time pass."""
    connection = psycopg2_connection(platform.owner_environment["DATABASE_URL"])
    yield connection
    connection.close()


@pytest.fixture(scope="package")
def stage(platform) -> Stage:
    """People in front of their browsers. Screenshots go to JALON_SCREENSHOTS, else `var/screenshots`."""
    screenshots = ROOT / os.environ.get("JALON_SCREENSHOTS", "var/screenshots")
    screenshots.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        yield Stage(browser, platform.url, platform.environment["JALON_DEMO_PASSWORD"], screenshots)
