"""Orders: the list, one order and its acts, and the steering in person-days."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.selectors import narrowed_to_house
from foundation.clock import now
from foundation.documents.selectors import documents_of
from foundation.journal.selectors import history
from foundation.screens.doors import attempt, submitted
from foundation.screens.steps import purchase_steps
from framework_agreements import rules, selectors, services
from framework_agreements.filters import OrderFilter
from framework_agreements.forms.agreements import ReasonForm
from framework_agreements.forms.orders import ProgressForm
from framework_agreements.views import doors
from framework_agreements.workflow import ORDER

PAGE_SIZE = 20


def _visible(user):
    """Orders this reader may see, with what a row shows."""
    return selectors.order_rows().filter(pk__in=rules.orders_visible_to(user).values("pk"))


@login_required
@require_safe
def order_list(request):
    """Orders of the active organisation with filters; the totals are those of the filtered rows."""
    found = OrderFilter(request.GET, queryset=_visible(narrowed_to_house(request.user)))
    context = {
        "form": found.form,
        "page_obj": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": bool(request.GET),
        "totals": selectors.order_totals(found.qs),
        "may_draft": rules.drafts_orders(request.user),
        "breadcrumbs": doors.order_crumbs(),
    }
    return render(request, "framework_agreements/order_list.html", context)


@login_required
@require_safe
def order_detail(request, pk):
    """One order: lines, progress, ceilings, document, history, and what this reader may do."""
    order = doors.visible_order(request, pk)
    lines = order.lines.select_related("work_unit")
    context = {
        "order": order,
        "lines": lines,
        "progress": selectors.progress_of_orders([order.pk]),
        "activities": selectors.activities_of([order.pk]),
        "documents": documents_of(order),
        "transitions": {t.name: t.label for t in ORDER.available(request.user, order)},
        "can_edit": rules.can_edit_order(request.user, order),
        "can_record_progress": rules.can_record_progress(request.user, order),
        "history": history(order),
        "steps": purchase_steps(current="order"),
        "breadcrumbs": doors.order_crumbs(order),
    }
    return render(request, "framework_agreements/order_detail.html", context)


@login_required
@fresh_sign_in_required
def order_issue(request, pk):
    """Read again before issuing, with each ceiling before and after; then issue."""
    order = doors.order_for(request, pk, rules.can_issue_order)
    if request.method == "POST" and attempt(
        request,
        lambda: services.order_issue(order=order, by=request.user, at=now()),
        _("Le bon de commande est émis et envoyé au titulaire."),
    ):
        return redirect(order)
    if order.number:
        return redirect(order)
    ceilings = selectors.ceilings_around(order)
    context = {
        "order": order,
        "lines": order.lines.select_related("work_unit"),
        "ceilings": ceilings,
        "reasons": ORDER.reasons(order, "issue", now()),
        "fits": all(ceiling["fits"] for ceiling in ceilings),
        "steps": purchase_steps(current="order"),
        "breadcrumbs": doors.order_crumbs(order, _("Émettre")),
    }
    return render(request, "framework_agreements/order_issue.html", context)


@login_required
@require_POST
def order_acknowledge(request, pk):
    """The holder acknowledges."""
    order = doors.order_for(request, pk, rules.can_acknowledge_order)
    attempt(
        request,
        lambda: services.order_acknowledge(order=order, by=request.user, at=now()),
        _("Merci : le bénéficiaire sait que vous avez reçu la commande."),
    )
    return redirect(order)


@login_required
@require_POST
def order_complete(request, pk):
    """Close an order whose work is done."""
    order = doors.order_for(request, pk, rules.can_complete_order)
    attempt(
        request,
        lambda: services.order_complete(order=order, by=request.user, at=now()),
        _("Le bon de commande est soldé."),
    )
    return redirect(order)


@login_required
def order_cancel(request, pk):
    """Give up a draft, with a reason."""
    order = doors.order_for(request, pk, rules.can_cancel_order)
    form = ReasonForm(request.POST or None)
    saved = submitted(
        request, form, lambda data: services.order_cancel(order=order, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("Le brouillon est abandonné."))
        return redirect(order)
    title = _("Abandonner le brouillon")
    context = {"form": form, "title": title, "breadcrumbs": doors.order_crumbs(order, title), "order": order}
    return render(request, "framework_agreements/form_page.html", {**context, "submit_label": title})


@login_required
def order_progress(request, pk):
    """Record days done on a line."""
    order = doors.order_for(request, pk, rules.can_record_progress)
    form = ProgressForm(request.POST or None, order=order)
    saved = submitted(
        request,
        form,
        lambda data: services.order_record_progress(
            **data, source_label=str(request.user), by=request.user, at=now()
        ),
    )
    if saved:
        messages.success(request, _("Les jours sont inscrits sur la commande."))
        return redirect(order)
    title = _("Inscrire des jours réalisés")
    context = {"form": form, "title": title, "breadcrumbs": doors.order_crumbs(order, title), "order": order}
    return render(request, "framework_agreements/form_page.html", context)


@login_required
@require_safe
def steering(request):
    """Done and remaining, in person-days and in activities, by project and by order (CCTP § 7.2)."""
    found = OrderFilter(request.GET, queryset=_visible(request.user))
    orders = found.qs.order_by()
    projects = selectors.progress_by_project(orders)
    context = {
        "form": found.form,
        "is_filtered": bool(request.GET),
        "totals": selectors.progress_in_all(projects),
        "projects": projects,
        "activities": selectors.activities_of(orders.values("pk"))[:PAGE_SIZE],
        "page_obj": (
            Paginator(selectors.progress_by_order(orders), PAGE_SIZE).get_page(request.GET.get("page"))
        ),
        "breadcrumbs": doors.order_crumbs(None, _("Avancement")),
    }
    return render(request, "framework_agreements/steering.html", context)
