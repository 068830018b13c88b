"""Proofs: what anyone reads of them, and the lines that some may read whole."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Refusal
from foundation.journal import authority, rules, selectors, services, verifier
from foundation.journal.forms import ConsistencyForm, InclusionForm
from foundation.journal.models import Checkpoint, Entry, TimeStamp

SHOWN = 20
"""How many checkpoints the page lists: there may be one a minute; the API gives them all."""
VERIFIER = Path(verifier.__file__).read_bytes()
VERIFIER_SHA256 = hashlib.sha256(VERIFIER).hexdigest()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The last checkpoint, the key, the verifier, and proofs for whoever asks: nothing personal."""
    checkpoints = list(Checkpoint.objects.prefetch_related("timestamps")[:SHOWN])
    latest = checkpoints[0] if checkpoints else None
    context = {
        "latest": latest,
        "checkpoints": checkpoints,
        "keys": selectors.signing_keys(),
        "verifier_sha256": VERIFIER_SHA256,
        "has_authority": authority.is_configured(),
        **_inclusion(request, latest),
        **_consistency(request, latest),
        "breadcrumbs": [(_("Preuves du journal"), None)],
    }
    return render(request, "journal/home.html", context)


def _inclusion(request: HttpRequest, latest: Checkpoint | None) -> dict:
    """The form about one line, and its answer when it was asked."""
    form = InclusionForm(request.GET if "index" in request.GET else None)
    answer = None
    if form.is_bound and form.is_valid():
        if latest and form.cleaned_data["index"] < latest.size:
            answer = selectors.inclusion_answer(form.cleaned_data["index"], latest)
        else:
            form.add_error("index", _("Aucun point de contrôle ne contient encore cette ligne."))
    return {"inclusion_form": form, "inclusion": _shown(answer)}


def _consistency(request: HttpRequest, latest: Checkpoint | None) -> dict:
    """The form about two sizes, and its answer when it was asked."""
    form = ConsistencyForm(request.GET if "first" in request.GET else None)
    answer = None
    if form.is_bound and form.is_valid():
        if latest and form.cleaned_data["second"] <= latest.size:
            answer = selectors.consistency_answer(**form.cleaned_data)
        else:
            form.add_error("second", _("Le dernier point de contrôle contient moins de lignes."))
    return {"consistency_form": form, "consistency": _shown(answer)}


def _shown(answer: dict | None) -> str:
    return json.dumps(answer, indent=2) if answer else ""


@require_safe
def checkpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One checkpoint: its text, its time stamps."""
    found = get_object_or_404(Checkpoint.objects.prefetch_related("timestamps"), pk=pk)
    context = {
        "checkpoint": found,
        "timestamps": found.timestamps.all(),
        "breadcrumbs": [(_("Preuves du journal"), reverse("journal:home")), (str(found), None)],
    }
    return render(request, "journal/checkpoint.html", context)


@require_safe
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed text, byte for byte."""
    found = get_object_or_404(Checkpoint, pk=pk)
    return _attached(found.note.encode(), "text/plain; charset=utf-8", f"checkpoint-{found.size}.txt")


@require_safe
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """A time-stamp token, as the authority made it."""
    found = get_object_or_404(TimeStamp.objects.select_related("checkpoint"), pk=pk)
    name = f"checkpoint-{found.checkpoint.size}.tst"
    return _attached(bytes(found.token), "application/vnd.etsi.timestamp-token", name)


@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier."""
    return _attached(VERIFIER, "text/x-python; charset=utf-8", "jalon_verify.py")


@require_safe
def authority_file(request: HttpRequest) -> HttpResponse:
    """The certificates that the time stamps lead to: to be compared with those the authority publishes itself."""
    if not authority.is_configured():
        raise Http404
    return _attached(authority.certificates(), "application/x-pem-file", "authority.pem")


@never_cache
@login_required
@require_safe
def line(request: HttpRequest, index: int) -> HttpResponse:
    """One line in words, and what proves it, for whoever sees the history of its object."""
    entry = _entry_or_404(request, index)
    sealing = selectors.sealing_checkpoint(index)
    context = {
        "line": selectors.line_of(entry),
        "entry": entry,
        "link": entry.link,
        "checkpoint": sealing,
        "timestamps": sealing.timestamps.all() if sealing else [],
        "origin": settings.PUBLIC_URL,
        "breadcrumbs": [
            (_("Preuves du journal"), reverse("journal:home")),
            (_("Ligne %(index)s") % {"index": index}, None),
        ],
    }
    return render(request, "journal/line.html", context)


@never_cache
@login_required
@require_safe
def receipt(request: HttpRequest, index: int) -> HttpResponse:
    """The receipt of a line, to be kept and checked anywhere."""
    entry = _entry_or_404(request, index)
    return _receipt(request, [entry], f"recu-{index}.json", index)


@never_cache
@login_required
@require_safe
def extract(request: HttpRequest, index: int) -> HttpResponse:
    """The receipt of every line about the object of line `index`."""
    entry = _entry_or_404(request, index)
    entries = selectors.entries_of(entry.object_type, entry.object_id).filter(link__isnull=False)
    return _receipt(request, list(entries), f"extrait-{index}.json", index)


@login_required
@require_POST
def seal(request: HttpRequest, index: int) -> HttpResponse:
    """Ask for a checkpoint now instead of waiting for the next one."""
    _entry_or_404(request, index)
    services.checkpoint_ask()
    if selectors.sealing_checkpoint(index):
        messages.success(request, _("La ligne est scellée : son reçu est prêt."))
    else:
        messages.info(request, _("La signature est demandée : rechargez cette page dans une minute."))
    return redirect("journal:line", index=index)


def _entry_or_404(request: HttpRequest, index: int) -> Entry:
    lines = Entry.objects.select_related("link", "actor", "principal", "organisation")
    entry = get_object_or_404(lines, link__index=index)
    if not rules.can_read_entry(request.user, entry):
        raise Http404
    return entry


def _receipt(request: HttpRequest, entries: list[Entry], name: str, index: int) -> HttpResponse:
    try:
        found = services.extract(entries)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("journal:line", index=index)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
