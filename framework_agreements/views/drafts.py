"""Drafting an order: choose a lot, then fill the order and its lines. Works without script."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from foundation.clock import now
from foundation.errors import Refusal
from foundation.screens.steps import purchase_steps
from framework_agreements import rules, selectors, services
from framework_agreements.forms.orders import BLANK_LINES, OrderForm, OrderStartForm, line_formset
from framework_agreements.views import doors

FIELDS = ("beneficiary", "holder", "holder_reason", "title", "description", "delivery_due_date", "project")


@login_required
def order_start(request):
    """Choose the lot to order from; straight to it when there is one only."""
    lots = selectors.lots_to_order_from(rules.beneficiaries_to_order_for(request.user))
    if not rules.drafts_orders(request.user):
        raise Http404
    form = OrderStartForm(request.POST or None, lots=lots)
    if request.method == "POST" and form.is_valid():
        return redirect("framework_agreements:order_create", pk=form.cleaned_data["lot"].pk)
    context = {"form": form, "lots": lots, "breadcrumbs": doors.order_crumbs(None, _("Nouvelle commande"))}
    return render(request, "framework_agreements/order_start.html", context)


@login_required
def order_create(request, pk):
    """Draft an order from a lot."""
    lot = doors.visible_lot(request, pk)
    beneficiaries = _beneficiaries(request, lot)
    form = OrderForm(request.POST or None, user=request.user, lot=lot, beneficiaries=beneficiaries)
    key = request.POST.get("key") or str(uuid.uuid4())

    def call(data, lines):
        return services.order_create(lot=lot, lines=lines, key=key, **data, by=request.user, at=now())

    return _page(request, form, lot, call, key=key)


@login_required
def order_update(request, pk):
    """Rewrite a draft."""
    order = doors.order_for(request, pk, rules.can_edit_order)
    initial = {name: getattr(order, name) for name in FIELDS}
    lines = [
        {"work_unit": line.work_unit_id, "quantity": line.quantity, "planned_days": _typed_days(line)}
        for line in order.lines.select_related("work_unit")
    ]
    own = selectors.beneficiary_rows().filter(pk=order.beneficiary_id)
    form = OrderForm(
        request.POST or None, user=request.user, lot=order.lot, beneficiaries=own, initial=initial
    )

    def call(data, drafts):
        data.pop("beneficiary")
        return services.order_update(order=order, lines=drafts, **data, by=request.user, at=now())

    return _page(request, form, order.lot, call, order=order, initial_lines=lines)


def _beneficiaries(request, lot):
    beneficiaries = rules.beneficiaries_to_order_for(request.user).filter(agreement=lot.agreement_id)
    if not beneficiaries:
        raise Http404
    return beneficiaries.select_related("organisation").order_by("organisation__name")


def _typed_days(line):
    return None if line.work_unit.load_days is not None else line.planned_days


def _page(request, form, lot, call, *, order=None, initial_lines=(), key=""):
    """Show the form and its lines; « add lines » gives more blank ones, « save » calls the service."""
    units, holders = list(lot.work_units.all()), form.holders
    if request.method == "POST":
        formset = _more_lines(request, units) if "add_lines" in request.POST else None
        formset = formset or line_formset(units, request.POST)
        if "add_lines" not in request.POST:
            saved = _saved(form, formset, call)
            if saved:
                messages.success(request, _("Le brouillon est enregistré. Relisez-le avant de l’émettre."))
                return redirect(saved)
    else:
        formset = line_formset(units, initial=initial_lines, blank=BLANK_LINES if initial_lines else 5)
    context = {
        "form": form,
        "formset": formset,
        "lot": lot,
        "agreement": lot.agreement,
        "order": order,
        "key": key,
        "designated": form.designated,
        "price_holders": holders,
        "price_rows": selectors.price_rows(units, holders),
        "steps": purchase_steps(current="order"),
        "breadcrumbs": doors.order_crumbs(order, _("Modifier") if order else _("Nouvelle commande")),
    }
    return render(request, "framework_agreements/order_form.html", context)


def _more_lines(request, units):
    """The same lines with a few more blank ones; nothing typed is lost, nothing is saved."""
    data = request.POST.copy()
    data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + BLANK_LINES)
    return line_formset(units, data)


def _saved(form, formset, call):
    """Validate both and call the service; its reasons go beside the field or the line they name."""
    if not (form.is_valid() & formset.is_valid()):
        return None
    drafts = formset.drafts()
    try:
        return call(dict(form.cleaned_data), [draft for _index, draft in drafts])
    except Refusal as refusal:
        rest = formset.add_reasons(refusal.reasons, [index for index, _draft in drafts])
        if rest:
            Refusal.of(rest).add_to(form)
        return None
