"""A role may be lent for one consultation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts import perimeters
from needs.models import PurchaseProject
from tenders.enums import TenderState
from tenders.models import Tender
from tenders.rules import tenders_visible_to


def declare() -> None:
    """Let a delegation be limited to a consultation, which lies inside its purchase project."""
    perimeters.register(
        perimeters.Perimeter(
            code=Tender._meta.label,
            label=_("Consultation"),
            offered=_offered,
            page=lambda pk: reverse("tenders:detail", args=[pk]),
        )
    )
    perimeters.cover(Tender, _around)


def _around(tender):
    return [(Tender._meta.label, tender.pk), (PurchaseProject._meta.label, tender.project_id)]


def _offered(user, organisation):
    return tenders_visible_to(user).filter(buyer=organisation).exclude(state=TenderState.CANCELLED)
