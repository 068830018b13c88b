"""Agreements are public once concluded; orders are read by the beneficiary, the holder and who runs them.

`world.own` concludes the agreement and runs it, `world.other` is its beneficiary and orders, `world.firm` is
the holder.
"""

from datetime import timedelta
from decimal import Decimal

from foundation.accounts.enums import Role
from foundation.clock import now
from framework_agreements import services
from framework_agreements.models import WorkUnit
from tenders import services as tenders
from tenders.models import Tender
from tests.access import tenders as consultations
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both
from tests.framework_agreements.factories import make_draft_agreement

ADMINISTRATORS = frozenset({"framework_admin@own*", "signatory@own*"})
ANYWHERE = ADMINISTRATORS | {"framework_admin@other", "signatory@other"}
DRAFT_READERS = ADMINISTRATORS | {"buyer@own*", "auditor@own*"}
DRAFTERS = frozenset({"prescriber@other", "product_owner@other", "buyer@other"})
DRAFTERS_ANYWHERE = DRAFTERS | {"prescriber@own*", "product_owner@own*", "buyer@own*"}
ISSUERS = frozenset({"buyer@other", "signatory@other", "framework_admin@own*"})
DRAFT_ORDER_READERS = ADMINISTRATORS | {"*@other", "auditor@own*"}
ORDER_READERS = DRAFT_ORDER_READERS | {"*@firm"}
HOLDER = frozenset({"*@firm"})


def drafted(world):
    """A draft with its lot, the firm as its holder, the other buyer as beneficiary."""
    admin = world.user(f"{Role.FRAMEWORK_ADMIN}@own")
    agreement = make_draft_agreement(
        admin,
        world.own,
        beneficiaries=[(world.other, None)],
        holders=0,
        at=world.at,
        firm_months=12,
        renewal_count=1,
    )
    lot = agreement.lots.get()
    holder = services.holder_add(lot=lot, organisation=world.firm, rank=1, by=admin, at=world.at)
    prices = {unit: Decimal("1000") for unit in lot.work_units.all()}
    services.prices_set(holder=holder, prices=prices, by=admin, at=world.at)
    return agreement


def running(world):
    """The same, in force."""
    served_at = world.at - timedelta(days=10)
    admin = world.user(f"{Role.FRAMEWORK_ADMIN}@own")
    return services.agreement_activate(agreement=drafted(world), served_at=served_at, by=admin, at=world.at)


def ordered(world, *acts):
    """An order of one unit for the beneficiary, that went through these acts."""
    agreement = running(world)
    lot = agreement.lots.get()
    order = services.order_create(
        lot=lot,
        holder=lot.holders.get(),
        beneficiary=agreement.beneficiaries.get(),
        title="Construction",
        lines=[services.LineDraft(lot.work_units.get(code="UO-L2.2.2"), Decimal(1))],
        by=world.user("buyer@other"),
        at=world.at,
    )
    for act, who in acts:
        order = act(order=order, by=world.user(who), at=world.at)
    return {"pk": order.pk}


ISSUE = (services.order_issue, "buyer@other")
ACKNOWLEDGE = (services.order_acknowledge, "supplier@firm")


def draft(world):
    """A draft."""
    return {"pk": drafted(world).pk}


def draft_lot(world):
    """The lot of a draft."""
    return {"pk": drafted(world).lots.get().pk}


def draft_holder(world):
    """A holder in a draft."""
    return {"pk": drafted(world).lots.get().holders.get().pk}


def draft_unit(world):
    """A unit of a draft."""
    return {"pk": drafted(world).lots.get().work_units.first().pk}


def active(world):
    """An agreement in force."""
    return {"pk": running(world).pk}


def active_lot(world):
    """Its lot."""
    return {"pk": running(world).lots.get().pk}


def active_unit(world):
    """A unit of an agreement in force."""
    return {"pk": running(world).lots.get().work_units.first().pk}


def draft_order(world):
    """A draft order."""
    return ordered(world)


def issued_order(world):
    """An order issued."""
    return ordered(world, ISSUE)


def acknowledged_order(world):
    """An order that is carried out."""
    return ordered(world, ISSUE, ACKNOWLEDGE)


def awarded(world):
    """A consultation awarded, from which an agreement is drafted."""
    tender = Tender.objects.get(**consultations.to_decide(world))
    tenders.tender_award(tender=tender, by=world.user(f"{Role.SIGNATORY}@own"), at=now())
    return {"tender_pk": tender.pk}


def one_line(world):
    """A line for the API."""
    return {"work_unit": WorkUnit.objects.get(code="UO-L2.2.2").pk, "quantity": "1"}


