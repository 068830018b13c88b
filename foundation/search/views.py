"""The page of results: everything is in the address, so a search can be shared."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.search import registry, selectors


@never_cache
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What this person may see that holds the words, by kind, or one kind page by page."""
    words, only = request.GET.get("q", ""), request.GET.get("dans", "")
    kind = registry.find(only)
    page = _page(request) if kind else 1
    answer = selectors.search(request.user, words, only=kind.code if kind else "", page=page)
    context = {
        "answer": answer,
        "kind": kind,
        "groups": [
            (group, _count_words(group), _address(answer.words, group.kind.code)) for group in answer.groups
        ],
        "everywhere_url": _address(answer.words),
        "suggestion_url": _address(answer.suggestion) if answer.suggestion else "",
        "searched": answer.words,
        "searched_everywhere": answer.words,
        **_pages(answer, kind, page),
        "breadcrumbs": [(_("Recherche"), None)],
    }
    return render(request, "search/results.html", context)


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    last = selectors.COUNT_LIMIT // selectors.PAGE_SIZE
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1


def _address(words: str, kind: str = "", page: int = 1) -> str:
    facts = {"q": words, "dans": kind, "page": page if page > 1 else ""}
    told = urlencode({key: value for key, value in facts.items() if value})
    return f"{reverse('search:results')}?{told}" if told else reverse("search:results")


def _pages(answer: selectors.Answer, kind, page: int) -> dict:
    """The addresses of the pages before and after, when one kind is read."""
    total = answer.groups[0].count if kind and answer.groups else 0
    before = _address(answer.words, kind.code, page - 1) if kind and page > 1 else ""
    after = _address(answer.words, kind.code, page + 1) if page * selectors.PAGE_SIZE < total else ""
    return {"previous_url": before, "next_url": after, "page": page}


def _count_words(group: selectors.Group) -> str:
    if group.is_capped:
        return _("plus de %(count)d résultats") % {"count": group.count}
    return ngettext("%(count)d résultat", "%(count)d résultats", group.count) % {"count": group.count}
