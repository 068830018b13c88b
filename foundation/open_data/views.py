"""Open data: a page that explains, and the files that programs read, free of any account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import last_modified, require_safe

from foundation import clock
from foundation.open_data import packages, selectors

SAMPLE_PREFIX = "ocds-213czf"
"""The prefix that the standard keeps for examples: a publisher asks for his own."""


def _last(request: HttpRequest):
    return selectors.last_released_at()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is published, how to read it, how often it changes, under which licence."""
    context = {
        "count": selectors.release_count(),
        "last_at": selectors.last_released_at(),
        "prefix": settings.OCDS_PREFIX,
        "is_sample": settings.OCDS_PREFIX == SAMPLE_PREFIX,
        "publisher": packages.publisher(),
        "licence": packages.LICENCE,
        "page_size": selectors.PAGE_SIZE,
        "breadcrumbs": [(_("Données ouvertes"), None)],
    }
    return render(request, "open_data/home.html", context)


@require_safe
@last_modified(_last)
def releases(request: HttpRequest) -> HttpResponse:
    """A page of releases, in the order of publication; `after` is that of the link `next`."""
    return _package(request, "releases", selectors.releases_page(after=_after(request)))


@require_safe
@last_modified(_last)
def records(request: HttpRequest) -> HttpResponse:
    """A page of records: where each process stands, those that changed last at the end."""
    return _package(request, "records", selectors.records_page(after=_after(request)))


@require_safe
@last_modified(_last)
def releases_lines(request: HttpRequest) -> HttpResponse:
    """Every release, one a line, sent as it is read."""
    lines = selectors.release_lines() if request.method == "GET" else ()
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="releases.jsonl"'
    return _open(response)


def _package(request: HttpRequest, name: str, page: selectors.Page) -> HttpResponse:
    text = packages.package(name, key=name, texts=page.texts, next_after=page.next_after, at=clock.now())
    return _open(HttpResponse(text, content_type="application/json; charset=utf-8"))


def _after(request: HttpRequest) -> int:
    """The key asked for; anything else than a whole number is the beginning."""
    given = request.GET.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0


def _open(response):
    """Read from any site: these data belong to everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
