"""The living style guide: every component with sample content; served in DEBUG and in the tests only."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.screens import forms as ours
from foundation.screens.steps import purchase_steps


class SampleForm(ours.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Intitulé"), help_text=_("Ce que le public lira en premier."))
    amount = ours.EuroField(label=_("Montant estimé (€ HT)"))
    due_at = ours.DateTimeField(label=_("Date et heure limites (heure de Paris)"))
    start_date = ours.DateField(label=_("Début"), required=False)
    place = forms.ChoiceField(
        label=_("Lieu"), choices=[("", "—"), ("fr", _("France entière")), ("idf", _("Paris"))]
    )
    kind = forms.ChoiceField(
        label=_("Forme"),
        choices=[("purchase", _("Achat")), ("grant", _("Subvention"))],
        widget=forms.RadioSelect,
        help_text=_("Une seule forme par ligne de stratégie."),
    )
    profiles = forms.MultipleChoiceField(
        label=_("Profils attendus"),
        choices=[("dev", _("Développement")), ("design", _("Conception")), ("data", _("Données"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    brief = forms.CharField(label=_("Le problème"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    file = ours.FileField(label=_("Pièce jointe"), accept=".pdf", help_text=_("PDF, 20 Mo au plus."))
    certified = forms.BooleanField(label=_("Je certifie l’exactitude de ces informations"))


class SampleFilters(ours.Form):
    q = forms.CharField(label=_("Mots-clés"), required=False)
    state = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("Tous")), ("published", _("Publiée")), ("awarded", _("Attribuée"))],
    )


class SampleRow(ours.Form):
    code = forms.CharField(label=_("Code"))
    quantity = forms.IntegerField(label=_("Quantité"))


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component once, the form in error with `?erreurs`. 404 unless DEBUG or `JALON_STYLE_GUIDE`."""
    if not (settings.DEBUG or settings.JALON_STYLE_GUIDE):
        raise Http404
    form = SampleForm({"amount": "beaucoup"}) if "erreurs" in request.GET else SampleForm()
    messages.success(request, _("La consultation est publiée."))
    messages.error(request, _("La date limite est trop proche : choisissez au moins 30 jours."))
    return render(request, "screens/style_guide.html", {**_sample(), "form": form, "now": now()})


def _sample() -> dict[str, Any]:
    rows = formset_factory(SampleRow, extra=0)(initial=[{"code": "UO-L2.2.2", "quantity": 3}], prefix="rows")
    return {
        "breadcrumbs": [(_("Accueil"), "/"), (_("Guide de style"), None)],
        "steps": purchase_steps(current="tender", links={"needs": "/"}),
        "filters": SampleFilters(),
        "formset": rows,
        "page_obj": Paginator(range(200), 10).page(7),
        "figures": [
            {"value": "195 M€", "label": _("Montant estimé"), "hint": _("sur 4 ans")},
            {"value": "31", "label": _("Bénéficiaires")},
            {"value": "12,5 j", "label": _("Reste à faire"), "hint": _("sur 40 j")},
        ],
        "actions": [
            {"label": _("Publier"), "url": "/guide-de-style/"},
            {"label": _("Modifier"), "url": "/guide-de-style/", "kind": "secondary", "method": "get"},
            {
                "label": _("Abandonner"),
                "url": "/guide-de-style/",
                "kind": "danger",
                "confirm": _("La procédure s’arrête et les candidats sont prévenus."),
            },
        ],
        "states": [
            ("draft", _("Brouillon")),
            ("published", _("Publiée")),
            ("standstill", _("Suspension")),
            ("accepted", _("Admise")),
            ("rejected", _("Rejetée")),
        ],
        "tabs": [
            {"label": _("Lots"), "url": "/guide-de-style/", "current": True, "count": 2},
            {"label": _("Questions"), "url": "/guide-de-style/", "current": False},
        ],
        "rows": [(_("Acheteur"), "DINUM"), (_("Procédure"), _("Appel d’offres ouvert")), (_("Avenant"), "")],
        **_sample_tables(),
        **_sample_documents(),
    }


def _sample_tables() -> dict[str, Any]:
    return {
        "table_head": [_("Code"), _("Unité d’œuvre"), _("Prix unitaire HT")],
        "table_rows": [
            ["UO-L2.2.2", _("Itération, équipe de 3 personnes"), "18 400 €"],
            ["UO-L2.3.1", _("Appui"), "950 €"],
        ],
        "history": [
            {
                "index": 12,
                "who": "Nadia Ferrand",
                "role": _("acheteur"),
                "what": _("a publié la consultation"),
                "reason": "",
                "at": now(),
            }
        ],
    }


def _sample_documents() -> dict[str, Any]:
    return {
        "document": {
            "title": _("Procès-verbal d’admission"),
            "number": "PV-2026-0001",
            "state": "ready",
            "size": 48213,
            "pages": 2,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "created_at": now(),
            "pk": uuid.UUID(int=1),
        },
        "pending": {
            "title": _("Bon de commande"),
            "number": "",
            "state": "rendering",
            "created_at": now(),
            "pk": uuid.UUID(int=2),
        },
    }
