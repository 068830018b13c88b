"""Many documents on one page: a batch that was asked for, the dossier of an object; each as one zip file."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.documents import registry, rules, selectors
from foundation.documents.archive import zip_stream
from foundation.documents.models import Batch, Document
from foundation.files.names import disposition

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def batch(request: HttpRequest, pk) -> HttpResponse:
    """How far a batch is; htmx asks for the middle of the page alone until every document is settled."""
    found = _batch_or_404(request, pk)
    documents = rules.documents_seen(request.user, selectors.documents_in_batch(found))
    progress = selectors.batch_progress(found)
    context = {
        "batch": found,
        "progress": progress,
        "page_obj": Paginator(documents, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [(_("Série de documents"), None)],
    }
    partial = request.htmx and not request.htmx.boosted
    return render(request, "documents/_batch.html" if partial else "documents/batch.html", context)


@login_required
@require_safe
def batch_zip(request: HttpRequest, pk) -> StreamingHttpResponse:
    """The documents of a batch that are ready, in one file."""
    found = _batch_or_404(request, pk)
    return _zip(rules.documents_seen(request.user, selectors.documents_in_batch(found)), found.title)


def _batch_or_404(request: HttpRequest, pk) -> Batch:
    found = get_object_or_404(Batch, pk=pk)
    if not rules.can_view_batch(request.user, found):
        raise Http404
    return found


@never_cache
@require_safe
def dossier(request: HttpRequest, code: str, pk: str) -> HttpResponse:
    """Every document of an object that this reader may see."""
    declared, obj, documents = _dossier_or_404(request, code, pk)
    context = {
        "dossier": declared,
        "object": obj,
        "code": code,
        "pk": pk,
        "has_files": any(document.forms for document in documents),
        "page_obj": Paginator(documents, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [(str(obj), declared.page(obj)), (_("Dossier"), None)],
    }
    return render(request, "documents/dossier.html", context)


@require_safe
def dossier_zip(request: HttpRequest, code: str, pk: str) -> StreamingHttpResponse:
    """The same in one file, with the list of digests."""
    _declared, obj, documents = _dossier_or_404(request, code, pk)
    return _zip(documents, str(obj))


def _dossier_or_404(request: HttpRequest, code: str, pk: str) -> tuple:
    declared = registry.dossier(code)
    obj = declared.find(request.user, pk) if declared else None
    if obj is None:
        raise Http404
    return (
        declared,
        obj,
        rules.documents_seen(request.user, selectors.documents_of_parts(declared.parts(obj))),
    )


def _zip(documents: list[Document], title: str) -> StreamingHttpResponse:
    ready = [document for document in documents if document.forms]
    if not ready:
        raise Http404
    answer = StreamingHttpResponse(zip_stream(documents), content_type="application/zip")
    answer.headers["Content-Disposition"] = disposition(f"{slugify(title)[:80] or 'dossier'}.zip")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
