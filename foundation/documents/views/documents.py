"""Pages of a document: where it stands, its file, a new try."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.documents import downloads, rules, services
from foundation.documents.models import Document
from foundation.files.views import to_signed_link
from foundation.journal.selectors import history
from foundation.screens.doors import attempt


def _document_or_404(request: HttpRequest, pk) -> Document:
    rows = Document.objects.defer("facts").select_related("letterhead", "clauses", "batch", "retention")
    document = get_object_or_404(rows.defer("facts", "letterhead__logo", "clauses__text"), pk=pk)
    if not rules.can_view_document(request.user, document):
        raise Http404
    return document


@never_cache
@require_safe
def detail(request: HttpRequest, pk) -> HttpResponse:
    """Where the document stands; htmx asks for the middle of the page alone until it is settled."""
    document = _document_or_404(request, pk)
    partial = request.htmx and not request.htmx.boosted
    template = "documents/_state.html" if partial else "documents/detail.html"
    context = {
        "document": document,
        "can_retry": rules.can_retry_document(request.user, document),
        "can_hold": rules.can_hold_document(request.user, document),
        "can_view_batch": bool(document.batch) and rules.can_view_batch(request.user, document.batch),
        "term": getattr(document, "retention", None),
        "history": history(document) if rules.can_read_document_history(request.user, document) else None,
        "breadcrumbs": [(document.kind_label, None)],
    }
    return render(request, template, context)


@never_cache
@require_safe
def download(request: HttpRequest, pk) -> HttpResponse:
    """Its file (`?form=docx` for another form): a lasting address that leads to a short-lived signed link.

    404 while it is not ready.
    """
    document = _document_or_404(request, pk)
    form = request.GET.get("form", "")
    if not rules.can_download_document(request.user, document) or not downloads.file_of(document, form):
        raise Http404
    return to_signed_link(request, downloads.LINK, downloads.link_id(document, form))


@require_POST
def retry(request: HttpRequest, pk) -> HttpResponse:
    """Ask for a new try of a failed document."""
    document = _document_or_404(request, pk)
    if not rules.can_retry_document(request.user, document):
        raise Http404
    attempt(
        request,
        lambda: services.document_retry(document=document, by=request.user, at=clock.now()),
        _("Un nouvel essai est lancé : le document sera prêt dans quelques instants."),
    )
    return redirect(document)
