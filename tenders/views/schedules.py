"""The tables of a draft: criteria and price schedule, lot by lot."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.errors import Refusal
from foundation.screens.doors import submitted
from tenders import services
from tenders.forms.drafting import CriterionFormSet, PastedPricesForm, PriceLineFormSet, PriceTemplateForm
from tenders.registry import price_templates
from tenders.views.drafting import draft_context, draft_of, tell

CRITERION_FIELDS = ("label", "description", "kind", "weight", "is_environmental")
PRICE_LINE_FIELDS = ("code", "label", "unit", "simulated_quantity")


@login_required
@require_safe
def criteria(request, pk):
    """The criteria of every lot, with the sum of their weights."""
    tender = draft_of(request, pk)
    return render(request, "tenders/draft/criteria.html", draft_context(request, tender, "criteria"))


@login_required
def lot_criteria(request, pk, lot_pk):
    """The table of the criteria of one lot."""
    tender, lot = _draft_and_lot(request, pk, lot_pk)
    rows = CriterionFormSet(
        request.POST or None,
        initial=_typed(lot.criteria.all(), CRITERION_FIELDS),
        prefix="lignes",
    )

    def call():
        return services.criteria_set(lot=lot, criteria=rows.rows(), by=request.user, at=now())

    if _submitted_rows(request, rows, call) is not None:
        messages.success(
            request, _("Les critères du lot %(number)d sont enregistrés.") % {"number": lot.number}
        )
        return redirect("tenders:criteria", pk=tender.pk)
    others = [other for other in tender.lots.all() if other != lot and other.criteria.all()]
    context = draft_context(request, tender, "criteria", lot=lot, table=rows, others=others)
    return render(request, "tenders/draft/lot_criteria.html", context)


@login_required
@require_POST
def criteria_copy(request, pk, lot_pk, other_pk):
    """Give a lot the criteria of another."""
    tender, lot = _draft_and_lot(request, pk, lot_pk)
    other = get_object_or_404(tender.lots, pk=other_pk)
    copied = list(other.criteria.values(*CRITERION_FIELDS))
    done = _("Les critères du lot %(other)d sont repris.") % {"other": other.number}
    tell(request, partial(services.criteria_set, lot=lot, criteria=copied), done)
    return redirect("tenders:lot_criteria", pk=tender.pk, lot_pk=lot.pk)


@login_required
def prices(request, pk):
    """The price schedule of every lot, and the ready-made catalogues."""
    tender = draft_of(request, pk)
    templates = price_templates()
    form = PriceTemplateForm(request.POST or None, templates=templates)

    def call(data):
        code = data["template"]
        return services.price_template_load(tender=tender, code=code, by=request.user, at=now())

    if templates and submitted(request, form, call):
        messages.success(request, _("Le catalogue est repris. Relisez-le : tout se corrige."))
        return redirect("tenders:prices", pk=tender.pk)
    context = draft_context(request, tender, "prices", form=form, has_templates=bool(templates))
    return render(request, "tenders/draft/prices.html", context)


@login_required
def lot_prices(request, pk, lot_pk):
    """The price schedule of one lot, row by row."""
    tender, lot = _draft_and_lot(request, pk, lot_pk)
    known = _typed(lot.price_lines.all(), PRICE_LINE_FIELDS)
    rows = PriceLineFormSet(request.POST or None, initial=known, prefix="lignes")

    def call():
        return services.price_lines_set(lot=lot, lines=rows.rows(), by=request.user, at=now())

    if _submitted_rows(request, rows, call) is not None:
        messages.success(
            request, _("Le bordereau du lot %(number)d est enregistré.") % {"number": lot.number}
        )
        again = "lot_prices" if "more" in request.POST else "prices"
        return redirect(
            f"tenders:{again}", pk=tender.pk, **({"lot_pk": lot.pk} if again == "lot_prices" else {})
        )
    context = draft_context(request, tender, "prices", lot=lot, table=rows, paste=PastedPricesForm())
    return render(request, "tenders/draft/lot_prices.html", context)


@login_required
@require_POST
def prices_paste(request, pk, lot_pk):
    """Replace the price schedule of a lot by rows copied from a spreadsheet."""
    tender, lot = _draft_and_lot(request, pk, lot_pk)
    form = PastedPricesForm(request.POST)

    def call(data):
        return services.price_lines_set(lot=lot, lines=data["pasted"], by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("Le bordereau du lot %(number)d est enregistré.") % {"number": lot.number}
        )
        return redirect("tenders:lot_prices", pk=tender.pk, lot_pk=lot.pk)
    rows = PriceLineFormSet(initial=_typed(lot.price_lines.all(), PRICE_LINE_FIELDS), prefix="lignes")
    context = draft_context(request, tender, "prices", lot=lot, table=rows, paste=form)
    return render(request, "tenders/draft/lot_prices.html", context)


def _typed(rows, fields) -> list[dict]:
    """Rows already read, as the table of the form takes them."""
    return [model_to_dict(row, fields) for row in rows]


def _draft_and_lot(request, pk, lot_pk):
    tender = draft_of(request, pk)
    lot = next((lot for lot in tender.lots.all() if lot.pk == lot_pk), None)
    if lot is None:
        raise Http404
    return tender, lot


def _submitted_rows(request, rows, call):
    """As `submitted`, for a table of rows: a refusal is said above the table, what was typed is kept."""
    if request.method != "POST" or not rows.is_valid():
        return None
    try:
        return call()
    except Refusal as refusal:
        rows.non_form_errors().extend(str(reason) for reason in refusal.reasons)
        return None
