"""The catalogue of work units: a lot phase by phase, and each unit."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.screens.steps import purchase_steps
from framework_agreements import catalogue, rules, selectors
from framework_agreements.enums import Phase
from framework_agreements.views.doors import agreement_crumbs, visible_lot


@require_safe
def lot_catalogue(request, pk):
    """The units of a lot; the prices of those holders this reader may read."""
    lot = visible_lot(request, pk)
    phase = request.GET.get("phase", "")
    phase = phase if phase in Phase.values else ""
    units = selectors.units_of(lot)
    holders = rules.holders_with_readable_prices(request.user, lot.agreement, selectors.holders_of(lot))
    context = {
        "lot": lot,
        "agreement": lot.agreement,
        "groups": selectors.units_by_phase(unit for unit in units if phase in ("", unit.phase)),
        "tabs": _tabs(lot, units, phase),
        "holders": holders,
        "price_rows": selectors.price_rows(units, holders) if holders else [],
        "notes": catalogue.NOTES if any(unit.source_section.startswith("CCTP") for unit in units) else (),
        "source": catalogue.SOURCE,
        "can_edit": rules.can_edit_agreement(request.user, lot.agreement),
        "may_order": (
            rules.beneficiaries_to_order_for(request.user).filter(agreement=lot.agreement_id).exists()
        ),
        "breadcrumbs": agreement_crumbs(lot.agreement, _("Lot %(number)s") % {"number": lot.number}),
    }
    return render(request, "framework_agreements/lot_catalogue.html", context)


def _tabs(lot, units, phase) -> list[dict]:
    address = reverse("framework_agreements:lot", args=[lot.pk])
    present = [unit.phase for unit in units]
    tabs = [{"label": _("Toutes les phases"), "url": address, "current": not phase, "count": len(present)}]
    for code, label in Phase.choices:
        if code in present:
            count = present.count(code)
            tabs.append(
                {"label": label, "url": f"{address}?phase={code}", "current": code == phase, "count": count}
            )
    return tabs if len(tabs) > 2 else []


@require_safe
def work_unit(request, pk):
    """A unit: what it covers, what starts it, its load, duration, profiles and deliverables."""
    seen = rules.agreements_visible_to(request.user).values("pk")
    unit = get_object_or_404(selectors.work_unit_rows().filter(lot__agreement__in=seen), pk=pk)
    agreement = unit.lot.agreement
    prices = {price.holder: price for price in selectors.prices_of_unit(unit)}
    readable = rules.holders_with_readable_prices(request.user, agreement, prices)
    context = {
        "unit": unit,
        "lot": unit.lot,
        "agreement": agreement,
        "deliverables": selectors.deliverables_by_moment(unit),
        "prices": [prices[holder] for holder in readable],
        "steps": purchase_steps(current="agreement"),
        "breadcrumbs": [
            *agreement_crumbs(agreement, "-")[:-1],
            (
                _("Lot %(number)s") % {"number": unit.lot.number},
                reverse("framework_agreements:lot", args=[unit.lot_id]),
            ),
            (unit.code, None),
        ],
    }
    return render(request, "framework_agreements/work_unit.html", context)
