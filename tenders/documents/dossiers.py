"""The dossier of a consultation: its acts, the receipts of its bids, what was written of its offers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from foundation.documents.registry import Dossier
from tenders import rules
from tenders.models import Bid, Offer, PaperVersion, Tender


def _find(user, pk: str) -> Tender | None:
    return rules.tenders_visible_to(user).filter(pk=pk).first() if pk.isdecimal() else None


def parts_of(tender: Tender) -> list[tuple]:
    """What belongs to the procedure: the consultation, its bids, its offers."""
    return [
        (Tender._meta.label, [tender.pk]),
        (PaperVersion._meta.label, tender.paper_versions.values_list("pk", flat=True)),
        (Bid._meta.label, Bid.objects.filter(tender=tender).values_list("pk", flat=True)),
        (Offer._meta.label, Offer.objects.filter(bid__tender=tender).values_list("pk", flat=True)),
    ]


def _page(tender: Tender) -> str:
    return reverse("tenders:detail", args=[tender.pk])


TENDER = Dossier(
    code="consultation", label=gettext_lazy("Consultation"), find=_find, parts=parts_of, page=_page
)
