"""People in front of their browsers: what a journey says they do, Chromium does."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.axe import violations
from tests.journeys.browser import DESKTOP, PHONE, new_context

PATIENCE_MS = 60_000
"""A test machine may be slow; a journey measures nothing."""
RECENT_SECONDS = 240
"""Well below the ten minutes after which the platform asks who acts again."""


class Person:
    """One visitor with a browser of their own. Each page met is examined by axe-core once."""

    def __init__(
        self,
        stage: Stage,
        name: str,
        *,
        viewport: dict | None = None,
        email: str = "",
        password: str = "",
        scripts: bool = True,
    ) -> None:
        self.stage, self.name = stage, name
        self.email = email or f"{name}@jalon.example"
        self.password = password or stage.password
        options = {"viewport": viewport} if viewport else {}
        self.scripts = scripts
        self.context = new_context(
            stage.browser, accept_downloads=True, java_script_enabled=scripts, **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: stage.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._stay_home)

    def _note(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.stage.complaints.append(f"{self.page.url}: {message.text}")

    def _stay_home(self, request: Any) -> None:
        if not request.url.startswith((self.stage.url, "data:", "blob:", "about:")):
            self.stage.complaints.append(f"{self.page.url} asks {request.url}")

    def visit(self, path: str) -> Person:
        """Open an address of the platform."""
        answer = self.page.goto(path if path.startswith("http") else self.stage.url + path)
        assert answer is None or answer.status < 500, f"{path}: {answer.status}"
        return self.look()

    def look(self) -> Person:
        """Have axe examine the page, once for each kind of page."""
        kind = re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", self.page.url.removeprefix(self.stage.url).split("?")[0]
        )
        if self.scripts and kind not in self.stage.examined:
            self.stage.examined.add(kind)
            self.stage.violations += [f"{kind}: {line}" for line in violations(self.page)]
        return self

    def sign_in(self) -> Person:
        """Sign in through the form, with the password."""
        self.visit("/compte/connexion/")
        self.fill("Adresse électronique", self.email).fill("Mot de passe", self.password)
        self.signed_in_at = time.monotonic()
        return self.press("Se connecter", self.main)

    def sign_in_again(self) -> Person:
        """Another session, on the same page."""
        here = self.page.url
        self.context.clear_cookies()
        return self.sign_in().visit(here)

    @property
    def main(self) -> Locator:
        """The page without its header and footer."""
        return self.page.locator("main")

    def field(self, label: str | re.Pattern, within: Locator | None = None) -> Locator:
        """The field whose label contains these words."""
        pattern = label if isinstance(label, re.Pattern) else re.compile(re.escape(label), re.IGNORECASE)
        room = within or self.page.locator("main")
        # A section may bear the same words as the field in it.
        return room.locator("input, select, textarea").and_(room.get_by_label(pattern)).first

    def fill(self, label: str | re.Pattern, value: str, within: Locator | None = None) -> Person:
        """Type in a field."""
        self.field(label, within).fill(value)
        return self

    def choose(self, label: str | re.Pattern, option: str, within: Locator | None = None) -> Person:
        """Choose an option of a list by (part of) what it shows."""
        select = self.field(label, within)
        texts = [text.strip() for text in select.locator("option").all_inner_texts()]
        [shown] = [text for text in texts if option in text][:1] or [option]
        select.select_option(label=shown)
        return self

    def tick(self, label: str | re.Pattern, within: Locator | None = None) -> Person:
        """Tick a box or choose a radio button, as a hand does: on its label."""
        self.field(label, within).check()
        return self

    def press(self, name: str | re.Pattern, within: Locator | None = None) -> Person:
        """Press a button and wait for the page that follows."""
        return self._go((within or self.page).get_by_role("button", name=name).first)

    def follow(self, name: str | re.Pattern, within: Locator | None = None) -> Person:
        """Follow a link and wait for its page."""
        return self._go((within or self.page).get_by_role("link", name=name).first)

    def _go(self, target: Locator) -> Person:
        with self.page.expect_navigation(wait_until="load", timeout=PATIENCE_MS):
            target.click()
        return self.look()

    def sees(self, text: str | re.Pattern) -> Person:
        """The page shows this text."""
        expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS)
        return self

    def does_not_see(self, text: str) -> Person:
        """The page does not show this text."""
        expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def snap(self, name: str, *, full: bool = False) -> Person:
        """Leave a screenshot."""
        self.page.screenshot(path=self.stage.screenshots / f"{name}.png", full_page=full)
        return self

    def pose(self, name: str) -> Person:
        """Leave a screenshot as wide as a desk, then as a telephone; nothing may stick out of the telephone."""
        self._photograph(name)
        self.page.set_viewport_size(PHONE)
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.stage.complaints.append(f"{self.page.url}: scrolls sideways on a telephone")
        self._photograph(f"{name}-telephone")
        self.page.set_viewport_size(DESKTOP)
        return self

    def _photograph(self, name: str) -> None:
        """The whole page as a JPEG, which a long page makes several times faster than a PNG."""
        path = self.stage.screenshots / f"{name}.jpg"
        self.page.screenshot(path=path, full_page=True, type="jpeg", quality=75)

    def fetched(self, link: Locator) -> bytes:
        """The file behind a link, with this person's session."""
        answer = self.context.request.get(self.stage.url + link.first.get_attribute("href"))
        assert answer.status == 200, f"{answer.url}: {answer.status}"
        return answer.body()

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()

    def download(self) -> bytes | None:
        """The first document of the page, fetched with this person's session; None while it is laid out."""
        link = self.page.locator(".jalon-document a[download]")
        if not link.count():
            return None
        answer = self.context.request.get(self.stage.url + link.first.get_attribute("href"))
        assert answer.status == 200, f"{self.page.url}: {answer.status}"
        return answer.body()


class Stage:
    """Where the people play: one platform, one Chromium, what axe and the browser complained about."""

    def __init__(self, browser: Browser, url: str, password: str, screenshots: Path) -> None:
        self.browser, self.url, self.password, self.screenshots = browser, url, password, screenshots
        self.people: dict[str, Person] = {}
        self.examined: set[str] = set()
        self.violations: list[str] = []
        self.complaints: list[str] = []

    def person(self, name: str) -> Person:
        """The person with this demonstration account, signed in minutes ago at most: acts that engage ask for it."""
        if name not in self.people:
            self.people[name] = Person(self, name).sign_in()
        elif time.monotonic() - self.people[name].signed_in_at > RECENT_SECONDS:
            self.people[name].sign_in_again()
        return self.people[name]

    def newcomer(self, name: str, email: str = "", password: str = "") -> Person:
        """Somebody in a browser never used before, signed in nowhere yet."""
        return Person(self, name, email=email, password=password)

    def at_ease(self) -> None:
        """What no journey forgives: a page that axe or the policy complains about, a request to another host."""
        assert self.complaints == []
        assert self.violations == [], "\n".join(self.violations)

    def anyone(self, *, phone: bool = False) -> Person:
        """A visitor without an account."""
        return Person(self, "anyone", viewport=PHONE if phone else None)
