"""A row of every resource of the API, in several states, with the people around: made by the services in seconds."""

from dataclasses import dataclass

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.clock import now
from framework_agreements.models import PurchaseOrder
from needs.models import PurchaseProject
from startups.models import Iteration
from tenders.enums import CriterionKind
from tenders.models import Tender
from tenders.services import score_save, scores_submit
from tests.accounts.factories import make_member, make_platform_admin, make_user
from tests.framework_agreements.factories import World, make_issued_order, make_order
from tests.needs.factories import make_project, make_strategy_line
from tests.startups.factories import make_delivery, make_demonstrated
from tests.tenders.factories import make_bid, make_draft, make_published, make_supplier, open_bids

UNIT_PRICE, OPENED_PRICE, SEALED_PRICE = "31415.92", "27182.81", "16180.33"
MARK_WORDS = "Canari d'une note"
"""Facts that not everybody reads, each written so that it cannot be met by chance."""


@dataclass
class Story:
    """What was made; `people` are those worth calling as, by what they are."""

    world: World
    project: PurchaseProject
    draft: Tender
    published: Tender
    opened: Tender
    order_draft: PurchaseOrder
    order_issued: PurchaseOrder
    iteration: Iteration
    people: dict[str, User]


def tell() -> Story:
    """Everything, at this instant."""
    delivery = make_delivery(unit_price=UNIT_PRICE)
    world, at = delivery.world, now()
    organisation = world.beneficiary.organisation
    project = make_project(organisation=organisation, by=world.buyer, at=at)
    make_strategy_line(project, at=at)
    opened = make_published(organisation=organisation, by=world.buyer, at=at)
    bidder, firm = make_supplier()
    rival, _firm = make_supplier()
    make_bid(opened, by=bidder, bidder=firm, prices={"UO-1": OPENED_PRICE, "UO-2": "2000"})
    opened = open_bids(opened)
    evaluator = make_member(organisation, Role.EVALUATOR)
    _score(opened, evaluator)
    published = make_published(organisation=organisation, by=world.buyer, at=at)
    make_bid(published, by=bidder, bidder=firm, prices={"UO-1": SEALED_PRICE, "UO-2": "2000"})
    people = {
        "buyer": world.buyer,
        "prescriber": world.prescriber,
        "product_owner": world.product_owner,
        "signatory": world.signatory,
        "framework_admin": world.admin,
        "holder": world.supplier,
        "bidder": bidder,
        "rival": rival,
        "evaluator": evaluator,
        "auditor": make_member(organisation, Role.AUDITOR),
        "elected": make_member(organisation, Role.ELECTED),
        "org_admin": make_member(organisation, Role.ORG_ADMIN),
        "platform_admin": make_platform_admin(),
        "newcomer": make_user(),
    }
    return Story(
        world=world,
        project=project,
        draft=make_draft(organisation=organisation, by=world.buyer, at=at),
        published=published,
        opened=opened,
        order_draft=make_order(world),
        order_issued=make_issued_order(world),
        iteration=make_demonstrated(delivery),
        people=people,
    )


def _score(tender, evaluator):
    lot = tender.lots.get()
    for offer in lot.offers.all():
        for criterion in lot.criteria.exclude(kind=CriterionKind.PRICE):
            score_save(offer=offer, criterion=criterion, points=3, comment=MARK_WORDS, by=evaluator, at=now())
    scores_submit(lot=lot, by=evaluator, at=now())
