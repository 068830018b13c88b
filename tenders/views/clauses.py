"""The library of clauses as an organisation has it: read, searched, written otherwise, each version kept."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import library, selectors, services
from tenders.comparison import compare_words
from tenders.enums import PaperKind
from tenders.forms.papers import LibrarySearchForm, NewClauseForm, OwnClauseForm
from tenders.library import variables
from tenders.library.rules import clause_houses
from tenders.models import OwnClause
from tenders.views.doors import buyer_crumbs


def _house(request):
    """The organisation whose library is read: the one asked for, or the first where this person buys."""
    houses = clause_houses(request.user)
    asked = request.GET.get("organisation", "")
    found = houses.filter(pk=asked).first() if asked.isdecimal() else houses.first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def clause_list(request):
    """Every clause, by paper and chapter."""
    house = _house(request)
    form = LibrarySearchForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    words = wanted.get("q", "").casefold().split()
    found = [
        clause
        for clause in selectors.library_of(house, wanted.get("paper", ""))
        if all(word in f"{clause.title} {clause.text} {clause.article}".casefold() for word in words)
    ]
    groups = [
        (label, [clause for clause in found if clause.paper == kind]) for kind, label in PaperKind.choices
    ]
    context = {
        "house": house,
        "form": form,
        "count": len(found),
        "groups": [(label, clauses) for label, clauses in groups if clauses],
        "breadcrumbs": buyer_crumbs(_("Bibliothèque de clauses")),
    }
    return render(request, "tenders/clauses/list.html", context)


@login_required
def clause_create(request):
    """Add a clause that the library has not."""
    house = _house(request)
    form = NewClauseForm(request.POST or None)
    call = partial(services.own_clause_save, organisation=house, by=request.user, at=now())
    saved = submitted(request, form, lambda data: call(**data))
    if saved:
        messages.success(request, _("La clause est dans votre bibliothèque."))
        return redirect("tenders:clause", code=saved.code)
    context = {"house": house, "form": form, "breadcrumbs": buyer_crumbs(_("Nouvelle clause"))}
    return render(request, "tenders/clauses/create.html", context)


@login_required
def clause(request, code):
    """One clause: its words, its versions, how the organisation writes it."""
    house = _house(request)
    found = selectors.library_clause(house, code)
    if found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in ("title", "text", "article", "advice")}
    form = OwnClauseForm(request.POST or None, initial=initial)
    call = partial(
        services.own_clause_save,
        organisation=house,
        code=code,
        paper=found.paper,
        chapter=found.chapter,
        by=request.user,
        at=now(),
    )
    if submitted(request, form, lambda data: call(**data)):
        messages.success(request, _("Votre version est enregistrée : les prochaines pièces la prendront."))
        return redirect("tenders:clause", code=code)
    context = {
        "house": house,
        "clause": found,
        "versions": _versions(house, code),
        "examples": {variable.name: str(variable.example) for variable in variables.BY_NAME.values()},
        "form": form,
        "breadcrumbs": [*buyer_crumbs(_("Bibliothèque de clauses"))[:-1], (found.title, None)],
    }
    return render(request, "tenders/clauses/detail.html", context)


def _versions(house, code) -> list[dict]:
    """Each version that the organisation saved, with what it changed from the one before, the last first."""
    own = list(OwnClause.objects.filter(organisation=house, code=code).select_related("created_by"))
    shipped = library.clause(code)
    before = [*(version.text for version in own[1:]), shipped.text if shipped else ""]
    return [
        {"version": version, "pieces": compare_words(text, version.text)}
        for version, text in zip(own, before, strict=False)
    ]
