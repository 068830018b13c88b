"""In Chromium: the bell asks by itself, not while the page is hidden; the pages of messages pass axe."""

import os
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.notifications import bounces
from foundation.notifications.enums import BounceSource
from foundation.webhooks import services as webhooks
from tests.accounts.factories import make_buyer_org, make_member
from tests.journeys.axe import violations
from tests.journeys.browser import chromium, chromium_path, new_context
from tests.notifications.factories import tell
from tests.webhooks.factories import make_endpoint

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quiet_bell"),
    pytest.mark.skipif(not Path(chromium_path()).exists(), reason="no Chromium here"),
]
HIDE = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true})"


def _static(route):
    """A static file as it stands in the sources: nothing is collected for a test."""
    found = finders.find(route.request.url.split("/static/")[1].split("?")[0])
    route.fulfill(path=found) if found else route.abort()


@pytest.fixture
def own():
    return make_buyer_org()


@pytest.fixture
def admin(own):
    return make_member(own, Role.ORG_ADMIN)


@pytest.fixture
def page(live_server, settings, admin):
    """A page of a browser where the administrator is signed in."""
    settings.ALLOWED_HOSTS = ["*"]
    signed_in = Client()
    signed_in.force_login(admin)
    cookie = {"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}
    with chromium() as browser:
        context = new_context(browser)
        context.add_cookies([cookie])
        context.route("**/static/**", _static)
        opened = context.new_page()
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.goto_name = lambda path: opened.goto(live_server.url + path)
        yield opened


def polls(page):
    return [url for url in page.asked if reverse("notifications:badge") in url]


def a_minute_later(page):
    page.clock.fast_forward("01:01")
    page.wait_for_timeout(700)


def test_the_bell_asks_each_minute_but_not_while_nobody_looks(page, own, admin, at):
    page.clock.install()
    page.goto_name(reverse("notifications:preferences"))
    assert page.locator(".jalon-bell__count").count() == 0
    tell(admin, about=own, at=at)

    page.evaluate(HIDE % "true")
    a_minute_later(page)
    assert polls(page) == []

    page.evaluate(HIDE % "false")
    a_minute_later(page)
    assert len(polls(page)) == 1
    assert page.locator(".jalon-bell__count").inner_text().split()[-1] == "1"

    a_minute_later(page)
    assert polls(page)[-1].endswith("?vu=1")
    assert page.locator(".jalon-bell__count").count() == 1


def test_the_pages_of_messages_and_endpoints_are_accessible(page, own, admin, at):
    endpoint, _secret = make_endpoint(own, at=at, by=admin)
    delivery = webhooks.test_send(endpoint=endpoint, by=admin, at=at)
    bounces.address_refuse(email=admin.email, source=BounceSource.SMTP, code="550", at=at)
    tell(admin, about=own, at=at)
    addresses = [
        reverse("notifications:list"),
        reverse("notifications:preferences"),
        reverse("notifications:example", args=["needs.team_joined"]),
        reverse("notifications:addresses"),
        reverse("webhooks:list"),
        reverse("webhooks:events"),
        reverse("webhooks:create"),
        reverse("webhooks:rotate", args=[endpoint.pk]),
        endpoint.get_absolute_url(),
        delivery.get_absolute_url(),
    ]
    found = []
    for address in addresses:
        page.goto_name(address)
        found += [f"{address}: {fault}" for fault in violations(page)]
        if folder := os.environ.get("JALON_PICTURES"):
            page.screenshot(path=f"{folder}/{address.strip('/').replace('/', '-')}.png", full_page=True)
    assert found == []
