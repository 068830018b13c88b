"""Pages of the supplier's file: one page to read it, one form for each of its parts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concierge import legal, rules, selectors, services
from concierge.downloads import CERTIFICATE
from concierge.forms import CapacityForm, CertificateForm, FactsForm, ReferenceForm
from concierge.models import Certificate, SupplierFile
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.views import to_signed_link
from foundation.journal.selectors import history
from foundation.screens.doors import submitted

form_door = require_http_methods(["GET", "HEAD", "POST"])
CAPACITY_FIELDS = ("title", "description")
REFERENCE_FIELDS = (
    "client",
    "subject",
    "amount_excl_tax",
    "started_date",
    "ended_date",
    "contact_name",
    "contact_email",
)


@login_required
@require_safe
def home(request):
    """The file of the firm one acts for."""
    organisation = rules.firms_of(request.user).first()
    if organisation is None:
        raise Http404
    return redirect("concierge:detail", pk=organisation.pk)


@login_required
@require_safe
def detail(request, pk):
    """The whole file, as its keepers read it."""
    organisation = _organisation(request, pk)
    file, today = selectors.supplier_file(organisation), selectors.day_of(now())
    points = selectors.points(file, today)
    context = {
        "organisation": organisation,
        "file": file,
        "points": points,
        "met": sum(point.met for point in points),
        "papers": [(one, one.standing(today)) for one in file.certificates.all()] if file else [],
        "obtained": legal.OBTAINED_BY_BUYERS,
        "once_only": legal.ONCE_ONLY.cited,
        "firms": rules.firms_of(request.user),
        "history": history(file) if file else None,
        "breadcrumbs": _crumbs(organisation, link=False),
    }
    return render(request, "concierge/detail.html", context)


@login_required
@form_door
def facts(request, pk):
    """Write the facts and the figures."""
    organisation = _organisation(request, pk)
    file, years = selectors.supplier_file(organisation), selectors.years_asked(selectors.day_of(now()))
    form = FactsForm(request.POST or None, years=years, initial=_initial(file))

    def save(data):
        known = {name: data[name] for name in selectors.FACTS}
        return services.file_update(
            organisation=organisation,
            figures=form.figures,
            version=data["version"],
            by=request.user,
            at=now(),
            **known,
        )

    return _form_page(request, organisation, form, save, _("Votre entreprise"))


def _initial(file: SupplierFile | None) -> dict:
    if file is None:
        return {"version": 0}
    known = {name: getattr(file, name) for name in selectors.FACTS}
    for one in file.figures.all():
        known |= {f"turnover-{one.year}": one.turnover_excl_tax, f"staff-{one.year}": one.staff}
    return {**known, "version": file.version}


@login_required
@form_door
def capacity(request, pk, row_pk=None):
    """Write a capacity."""
    organisation = _organisation(request, pk)
    row = _row(organisation, "capacities", row_pk)
    form = CapacityForm(request.POST or None, initial=_known(row, CAPACITY_FIELDS))

    def save(data):
        return services.capacity_save(
            organisation=organisation, capacity=row, by=request.user, at=now(), **data
        )

    return _form_page(request, organisation, form, save, _("Capacité"))


@login_required
@form_door
def reference(request, pk, row_pk=None):
    """Write a reference."""
    organisation = _organisation(request, pk)
    row = _row(organisation, "references", row_pk)
    form = ReferenceForm(request.POST or None, initial=_known(row, REFERENCE_FIELDS))

    def save(data):
        return services.reference_save(
            organisation=organisation, reference=row, by=request.user, at=now(), **data
        )

    return _form_page(request, organisation, form, save, _("Référence"))


@login_required
@form_door
def certificate_add(request, pk):
    """Put a paper in the file."""
    organisation = _organisation(request, pk)
    form = CertificateForm(request.POST or None, request.FILES or None)

    def save(data):
        return services.certificate_add(organisation=organisation, by=request.user, at=now(), **data)

    return _form_page(request, organisation, form, save, _("Ajouter une pièce"))


@login_required
@require_safe
def certificate_file(request, pk, row_pk):
    """The file of a paper."""
    organisation = _organisation(request, pk)
    found = get_object_or_404(Certificate, file__organisation=organisation, pk=row_pk)
    return to_signed_link(request, CERTIFICATE, found.pk)


@login_required
@require_POST
def capacity_remove(request, pk, row_pk):
    """Take a capacity out."""
    organisation = _organisation(request, pk)
    row = _row(organisation, "capacities", row_pk)
    return _removed(request, organisation, lambda: services.capacity_remove(capacity=row, **_act(request)))


@login_required
@require_POST
def reference_remove(request, pk, row_pk):
    """Take a reference out."""
    organisation = _organisation(request, pk)
    row = _row(organisation, "references", row_pk)
    return _removed(request, organisation, lambda: services.reference_remove(reference=row, **_act(request)))


@login_required
@require_POST
def certificate_remove(request, pk, row_pk):
    """Take a paper out."""
    organisation = _organisation(request, pk)
    row = _row(organisation, "certificates", row_pk)
    return _removed(
        request, organisation, lambda: services.certificate_remove(certificate=row, **_act(request))
    )


def _act(request) -> dict:
    return {"by": request.user, "at": now()}


def _organisation(request, pk):
    """The firm, or 404 for who does not keep its file."""
    return get_object_or_404(rules.firms_of(request.user), pk=pk)


def _row(organisation, rows: str, row_pk):
    """A row of the file of this firm; None for a new one."""
    if row_pk is None:
        return None
    file = get_object_or_404(SupplierFile.objects.select_related("organisation"), organisation=organisation)
    return get_object_or_404(getattr(file, rows).select_related("file__organisation"), pk=row_pk)


def _known(row, names) -> dict:
    return {name: getattr(row, name) for name in names} if row else {}


def _form_page(request, organisation, form, save, title):
    if submitted(request, form, save):
        messages.success(request, _("Votre dossier est à jour."))
        return redirect("concierge:detail", pk=organisation.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "title": title,
        "breadcrumbs": [*_crumbs(organisation), (title, None)],
    }
    return render(request, "concierge/form.html", context)


def _removed(request, organisation, remove):
    try:
        remove()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("C'est retiré de votre dossier."))
    return redirect("concierge:detail", pk=organisation.pk)


def _crumbs(organisation, *, link=True) -> list[tuple]:
    address = reverse("concierge:detail", args=[organisation.pk]) if link else None
    return [(_("Dossier fournisseur"), address)]
