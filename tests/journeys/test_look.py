"""The look in a browser: accessible on a wide screen and on a phone, light, alone, without script."""

import pytest

from tests.journeys.axe import violations
from tests.journeys.browser import DESKTOP, PHONE, new_context

FIRST_VIEW_BYTES = 200_000
PAGES = [
    "/",
    "/aide/",
    "/accessibilite/",
    "/mentions-legales/",
    "/plan-du-site/",
    "/guide-de-style/",
    "/compte/connexion/",
    "/compte/inscription/",
    "/consultations/",
    "/accords-cadres/",
    "/startups/",
    "/preuves/",
]


@pytest.fixture(params=[DESKTOP, PHONE], ids=["wide", "phone"])
def visitor(request, stage):
    """A page of a fresh visitor, and what the browser complained about or fetched elsewhere."""
    context = new_context(stage.browser, viewport=request.param)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda sent: None if sent.url.startswith(stage.url) else complaints.append(sent.url))
    yield page, complaints
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_alone_and_fits(stage, visitor, path):
    page, complaints = visitor
    page.goto(stage.url + path)
    assert violations(page) == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"


def test_errors_of_a_form_are_accessible_and_take_the_focus(stage, visitor):
    page, complaints = visitor
    page.goto(stage.url + "/guide-de-style/?erreurs=oui")
    assert violations(page) == []
    assert complaints == []
    assert page.evaluate("document.activeElement.id") == "erreurs"


def test_first_view_is_light(stage):
    context = new_context(stage.browser)
    page = context.new_page()
    received = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(stage.url + "/", wait_until="networkidle")
    context.close()
    assert len(received) > 5
    assert sum(received) <= FIRST_VIEW_BYTES, received


def test_the_phone_menu_opens_without_script(stage):
    context = new_context(stage.browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(stage.url + "/")
    link = page.get_by_role("navigation", name="Navigation principale").get_by_role(
        "link", name="Consultations"
    )
    assert not link.is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert link.is_visible()
    context.close()


def test_the_keyboard_reaches_the_content_first(stage):
    context = new_context(stage.browser)
    page = context.new_page()
    page.goto(stage.url + "/aide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.url.endswith("#contenu")
    context.close()
