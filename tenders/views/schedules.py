"""The price schedules of a draft, lot by lot."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import services
from tenders.forms.drafting import PastedPricesForm, PriceLineFormSet, PriceTemplateForm
from tenders.registry import price_templates
from tenders.views.drafting import draft_context, draft_of
from tenders.views.judging import draft_and_lot, submitted_rows

PRICE_LINE_FIELDS = ("code", "label", "unit", "simulated_quantity", "price_places")


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
    tender, lot = draft_and_lot(request, pk, lot_pk)
    known = _typed(lot.price_lines.all(), PRICE_LINE_FIELDS)
    rows = PriceLineFormSet(request.POST or None, initial=known, prefix="lignes")

    def call():
        return services.price_lines_set(lot=lot, lines=rows.rows(), by=request.user, at=now())

    if submitted_rows(request, rows, call) is not None:
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
    tender, lot = draft_and_lot(request, pk, lot_pk)
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
