"""Agreements, work units and orders in the one search box."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.registry import SearchKind, register, register_documents
from framework_agreements import rules
from framework_agreements.models.agreements import SEARCHED as AGREEMENT_WORDS
from framework_agreements.models.orders import SEARCHED as ORDER_WORDS


def declare() -> None:
    """Make the kinds known to the search."""
    register(
        SearchKind(
            code="agreements",
            label=_("Accords-cadres"),
            visible_to=rules.agreements_visible_to,
            address=lambda key: reverse("framework_agreements:agreement", args=[key]),
            vector=AGREEMENT_WORDS,
            facts=Concat(F("reference"), Value(" · "), F("buyer__name"), output_field=CharField()),
            text=F("description"),
            order=30,
        )
    )
    register(
        SearchKind(
            code="orders",
            label=_("Bons de commande"),
            visible_to=rules.orders_visible_to,
            address=lambda key: reverse("framework_agreements:order", args=[key]),
            vector=ORDER_WORDS,
            facts=Concat(
                F("beneficiary__organisation__name"),
                Value(" · "),
                F("holder__organisation__name"),
                output_field=CharField(),
            ),
            text=F("description"),
            order=40,
        )
    )
    register_documents("framework_agreements.purchase_order", rules.orders_visible_to)
