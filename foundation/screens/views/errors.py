"""Error pages in French: what happened, what to do. The API answers problem+json to the same errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.translation import gettext as _

from foundation.unavailable import RETRY_AFTER, is_unavailable

API_PREFIX = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _answer(request, 400, _("Demande illisible"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the reader may not do this."""
    return _answer(request, 403, _("Accès refusé"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was opened too long ago or in another session."""
    if request.path.startswith(API_PREFIX):
        return _problem(403, _("Jeton CSRF absent ou périmé"))
    return render(request, "csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this reader may see."""
    return _answer(request, 404, _("Page introuvable"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when what the platform stands on is away; 408 when the body was cut. Whichever layer met it."""
    error = sys.exception()
    if isinstance(error, UnreadablePostError):
        return _bare(request, 408, _("Envoi interrompu"))
    if is_unavailable(error):
        response = _bare(request, 503, _("Plateforme momentanément indisponible"))
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return _bare(request, 500, _("Erreur interne"))


def _bare(request: HttpRequest, status: int, title: str) -> HttpResponse:
    """A page read from disk, with no context, so that it cannot fail in its turn."""
    if request.path.startswith(API_PREFIX):
        return _problem(status, title)
    page = (Path(settings.BASE_DIR) / "templates" / f"{status}.html").read_text()
    page = page.replace("<!-- look -->", _style_links()).replace("<!-- reference -->", _reference(request))
    return HttpResponse(page, status=status, content_type="text/html; charset=utf-8")


def _reference(request: HttpRequest) -> str:
    """The identifier of the request, for whoever asks for help; it is in the log too."""
    words = _("Référence à citer si vous demandez de l’aide :")
    return f"{words} <code>{escape(request.request_id)}</code>" if hasattr(request, "request_id") else ""


def _style_links() -> str:
    """The style sheets of the neutral theme; none when their names cannot be found either."""
    try:
        addresses = [static(f"css/{name}.css") for name in ("dsfr", "jalon", "neutre")]
        icon = static("img/favicon.svg")
    except Exception:  # a bare page is better than a second failure
        return ""
    links = "".join(f'<link rel="stylesheet" href="{address}">' for address in addresses)
    return f'<link rel="icon" href="{icon}" type="image/svg+xml">{links}'


def _answer(request: HttpRequest, status: int, title: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return _problem(status, title)
    return render(request, f"{status}.html", status=status)


def _problem(status: int, title: str) -> JsonResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    return JsonResponse(body, status=status, content_type="application/problem+json")
