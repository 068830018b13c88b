"""A role may be lent for one framework agreement and its orders."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts import perimeters
from framework_agreements.enums import AgreementState
from framework_agreements.models import Beneficiary, FrameworkAgreement, PurchaseOrder
from framework_agreements.rules import agreements_visible_to


def declare() -> None:
    """Let a delegation be limited to an agreement: at the buyer that runs it, or at a beneficiary that orders."""
    code = FrameworkAgreement._meta.label
    perimeters.register(
        perimeters.Perimeter(
            code=code,
            label=_("Accord-cadre"),
            offered=_offered,
            page=lambda pk: reverse("framework_agreements:agreement", args=[pk]),
        )
    )
    perimeters.cover(FrameworkAgreement, lambda agreement: [(code, agreement.pk)])
    perimeters.cover(PurchaseOrder, lambda order: [(code, order.agreement_id)])
    perimeters.cover(Beneficiary, lambda beneficiary: [(code, beneficiary.agreement_id)])


def _offered(user, organisation):
    ordering_under = Beneficiary.objects.filter(organisation=organisation).values("agreement_id")
    seen = agreements_visible_to(user).filter(Q(buyer=organisation) | Q(pk__in=ordering_under))
    return seen.exclude(state=AgreementState.ENDED)
