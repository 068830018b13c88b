"""The written papers of a draft: composed from the library, adapted, completed, laid out, compared."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import rules, selectors, services
from tenders.comparison import compare_words
from tenders.enums import PaperKind
from tenders.forms.papers import AddClauseForm, ClauseForm, ValuesForm
from tenders.library import PAPERS, variables
from tenders.selectors.papers import paper_changes
from tenders.views.doors import allowed_tender, buyer_crumbs
from tenders.views.drafting import draft_context, draft_of


@login_required
@require_safe
def papers(request, pk):
    """The papers of the draft: what each has, what it still asks, its versions."""
    tender = draft_of(request, pk)
    found, values = selectors.papers_of(tender), selectors.values_for(tender)
    versions = selectors.with_documents(request.user, selectors.paper_versions(tender))
    rows = [
        {
            "paper": paper,
            "count": len(paper.clauses.all()),
            "adapted": sum(clause.is_adapted for clause in paper.clauses.all()),
            "missing": _labels(selectors.missing_values([paper], values)),
            "versions": [version for version in versions if version.kind == paper.kind],
        }
        for paper in found
    ]
    prices = [version for version in versions if version.kind == PaperKind.BPU]
    context = draft_context(
        request, tender, "papers", rows=rows, prices=prices, may_compose=len(found) < len(PAPERS)
    )
    return render(request, "tenders/draft/papers.html", context)


def _labels(names: list[str]) -> list[str]:
    return [str(variables.BY_NAME[name].label) for name in names if name in variables.BY_NAME]


@login_required
@require_POST
def papers_compose(request, pk):
    """Start the papers from the library."""
    tender = draft_of(request, pk)
    call = partial(services.papers_compose, tender=tender, by=request.user, at=now())
    attempt(request, call, _("Les pièces sont composées : relisez-les, adaptez-les, complétez les valeurs."))
    return redirect("tenders:papers", pk=pk)


@login_required
@require_POST
def papers_make(request, pk):
    """Lay out the papers that changed."""
    tender = draft_of(request, pk)
    call = partial(services.paper_versions_make, tender=tender, by=request.user, at=now())
    attempt(request, call, _("Les versions sont établies ; la mise en page prend quelques secondes."))
    return redirect("tenders:papers", pk=pk)


def _paper(tender, kind):
    found = next((paper for paper in selectors.papers_of(tender) if paper.kind == kind), None)
    if found is None:
        raise Http404
    return found


@login_required
def paper(request, pk, kind):
    """One paper: its clauses as they will be read, and those that the library could add."""
    tender = draft_of(request, pk)
    found, values = _paper(tender, kind), selectors.values_for(tender)
    known = {clause.code for clause in found.clauses.all()}
    others = [clause for clause in selectors.library_of(tender.buyer, kind) if clause.code not in known]
    form = AddClauseForm(request.POST or None, clauses=others)
    call = partial(services.paper_clause_add, paper=found, by=request.user, at=now())
    if submitted(request, form, lambda data: call(**data)):
        messages.success(request, _("La clause est ajoutée."))
        return redirect("tenders:paper", pk=pk, kind=kind)
    shown = {name: variables.said(name, values) for name in variables.BY_NAME}
    context = draft_context(
        request,
        tender,
        "papers",
        paper=found,
        facts=selectors.paper_facts(found, values),
        clauses={clause.code: clause for clause in found.clauses.all()},
        shown=shown,
        others=others,
        form=form,
    )
    return render(request, "tenders/draft/paper.html", context)


def _clause(tender, kind, clause_pk):
    clauses = _paper(tender, kind).clauses.all()
    found = next((clause for clause in clauses if clause.pk == clause_pk), None)
    if found is None:
        raise Http404
    return found


@login_required
def paper_clause(request, pk, kind, clause_pk):
    """Write one clause otherwise, beside what the library says."""
    tender = draft_of(request, pk)
    clause = _clause(tender, kind, clause_pk)
    source = selectors.library_clause(tender.buyer, clause.code)
    initial = {"title": clause.title, "text": clause.text, "reason": clause.reason}
    form = ClauseForm(request.POST or None, initial=initial)
    call = partial(services.paper_clause_write, clause=clause, by=request.user, at=now())
    if submitted(request, form, lambda data: call(**data)):
        messages.success(request, _("La clause est enregistrée."))
        return redirect("tenders:paper", pk=pk, kind=kind)
    context = draft_context(
        request,
        tender,
        "papers",
        clause=clause,
        source=source,
        pieces=compare_words(source.text, clause.text) if source and source.text != clause.text else [],
        variables=variables.BY_NAME.values(),
        form=form,
    )
    return render(request, "tenders/draft/paper_clause.html", context)


@login_required
@require_POST
def paper_clause_remove(request, pk, kind, clause_pk):
    """Take a clause out."""
    tender = draft_of(request, pk)
    clause = _clause(tender, kind, clause_pk)
    call = partial(services.paper_clause_remove, clause=clause, by=request.user, at=now())
    attempt(request, call, _("La clause est retirée ; la bibliothèque la garde."))
    return redirect("tenders:paper", pk=pk, kind=kind)


@login_required
def paper_values(request, pk):
    """Say what the clauses ask."""
    tender = draft_of(request, pk)
    found = selectors.papers_of(tender)
    names = {
        name
        for one in found
        for clause in one.clauses.all()
        for name in variables.used_in(clause.text)
        if name in variables.ASKED_NAMES
    }
    typed = {row.name: row.value for row in tender.paper_values.all()}
    told = {
        name: value for name, value in selectors.values_for(tender).items() if name in ("probleme", "usagers")
    }
    form = ValuesForm(request.POST or None, names=names, initial={**told, **typed})

    def call(data):
        services.paper_values_set(tender=tender, values=data, by=request.user, at=now())
        return tender

    if submitted(request, form, call):
        messages.success(request, _("Les valeurs sont enregistrées."))
        return redirect("tenders:papers", pk=pk)
    context = draft_context(request, tender, "papers", form=form, has_papers=bool(found))
    return render(request, "tenders/draft/paper_values.html", context)


@login_required
@require_safe
def paper_compare(request, pk, kind):
    """Two versions of a paper, clause by clause, what left and what came."""
    tender = allowed_tender(request, pk, rules.works_for_buyer, wanted=())
    versions = list(tender.paper_versions.filter(kind=kind).order_by("-number"))
    if not versions:
        raise Http404
    after = _asked(versions, request.GET.get("a")) or versions[0]
    before = _asked(versions, request.GET.get("de")) or _former(versions, after)
    context = {
        "tender": tender,
        "kind": PaperKind(kind).label,
        "versions": versions,
        "before": before,
        "after": after,
        "changes": paper_changes(before, after),
        "breadcrumbs": buyer_crumbs(_("Comparer deux versions"), tender),
    }
    return render(request, "tenders/paper_compare.html", context)


def _asked(versions, number):
    return next((version for version in versions if str(version.number) == number), None)


def _former(versions, after):
    return next((version for version in versions if version.number < after.number), after)
