"""The pages of the shell: they answer, cost few queries, load nothing from elsewhere and stay light."""

import re
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from foundation.screens import registry
from foundation.screens.views import health
from tests.accounts.factories import make_buyer_org, make_member, make_user

PUBLIC = ["/", "/aide/", "/accessibilite/", "/mentions-legales/", "/plan-du-site/"]
FIRST_VIEW_BYTES = 200_000
UNKNOWN = "variable inconnue"

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("path", [*PUBLIC, "/guide-de-style/"])
def test_page_stands(client, path):
    response = client.get(path)
    page = text(response)
    assert response.status_code == 200
    assert UNKNOWN not in page
    assert page.count("<h1") == 1
    assert '<html lang="fr"' in page
    assert 'id="contenu"' in page


@pytest.mark.parametrize("path", PUBLIC[1:])
def test_shell_costs_no_query_to_a_visitor(client, path, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.parametrize("path", [*PUBLIC, "/guide-de-style/"])
def test_nothing_comes_from_another_host_and_nothing_is_inline(client, path):
    page = text(client.get(path))
    loaded = re.findall(r'<(?:script|img|link|iframe|source|use)\b[^>]*?(?:src|href)="([^"]+)"', page)
    assert loaded and all(address.startswith("/") and not address.startswith("//") for address in loaded)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_content_security_policy_is_strict(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'"):
        assert part in policy
    assert "unsafe" not in policy and "http" not in policy


def test_style_sheets_name_no_other_host_and_no_mark_of_the_state():
    for path in sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css")):
        sheet = path.read_text()
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", sheet), path.name
        assert "@import" not in sheet, path.name
        if path.name != "etat.css":
            assert not re.search(r"font-family:[^;}]*Marianne|Marianne[^;}]*\.woff|url\([^)]*dsfr", sheet), (
                path.name
            )


def test_the_neutral_theme_serves_no_mark_of_the_state(client, settings):
    settings.JALON_THEME = "neutre"
    page = text(client.get("/"))
    assert "dsfr/dist" not in page and "fr-logo" not in page and "Marianne" not in page


def test_the_neutral_theme_collects_no_mark_of_the_state():
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    collected = [path for finder in finders.get_finders() for path, _storage in finder.list(ignored)]
    assert "css/jalon.css" in collected and "django_htmx/htmx-2.min.js" in collected
    assert not [path for path in collected if "marianne" in path.lower() or path.startswith("dsfr/")]


def test_the_state_theme_is_only_by_setting(client, settings):
    settings.JALON_THEME = "etat"
    page = text(client.get("/"))
    assert "dsfr/dist/dsfr.min.css" in page and "css/etat.css" in page and "neutre.css" not in page


def test_first_view_is_light(client):
    page = client.get("/").content
    addresses = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode()))
    for sheet in [address for address in addresses if address.endswith(".css")]:
        found = Path(finders.find(sheet)).read_text()
        addresses |= {f"css/{url}" for url in re.findall(r'url\("?([^")]+)', found)}
    sizes = {address: wire_size(Path(finders.find(address.replace("css/../", "")))) for address in addresses}
    total = sum(sizes.values()) + len(brotli.compress(page))
    assert total <= FIRST_VIEW_BYTES, sizes


def wire_size(path):
    """Bytes sent: fonts are compressed already, the rest goes as brotli."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(brotli.compress(content))


def test_the_dsfr_sheet_is_what_the_command_makes():
    call_command("build_dsfr_css", check=True)


def test_the_style_guide_shows_errors_beside_the_fields(client):
    page = text(client.get("/guide-de-style/?erreurs=oui"))
    assert "corrections sont nécessaires" in page and UNKNOWN not in page


def test_the_style_guide_is_hidden_in_production(client, settings):
    settings.JALON_STYLE_GUIDE = False
    assert client.get("/guide-de-style/").status_code == 404


def test_dashboard_asks_to_sign_in(client):
    assert client.get("/tableau-de-bord/").status_code == 302


def test_dashboard_of_a_newcomer_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(registry, "_panels", {})
    client.force_login(make_user(email="nouvelle@exemple.fr"))
    page = text(client.get("/tableau-de-bord/"))
    assert "Rien ne vous attend" in page and UNKNOWN not in page


def test_dashboard_names_the_persona_and_its_organisation(client, monkeypatch):
    monkeypatch.setattr(registry, "_panels", {})
    organisation = make_buyer_org()
    client.force_login(make_member(organisation, "buyer"))
    page = text(client.get("/tableau-de-bord/"))
    assert "Acheteuse ou acheteur" in page and organisation.name in page and UNKNOWN not in page


def test_a_panel_is_drawn_with_its_own_context_only(client, monkeypatch):
    monkeypatch.setattr(registry, "_panels", {})
    shown = {"title": "Une seule fois", "text": "dans son panneau"}
    registry.register_panel(registry.Panel("a", "Panneau", "components/empty.html", lambda user: shown))
    registry.register_panel(registry.Panel("b", "Caché", "components/empty.html", lambda user: None))
    client.force_login(make_user())
    page = text(client.get("/tableau-de-bord/"))
    assert page.count("Une seule fois") == 1 and "Caché" not in page


def test_missing_page_speaks_french(client):
    response = client.get("/nulle-part/")
    assert (
        response.status_code == 404 and "Page introuvable" in text(response) and UNKNOWN not in text(response)
    )


def test_expired_form_speaks_french():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/compte/connexion/", {"login": "a@exemple.fr"})
    assert response.status_code == 403 and "Le formulaire a expiré" in text(response)


def test_the_500_page_needs_nothing(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("foundation.screens.registry.home_blocks", lambda: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500 and "Un incident est survenu" in text(response)


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200 and response.content == b"ok\n"


def test_ready_tells_each_part(client):
    response = client.get("/readyz")
    assert response.status_code == 200, response.json()
    assert set(response.json()["checks"]) == {"database", "migrations", "broker", "storage"}


def test_not_ready_names_the_part_and_no_secret(client, monkeypatch):
    def away():
        raise OSError("redis://:secret@host/0 is away")

    monkeypatch.setitem(health.CHECKS, "broker", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "checks": {"database": "ok", "migrations": "ok", "broker": "failed", "storage": "ok"},
    }
    assert "secret" not in text(response)
