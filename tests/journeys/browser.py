"""One way to start Chromium: headless, with nothing that calls the outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def chromium_path() -> str:
    """Where the distribution installs Chromium; `CHROMIUM` says otherwise."""
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, closed on leaving."""
    # Playwright's own loop makes Django believe that it runs in an async context.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, **options: Any) -> Any:
    """A fresh visitor, French and in Paris, who may only talk to the tested server."""
    options.setdefault("viewport", DESKTOP)
    # Smooth scrolling would move a target between the aim and the click.
    options.setdefault("reduced_motion", "reduce")
    return browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", bypass_csp=False, **options)
