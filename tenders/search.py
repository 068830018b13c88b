"""Consultations in the one search box, and whose documents a person finds. Nothing of a sealed bid is here."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.registry import SearchKind, register, register_documents
from tenders import rules


def declare() -> None:
    """Make the kind known to the search."""
    register(
        SearchKind(
            code="tenders",
            label=_("Consultations"),
            visible_to=rules.tenders_visible_to,
            address=lambda key: reverse("tenders:detail", args=[key]),
            facts=Concat(F("reference"), Value(" · "), F("buyer__name"), output_field=CharField()),
            text=F("description"),
            order=20,
        )
    )
    register_documents("tenders.receipt", rules.bids_visible_to)
    register_documents("tenders.price_schedule", rules.tenders_visible_to)
    register_documents("tenders.opening_record", rules.tenders_with_offers_read_by)
    register_documents("tenders.analysis_report", rules.tenders_with_offers_read_by)
    register_documents("tenders.award_notice", lambda _user: None)
