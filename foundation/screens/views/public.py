"""Pages that anyone reads: home, help, statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.screens import registry
from foundation.screens.steps import PURCHASE_STEPS


@dataclass(frozen=True, slots=True)
class Drawn:
    """A registered block with its context, ready for the `fragment` tag."""

    code: str
    title: Any
    template: str
    context: dict[str, Any]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Jalon is, what is open now, how it works and for whom."""
    blocks = []
    for block in registry.home_blocks():
        context = block.context()
        if context is not None:
            blocks.append(Drawn(block.code, "", block.template, dict(context)))
    return render(request, "screens/home.html", {"blocks": blocks, "purchase": PURCHASE_STEPS})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Short answers to the first questions."""
    return _page(request, "screens/help.html", _("Aide"))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for."""
    return _page(request, "screens/accessibility.html", _("Accessibilité"))


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes, which data, which licence."""
    return _page(request, "screens/legal.html", _("Mentions légales"))


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page this reader can start from."""
    return _page(request, "screens/site_map.html", _("Plan du site"))


def _page(request: HttpRequest, template: str, title: str) -> HttpResponse:
    crumbs = [(_("Accueil"), "/"), (title, None)]
    return render(request, template, {"breadcrumbs": crumbs})
