"""How every page of this app finds its consultation, and the path that leads to it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.screens.steps import purchase_steps
from tenders import selectors

PAGE_SIZE = 20


class CappedPaginator(Paginator):
    """Counts up to `cap` rows and no further: a search among millions stays as fast as among hundreds."""

    cap = 1000

    @cached_property
    def found(self) -> int:
        """Rows found, one above the cap when there are more."""
        return self.object_list.order_by()[: self.cap + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, self.cap)

    @property
    def is_capped(self) -> bool:
        """Whether more rows exist than are counted."""
        return self.found > self.cap


def page_of(request, rows, size: int = PAGE_SIZE):
    """The page asked for in the address; the nearest one when it does not exist."""
    return CappedPaginator(rows, size).get_page(request.GET.get("page"))


def visible_tender(request, pk, wanted=selectors.WHOLE, joined=()):
    """The consultation with the parts wanted (`joined`: single rows), or 404 for who may not see it."""
    found = selectors.tender_detail(request.user, wanted).select_related(*joined, "buyer")
    return get_object_or_404(found, pk=pk)


def allowed_tender(request, pk, may, wanted=selectors.WHOLE, joined=()):
    """The consultation with the parts wanted, or 404 when `may(user, tender)` says no."""
    tender = visible_tender(request, pk, wanted, joined)
    if not may(request.user, tender):
        raise Http404
    return tender


def public_crumbs(here="", tender=None) -> list[tuple]:
    """The path of a page that anyone reads."""
    crumbs = [(_("Consultations"), reverse("tenders:list"))]
    if tender:
        crumbs.append((tender.reference, reverse("tenders:detail", args=[tender.pk])))
    return [*crumbs, (here, None)] if here else crumbs


def buyer_crumbs(here="", tender=None) -> list[tuple]:
    """The path of a page of the buyer's people."""
    crumbs = [(_("Nos consultations"), reverse("tenders:mine"))]
    if tender:
        crumbs.append((tender.reference, reverse("tenders:manage", args=[tender.pk])))
    return [*crumbs, (here, None)] if here else crumbs


def tender_steps(tender) -> list:
    """The steps of the purchase, with the way back to the project for who may follow it."""
    links = {}
    if tender.is_project_visible:
        links["needs"] = reverse("needs:detail", args=[tender.project_id])
    return purchase_steps(current="tender", links=links)