def new_order(world):
    """A whole order for the API."""
    lot = running(world).lots.get()
    return {
        "lot": lot.pk,
        "holder": lot.holders.get().pk,
        "beneficiary": lot.agreement.beneficiaries.get().pk,
        "title": "Construction",
        "lines": [one_line(world)],
    }


ROWS = {
    "framework_agreements:list": Row(allowed=EVERYONE),
    "framework_agreements:create": both(allowed=ANYWHERE),
    "framework_agreements:award_take": Row(allowed=ADMINISTRATORS, make=awarded, method="post"),
    "framework_agreements:agreement": [
        Row(allowed=EVERYONE, make=active),
        Row(allowed=DRAFT_READERS, make=draft),
    ],
    "framework_agreements:update": both(allowed=ADMINISTRATORS, make=draft),
    "framework_agreements:lot_add": both(allowed=ADMINISTRATORS, make=draft),
    "framework_agreements:beneficiary_add": both(allowed=ADMINISTRATORS, make=draft),
    "framework_agreements:activate": both(allowed=ADMINISTRATORS, make=draft),
    "framework_agreements:renew": Row(allowed=ADMINISTRATORS, make=active, method="post"),
    "framework_agreements:steering_sheet": Row(allowed=ADMINISTRATORS, make=active, method="post"),
    "framework_agreements:end": both(allowed=ADMINISTRATORS, make=active),
    "framework_agreements:lot": [
        Row(allowed=EVERYONE, make=active_lot),
        Row(allowed=DRAFT_READERS, make=draft_lot),
    ],
    "framework_agreements:catalogue_load": both(allowed=ADMINISTRATORS, make=draft_lot),
    "framework_agreements:holder_add": both(allowed=ADMINISTRATORS, make=draft_lot),
    "framework_agreements:prices": both(allowed=ADMINISTRATORS, make=draft_holder),
    "framework_agreements:work_unit": [
        Row(allowed=EVERYONE, make=active_unit),
        Row(allowed=DRAFT_READERS, make=draft_unit),
    ],
    "framework_agreements:orders": Row(allowed=SIGNED_IN),
    "framework_agreements:steering": Row(allowed=SIGNED_IN),
    "framework_agreements:order_start": both(allowed=DRAFTERS_ANYWHERE),
    "framework_agreements:order_create": both(allowed=DRAFTERS, make=active_lot),
    "framework_agreements:order": [
        Row(allowed=DRAFT_ORDER_READERS, make=draft_order),
        Row(allowed=ORDER_READERS, make=issued_order),
    ],
    "framework_agreements:order_update": both(allowed=DRAFTERS, make=draft_order),
    "framework_agreements:order_issue": both(allowed=ISSUERS, make=draft_order),
    "framework_agreements:order_cancel": both(allowed=DRAFTERS | ISSUERS, make=draft_order),
    "framework_agreements:order_acknowledge": Row(allowed=HOLDER, make=issued_order, method="post"),
    "framework_agreements:order_complete": Row(
        allowed=ISSUERS | {"product_owner@other"}, make=acknowledged_order, method="post"
    ),
    "framework_agreements:order_progress": both(allowed=DRAFTERS, make=acknowledged_order),
    "api:framework-agreement-list": Row(allowed=EVERYONE),
    "api:framework-agreement-detail": [
        Row(allowed=EVERYONE, make=active),
        Row(allowed=DRAFT_READERS, make=draft),
    ],
    "api:work-unit-list": Row(allowed=EVERYONE),
    "api:work-unit-detail": [
        Row(allowed=EVERYONE, make=active_unit),
        Row(allowed=DRAFT_READERS, make=draft_unit),
    ],
    "api:order-list": [Row(allowed=SIGNED_IN), Row(allowed=DRAFTERS, method="post", data=new_order)],
    "api:order-detail": [
        Row(allowed=DRAFT_ORDER_READERS, make=draft_order),
        Row(allowed=ORDER_READERS, make=issued_order),
    ],
    "api:order-steering": Row(allowed=SIGNED_IN),
    "api:order-lines": Row(allowed=DRAFTERS, make=draft_order, method="post", data=one_line),
    "api:order-issue": Row(allowed=ISSUERS, make=draft_order, method="post"),
    "api:order-cancel": Row(
        allowed=DRAFTERS | ISSUERS, make=draft_order, method="post", data={"reason": "Doublon"}
    ),
    "api:order-acknowledge": Row(allowed=HOLDER, make=issued_order, method="post"),
    "api:order-complete": Row(
        allowed=ISSUERS | {"product_owner@other"}, make=acknowledged_order, method="post"
    ),
    "api:order-progress": Row(allowed=DRAFTERS, make=acknowledged_order, method="post"),
}
