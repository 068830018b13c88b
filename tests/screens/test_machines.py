"""robots.txt and security.txt, at the addresses where they are looked for."""

from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from procurement.settings.security import _instant


def test_crawlers_are_told_what_to_leave(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /compte/" in answer.content.decode()


def test_whom_to_tell_of_a_weakness(client):
    told = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert told["Contact"] == "mailto:securite@jalon.example"
    assert datetime.fromisoformat(told["Expires"]).tzinfo
    assert told["Canonical"].endswith("/.well-known/security.txt")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["SECURITY_CONTACT", "SECURITY_EXPIRES"])
def test_without_both_there_is_no_such_page(client, settings, name):
    setattr(settings, name, "")
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("text", ["demain", "2027-06-30T00:00:00"])
def test_a_date_that_says_no_instant_is_refused_at_the_start(text):
    with pytest.raises(ImproperlyConfigured):
        _instant(text)
