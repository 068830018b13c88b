"""How every page of this app finds its object, its breadcrumbs, and says what a service answered."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from framework_agreements import rules, selectors
from framework_agreements.models import AgreementLot, FrameworkAgreement, Holder


def visible_agreement(request, pk) -> FrameworkAgreement:
    """The agreement, or 404 for who may not see it."""
    return get_object_or_404(
        rules.agreements_visible_to(request.user).select_related("buyer", "tender"), pk=pk
    )


def editable_agreement(request, pk) -> FrameworkAgreement:
    """The draft, or 404 for who may not write it."""
    agreement = visible_agreement(request, pk)
    if not rules.can_edit_agreement(request.user, agreement):
        raise Http404
    return agreement


def visible_lot(request, pk) -> AgreementLot:
    """The lot of an agreement this reader may see, or 404."""
    seen = AgreementLot.objects.filter(agreement__in=rules.agreements_visible_to(request.user))
    return get_object_or_404(seen.select_related("agreement__buyer"), pk=pk)


def editable_lot(request, pk) -> AgreementLot:
    """The lot of a draft this person may write, or 404."""
    lot = visible_lot(request, pk)
    if not rules.can_edit_agreement(request.user, lot.agreement):
        raise Http404
    return lot


def editable_holder(request, pk) -> Holder:
    """The holder in a draft this person may write, or 404."""
    rows = Holder.objects.select_related("organisation", "lot__agreement__buyer")
    holder = get_object_or_404(rows, pk=pk)
    if not rules.can_edit_agreement(request.user, holder.lot.agreement):
        raise Http404
    return holder


def visible_order(request, pk):
    """The order, or 404 for who may not see it."""
    seen = rules.orders_visible_to(request.user).values("pk")
    rows = selectors.order_rows().select_related("project", "issued_by", "created_by")
    return get_object_or_404(rows.filter(pk__in=seen), pk=pk)


def order_for(request, pk, may):
    """The order, or 404 for who may not see it or may not do this with it."""
    order = visible_order(request, pk)
    if not may(request.user, order):
        raise Http404
    return order


def agreement_crumbs(agreement=None, here=""):
    """Breadcrumbs under the list of agreements."""
    crumbs = [(_("Accords-cadres"), reverse("framework_agreements:list"))]
    if agreement:
        crumbs.append((agreement.reference, agreement.get_absolute_url()))
    return [*crumbs, (here, None)] if here else [*crumbs[:-1], (crumbs[-1][0], None)]


def order_crumbs(order=None, here=""):
    """Breadcrumbs under the list of orders."""
    crumbs = [(_("Bons de commande"), reverse("framework_agreements:orders"))]
    if order:
        crumbs.append((order.label, order.get_absolute_url()))
    return [*crumbs, (here, None)] if here else [*crumbs[:-1], (crumbs[-1][0], None)]
