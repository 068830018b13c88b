"""The committed bundles in Chromium, under the policy of the platform: an origin of its own, nothing else loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.browser import chromium, new_context

ROOT = Path(__file__).resolve().parent.parent.parent
BUNDLES = ROOT / "static" / "js"
HOME = "https://jalon.test/"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'"


@contextmanager
def sealing_page() -> Iterator[Page]:
    """A page that holds `JalonSealing` and `JalonCustody`; whatever the policy forbids fails the test."""
    with chromium() as browser:
        page, complaints = new_context(browser).new_page(), []
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", _serve)
        page.goto(HOME)
        yield page
        assert complaints == [], complaints


def _serve(route) -> None:
    name = route.request.url.removeprefix(HOME)
    if name.endswith(".js"):
        route.fulfill(body=(BUNDLES / name).read_text(), content_type="text/javascript")
        return
    scripts = "".join(f'<script src="/{bundle}.js"></script>' for bundle in ("sealing", "custody"))
    body = f'<!doctype html><html lang="fr"><title>.</title>{scripts}</html>'
    route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})
