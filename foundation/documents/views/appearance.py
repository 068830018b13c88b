"""An administration writes its letter-head and its clauses, looks at them on paper, then saves a version."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation import clock
from foundation.accounts.models import Organisation
from foundation.documents import markup, registry, rules, selectors, services
from foundation.documents.forms import ClausesForm, LetterheadForm
from foundation.screens.doors import submitted


def _dressed_or_404(request: HttpRequest, pk: int) -> Organisation:
    return get_object_or_404(rules.organisations_dressed_by(request.user), pk=pk)


def _crumbs(organisation: Organisation, *more) -> list[tuple]:
    here = (organisation.name, reverse("documents:appearance", args=[organisation.pk]) if more else None)
    return [(_("Modèles de documents"), reverse("documents:appearances")), here, *more]


@login_required
@require_safe
def appearances(request: HttpRequest) -> HttpResponse:
    """The administrations whose documents this person dresses; with one only, its page at once."""
    organisations = list(rules.organisations_dressed_by(request.user))
    if not organisations:
        raise Http404
    if len(organisations) == 1:
        return redirect("documents:appearance", pk=organisations[0].pk)
    context = {"organisations": organisations, "breadcrumbs": [(_("Modèles de documents"), None)]}
    return render(request, "documents/appearances.html", context)


@login_required
@require_safe
def appearance(request: HttpRequest, pk: int) -> HttpResponse:
    """What the administration prints on its documents today, and every version before."""
    organisation = _dressed_or_404(request, pk)
    in_force = selectors.clauses_by_kind(organisation)
    context = {
        "organisation": organisation,
        "letterheads": selectors.letterhead_versions(organisation),
        "kinds": [(kind, in_force.get(kind.code)) for kind in registry.kinds() if kind.takes_clauses],
        "breadcrumbs": _crumbs(organisation),
    }
    return render(request, "documents/appearance.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the letter-head: « Aperçu » makes a watermarked document, « Enregistrer » a new version."""
    organisation = _dressed_or_404(request, pk)
    current = selectors.letterhead_in_force(organisation)
    form = LetterheadForm(
        request.POST or None, request.FILES or None, current=current, organisation=organisation
    )

    def call(data):
        if "apercu" in request.POST:
            return services.preview_request(
                organisation=organisation, letterhead=data, by=request.user, at=clock.now()
            )
        return services.letterhead_save(organisation=organisation, **data, by=request.user, at=clock.now())

    if made := submitted(request, form, call):
        return _after(
            request, made, organisation, _("L’en-tête est enregistré : il ornera les prochains documents.")
        )
    context = {
        "organisation": organisation,
        "form": form,
        "current": current,
        "title": _("En-tête et pied de page"),
        "breadcrumbs": _crumbs(organisation, (_("En-tête"), None)),
    }
    return render(request, "documents/appearance_form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clauses(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write the clauses of one kind of document, with the list of its variables."""
    organisation = _dressed_or_404(request, pk)
    declared = _kind_or_404(kind)
    current = selectors.clauses_in_force(organisation, kind)
    form = ClausesForm(request.POST or None, current=current)

    def call(data):
        made = services.preview_request if "apercu" in request.POST else services.clauses_save
        return made(organisation=organisation, kind=kind, text=data["text"], by=request.user, at=clock.now())

    if made := submitted(request, form, call):
        words = _("Les clauses sont enregistrées : les prochains documents de cette nature les porteront.")
        return _after(request, made, organisation, words)
    context = {
        "organisation": organisation,
        "form": form,
        "current": current,
        "kind": declared,
        "title": _("Clauses : %(kind)s") % {"kind": declared.label},
        "variables": markup.variables_of(declared),
        "versions": selectors.clauses_versions(organisation, kind),
        "breadcrumbs": _crumbs(organisation, (declared.label, None)),
    }
    return render(request, "documents/appearance_form.html", context)


def _kind_or_404(code: str) -> registry.DocumentKind:
    try:
        kind = registry.find(code)
    except LookupError:
        raise Http404 from None
    if not kind.takes_clauses:
        raise Http404
    return kind


def _after(request: HttpRequest, made, organisation: Organisation, words: str) -> HttpResponse:
    if "apercu" in request.POST:
        return redirect(made)
    messages.success(request, words)
    return redirect("documents:appearance", pk=organisation.pk)
