"""Who may see or do what with framework agreements and their orders."""

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.rules import approves_own_act
from foundation.accounts.selectors import (
    has_role,
    holds,
    lent_inside,
    organisation_ids,
    organisations_of,
    roles_limited,
)
from framework_agreements.enums import AgreementState, OrderState
from framework_agreements.models import Beneficiary, FrameworkAgreement, PurchaseOrder

ADMINISTRATORS = (Role.FRAMEWORK_ADMIN, Role.SIGNATORY)
DRAFTERS = (Role.PRESCRIBER, Role.PRODUCT_OWNER, Role.BUYER)
ISSUERS = (Role.BUYER, Role.SIGNATORY)
AGREEMENT = "framework_agreements.FrameworkAgreement"
READERS = (*ADMINISTRATORS, Role.BUYER, Role.AUDITOR)


def organisations_for_new_agreement(user) -> QuerySet:
    """Framework administrators and signatories record agreements, for their own organisation."""
    return organisations_of(user, *ADMINISTRATORS)


def can_record_agreement(user, organisation) -> bool:
    """Framework administrators and signatories of an organisation record its agreements."""
    return has_role(user, organisation, *ADMINISTRATORS)


def can_administer_agreement(user, agreement) -> bool:
    """Framework administrators and signatories of the buyer that concluded the agreement run it."""
    return has_role(user, agreement.buyer_id, *ADMINISTRATORS, about=agreement)


def can_edit_agreement(user, agreement) -> bool:
    """Those who run the agreement write it, until it is activated."""
    return agreement.state == AgreementState.DRAFT and can_administer_agreement(user, agreement)


def agreements_visible_to(user) -> QuerySet[FrameworkAgreement]:
    """Anyone reads concluded agreements; drafts stay with those of the buyer who prepare or audit."""
    concluded = ~Q(state=AgreementState.DRAFT)
    lent = lent_inside(user, {AGREEMENT: ("pk", "buyer_id")}, *READERS)
    return FrameworkAgreement.objects.filter(concluded | Q(buyer__in=organisation_ids(user, *READERS)) | lent)


def can_view_agreement(user, agreement) -> bool:
    """Anyone once concluded; before, those of the buyer who prepare or audit it."""
    return agreement.state != AgreementState.DRAFT or has_role(
        user, agreement.buyer_id, *READERS, about=agreement
    )


def beneficiaries_to_order_for(user) -> QuerySet[Beneficiary]:
    """Prescribers, product owners and buyers draft for their organisation, where it is a beneficiary."""
    lent = lent_inside(user, {AGREEMENT: ("agreement_id", "organisation_id")}, *DRAFTERS)
    return Beneficiary.objects.filter(
        Q(organisation__in=organisation_ids(user, *DRAFTERS)) | lent, agreement__state=AgreementState.ACTIVE
    )


def can_draft_order(user, beneficiary) -> bool:
    """Prescribers, product owners and buyers of a beneficiary draft its orders."""
    return has_role(user, beneficiary.organisation_id, *DRAFTERS, about=beneficiary)


def drafts_orders(user) -> bool:
    """Whether this person drafts orders for one organisation at least, be it under one agreement only."""
    lent = (one for one in roles_limited(user) if one.perimeter_type == AGREEMENT)
    return holds(user, *DRAFTERS) or any(one.role in DRAFTERS for one in lent)


def orders_visible_to(user) -> QuerySet[PurchaseOrder]:
    """Members of the beneficiary read its orders; so do those who run or audit the agreement. A holder reads
    those issued to it. Nobody else: the public sees amounts by agreement, lot and beneficiary only."""
    issued = ~Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
    mine = organisation_ids(user)
    administered = organisation_ids(user, *ADMINISTRATORS, Role.AUDITOR)
    return PurchaseOrder.objects.filter(
        Q(beneficiary__organisation__in=mine)
        | Q(agreement__buyer__in=administered)
        | lent_inside(user, {AGREEMENT: ("agreement_id", "agreement__buyer_id")}, *ADMINISTRATORS)
        | (issued & Q(holder__organisation__in=mine))
    )


def can_view_order(user, order) -> bool:
    """Members of the beneficiary, those who run or audit the agreement, and the holder once it is issued."""
    if has_role(user, order.beneficiary.organisation_id):
        return True
    if has_role(user, order.agreement.buyer_id, *ADMINISTRATORS, Role.AUDITOR, about=order):
        return True
    return bool(order.number) and has_role(user, order.holder.organisation_id)


def can_edit_order(user, order) -> bool:
    """Those who draft for the beneficiary change its orders until they are issued."""
    return order.state == OrderState.DRAFT and can_draft_order(user, order.beneficiary)


def can_issue_order(user, order) -> bool:
    """Buyers and signatories of the beneficiary issue its orders; so does who runs the agreement.

    Who has that right only by delegation does not issue the order he drafted himself.
    """
    issues = has_role(user, order.beneficiary.organisation_id, *ISSUERS, about=order) or has_role(
        user, order.agreement.buyer_id, Role.FRAMEWORK_ADMIN, about=order
    )
    return issues and not approves_own_act(user, [order.created_by_id])


def can_acknowledge_order(user, order) -> bool:
    """Members of the holder acknowledge the orders they receive."""
    return has_role(user, order.holder.organisation_id)


def can_cancel_order(user, order) -> bool:
    """Who may draft or issue an order may give up its draft."""
    return can_draft_order(user, order.beneficiary) or can_issue_order(user, order)


def can_complete_order(user, order) -> bool:
    """Buyers, signatories, product owners of the beneficiary close an order; so does who runs it all."""
    return can_issue_order(user, order) or has_role(
        user, order.beneficiary.organisation_id, Role.PRODUCT_OWNER, about=order
    )


def can_record_progress(user, order) -> bool:
    """Those who draft for the beneficiary record the days done on an order that is being carried out."""
    running = order.state in (OrderState.ISSUED, OrderState.ACKNOWLEDGED)
    return running and can_draft_order(user, order.beneficiary)


def works_on_orders(user) -> bool:
    """Whether the list of orders concerns this person."""
    return holds(user, *DRAFTERS, *ADMINISTRATORS, Role.AUDITOR, Role.SUPPLIER)


def holders_with_readable_prices(user, agreement, holders) -> list:
    """Unit prices are a business secret (CADA; CE, 30 March 2016, n° 375529): a holder reads its own, the
    beneficiaries and those who run or audit the agreement read them all; never another holder, never the public.
    """
    return (
        list(holders)
        if _reads_every_price(user, agreement)
        else [holder for holder in holders if has_role(user, holder.organisation_id)]
    )


def _reads_every_price(user, agreement) -> bool:
    if has_role(user, agreement.buyer_id, *READERS, about=agreement):
        return True
    orders_for = organisation_ids(user, *DRAFTERS, Role.SIGNATORY, Role.AUDITOR)
    lent = lent_inside(user, {AGREEMENT: ("agreement_id", "organisation_id")}, *DRAFTERS, Role.SIGNATORY)
    return agreement.beneficiaries.filter(Q(organisation__in=orders_for) | lent).exists()
