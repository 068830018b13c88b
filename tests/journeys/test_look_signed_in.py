"""The screens of the foundation, signed in: one address of each kind, accessible, alone, and no wider than a phone."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from tests.journeys.axe import violations
from tests.journeys.browser import PHONE, new_context

FOUNDATION = (
    "/compte/",
    "/a-confirmer/",
    "/documents/",
    "/exploitation/",
    "/notifications/",
    "/preuves/",
    "/recherche/",
)
STARTS = ["/tableau-de-bord/", "/compte/profil/", "/plan-du-site/", "/recherche/?q=startups"]
LEAVES_OR_SENDS = (
    "deconnexion",
    "telecharger",
    "/dossier",
    ".json",
    ".txt",
    ".pdf",
    ".xlsx",
    ".docx",
    ".py",
    ".pem",
    ".svg",
)
LINK = re.compile(r'<a[^>]* href="(/[^"#]*)')


def kind_of(address: str) -> str:
    """The name of the URL; nothing for what is no screen of the foundation."""
    path = urlsplit(address).path
    if not path.startswith(FOUNDATION) or any(end in path for end in LEAVES_OR_SENDS):
        return ""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def shown(page: Page, address: str) -> bool:
    """Whether the address is a screen; a file that is handed over is none."""
    try:
        page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return True


@pytest.mark.parametrize("person", ["administration", "plateforme", "fournisseur"])
def test_screens_of_the_foundation(stage, person):
    context = new_context(stage.browser, viewport=PHONE, accept_downloads=False)
    page, wrong = context.new_page(), []
    page.on(
        "console",
        lambda message: wrong.append(f"{page.url} {message.text}") if message.type == "error" else None,
    )
    page.on("request", lambda sent: None if sent.url.startswith(stage.url) else wrong.append(sent.url))
    page.goto(stage.url + "/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(f"{person}@jalon.example")
    page.get_by_label("Mot de passe").fill(stage.password)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    waiting, met = list(STARTS), set()
    while waiting:
        address = waiting.pop(0)
        if not shown(page, stage.url + address):
            continue
        wrong += [f"{address}: {line}" for line in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{address}: scrolls sideways")
        for link in LINK.findall(page.content()):
            kind = kind_of(link)
            if kind and kind not in met:
                met.add(kind)
                waiting.append(link.replace("&amp;", "&"))
    context.close()
    assert len(met) > 8, met
    assert wrong == [], "\n".join(wrong)
