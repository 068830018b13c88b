"""The whole demonstration: told once, and every page that its people reach opens within the budget of queries."""

import re
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from foundation.accounts.models import User
from foundation.journal.models import Entry

MOST_QUERIES = 12
"""Any signed-in page."""
ACTS = {"tenders:opened_file": 15}
"""What is no page: the first reading of an opened file writes its line of the journal, in a transaction."""
OUT_OF_THE_WALK = ("/static/", "/api/", "/compte/deconnexion", "//")
LINK = re.compile(r'<a[^>]* href="(/[^"#?]*)')


@pytest.fixture
def told(db, settings):
    """The demonstration as `./jalon run` tells it."""
    settings.JALON_DEMO = True
    settings.JALON_DEMO_PASSWORD = "une-phrase-de-demonstration"
    call_command("demo", verbosity=0)


def test_the_platform_does_not_tell_it(db, settings, monkeypatch):
    """It writes bids of the past, which only the owner of the tables may."""
    settings.JALON_DEMO = True
    monkeypatch.setattr("procurement.management.commands.demo.owns_tables", lambda: False)
    with pytest.raises(CommandError, match="propriétaire"):
        call_command("demo", verbosity=0)


def one_link_of_each_kind(client: Client, start: str) -> Iterator[tuple[str, int, int]]:
    """Follow links from `start`, one address for each name of URL: yields (address, status, queries)."""
    waiting, met = [start], set()
    while waiting:
        address = waiting.pop(0)
        # Django forgets the statements above some thousands, and would count none.
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        yield address, answer.status_code, len(queries)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(answer.content.decode()):
            name = name_of(link)
            if name and name not in met and not link.startswith(OUT_OF_THE_WALK):
                met.add(name)
                waiting.append(link)


def name_of(link: str) -> str | None:
    """The name of the URL, None for what no page answers."""
    try:
        return resolve(link).view_name
    except Resolver404:
        return None


def expected(address: str) -> set[int]:
    """The statuses that are no fault: a receipt waits (409) for the next signed checkpoint, a minute at most."""
    return {200, 302, 409} if address.endswith("/accuse.json") else {200, 302}


def one_person_of_each_kind() -> list[User]:
    """The people of the demonstration, less those who hold the same roles in the same kinds of organisation."""
    people = User.objects.filter(email__endswith="@jalon.example", is_active=True)
    kinds = {
        frozenset(user.memberships.values_list("role", "organisation__kind")): user
        for user in people.order_by("-pk")
    }
    return list(kinds.values())


def test_everyone_walks_the_demonstration_within_the_budget(told):
    wrong = []
    for user in one_person_of_each_kind():
        client = Client()
        client.force_login(user)
        for address, status, queries in one_link_of_each_kind(client, reverse("screens:dashboard")):
            if status not in expected(address) or queries > ACTS.get(name_of(address), MOST_QUERIES):
                wrong.append(f"{user.email} {address}: {status}, {queries} queries")
    assert not wrong, "\n".join(wrong)


def test_told_again_it_changes_nothing(told):
    entries = Entry.objects.count()
    call_command("demo", verbosity=0)
    assert Entry.objects.count() == entries
