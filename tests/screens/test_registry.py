"""The registry and the steps: what the stages hand to the shell."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from foundation.screens import registry
from foundation.screens.context import Shell, url_or_none
from foundation.screens.steps import purchase_steps


@pytest.fixture
def empty_registry(monkeypatch):
    """Registries of this test only."""
    for name in ("_nav", "_panels", "_home_blocks", "_bells"):
        monkeypatch.setattr(registry, name, {})


def shell_of(path="/", user=None):
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return Shell(request)


def test_navigation_is_ordered_and_keeps_what_the_reader_may_follow(empty_registry):
    registry.register_nav(registry.NavItem("Aide", "screens:help", order=20))
    registry.register_nav(registry.NavItem("Accueil", "screens:home", order=10))
    registry.register_nav(registry.NavItem("Secret", "screens:legal", visible=registry.signed_in))
    registry.register_nav(registry.NavItem("Absent", "nulle:part"))
    assert [link.label for link in shell_of().nav] == ["Accueil", "Aide"]


def test_the_longest_address_is_the_current_one(empty_registry):
    registry.register_nav(registry.NavItem("Accueil", "screens:home"))
    registry.register_nav(registry.NavItem("Aide", "screens:help"))
    assert [link.label for link in shell_of("/aide/plus/").nav if link.current] == ["Aide"]


def test_registering_twice_replaces(empty_registry):
    for title in ("un", "deux"):
        registry.register_panel(registry.Panel("p", title, "x.html", lambda user: None))
    assert [panel.title for panel in registry.panels()] == ["deux"]


def test_the_bell_rings_for_signed_in_people_only(empty_registry):
    registry.register_bell(lambda user: 7, "screens:help")
    assert shell_of().unread == 0
    assert shell_of().bell_url == "/aide/"


def test_an_unknown_address_is_none():
    assert url_or_none("nulle:part") is None


def test_steps_know_what_is_done_and_where_one_may_go():
    steps = purchase_steps(current="tender", links={"needs": "/projets-d-achat/1/"})
    assert [step.status for step in steps] == ["done", "passed", "current", "next", "next", "next"]
    assert [step.url for step in steps if step.url] == ["/projets-d-achat/1/"]


def test_an_unknown_step_is_an_error_of_the_caller():
    with pytest.raises(ValueError):
        purchase_steps(current="nowhere")
