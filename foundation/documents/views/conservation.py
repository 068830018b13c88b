"""What will be purged and when, what is held back, what is gone."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.documents import legal, rules, selectors, services
from foundation.documents.forms import HoldForm
from foundation.documents.models import Document
from foundation.screens.doors import attempt, submitted

PAGE_SIZE = 50
AHEAD = timedelta(days=366)


@login_required
@require_safe
def conservation(request: HttpRequest) -> HttpResponse:
    """The documents of one's administrations that reach their term within a year, or are held; then those purged."""
    organisations = list(rules.organisations_archived_by(request.user))
    if not organisations:
        raise Http404
    today = localdate(clock.now())
    gone = request.GET.get("vue") == "elimines"
    rows = (
        selectors.purged_documents(organisations)
        if gone
        else selectors.terms_ahead(organisations, until=today + AHEAD)
    )
    context = {
        "gone": gone,
        "today": today,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "rules": [(legal.RetentionClass(code).label, rule) for code, rule in legal.RULES.items()],
        "breadcrumbs": [(_("Conservation des documents"), None)],
    }
    return render(request, "documents/conservation.html", context)


def _kept_or_404(request: HttpRequest, pk) -> Document:
    document = get_object_or_404(Document.objects.defer("facts").select_related("retention"), pk=pk)
    if not rules.can_hold_document(request.user, document):
        raise Http404
    return document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk) -> HttpResponse:
    """Keep a document beyond its term, with the reason."""
    document = _kept_or_404(request, pk)
    form = HoldForm(request.POST or None)

    def call(data):
        return services.document_hold(document=document, **data, by=request.user, at=clock.now())

    if submitted(request, form, call):
        messages.success(
            request, _("Le document est retenu : il reste entier jusqu’à la levée de la retenue.")
        )
        return redirect("documents:conservation")
    context = {"document": document, "form": form, "breadcrumbs": [(_("Retenir un document"), None)]}
    return render(request, "documents/hold.html", context)


@login_required
@require_POST
def release(request: HttpRequest, pk) -> HttpResponse:
    """Let the term of a held document run again."""
    document = _kept_or_404(request, pk)
    attempt(
        request,
        lambda: services.document_release(document=document, by=request.user, at=clock.now()),
        _("La retenue est levée : la durée de conservation court de nouveau."),
    )
    return redirect("documents:conservation")
