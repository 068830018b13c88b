"""The dashboard: what waits for this person, whatever the stage."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.selectors import narrowed_to_house
from foundation.clock import now
from foundation.screens import registry
from foundation.screens.personas import persona_of
from foundation.screens.views.public import Drawn


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The panels that concern this person in the active organisation; an empty state says what to do first."""
    viewer = narrowed_to_house(request.user)
    blocks = []
    for panel in registry.panels():
        context = panel.context(viewer)
        if context is not None:
            blocks.append(Drawn(panel.code, panel.title, panel.template, dict(context)))
    persona = persona_of(viewer)
    return render(
        request,
        "screens/dashboard.html",
        {
            "panels": blocks,
            "persona": persona,
            "today": now(),
            "breadcrumbs": [(_("Accueil"), "/"), (_("Tableau de bord"), None)],
        },
    )
