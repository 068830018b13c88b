"""X5 of the trust file: what a delegation opens in the stages, in whose name, and what it never opens."""

import pytest

from foundation.accounts.enums import Role
from foundation.accounts.models import Membership
from foundation.accounts.selectors import forget_roles, principal_for
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification
from framework_agreements import services as orders
from startups import rules as startups
from tenders import rules as tender_rules
from tenders import services as tenders
from tenders.ranking import ranking
from tests.accounts.factories import make_delegation, make_member
from tests.framework_agreements.factories import make_order, make_world
from tests.startups.factories import make_delivery, make_demonstrated
from tests.tenders.factories import make_bid, make_published, open_bids, score_all

pytestmark = pytest.mark.django_db


def proposed():
    """A consultation whose award was proposed by its buyer, and a signatory who may be stood in for."""
    tender = make_published()
    make_bid(tender)
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    tenders.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=tender.created_by, at=now())
    return tender, make_member(tender.buyer, Role.SIGNATORY)


class TestAward:
    def test_decided_by_the_delegate_of_the_signatory(self):
        tender, signatory = proposed()
        delegate = make_member(tender.buyer, Role.PRESCRIBER)
        assert not tender_rules.can_decide_award(delegate, tender)
        make_delegation(signatory, delegate, tender.buyer, Role.SIGNATORY)
        forget_roles(delegate)
        tenders.tender_award(tender=tender, by=delegate, at=now())
        assert principal_for(delegate, tender.buyer) == signatory
        entry = Entry.objects.get(action="tenders.award")
        assert (entry.actor, entry.principal) == (delegate, signatory)

    def test_by_his_own_role_the_signatory_acts_for_nobody(self):
        tender, signatory = proposed()
        tenders.tender_award(tender=tender, by=signatory, at=now())
        assert Entry.objects.get(action="tenders.award").principal is None

    def test_not_by_who_proposed_it(self):
        tender, signatory = proposed()
        author = tender.created_by
        make_delegation(signatory, author, tender.buyer, Role.SIGNATORY)
        forget_roles(author)
        with pytest.raises(Refusal) as caught:
            tenders.tender_award(tender=tender, by=author, at=now())
        assert caught.value.code == "forbidden"

    def test_who_holds_both_roles_himself_is_not_concerned(self):
        tender, _signatory = proposed()
        author = tender.created_by
        Membership.objects.create(user=author, organisation=tender.buyer, role=Role.SIGNATORY)
        forget_roles(author)
        assert tender_rules.can_decide_award(author, tender)


class TestOrder:
    def test_drafted_by_one_issued_by_the_delegate_of_the_signatory_is_another_person_s_act(self):
        world = make_world()
        house = world.beneficiary.organisation
        make_delegation(world.signatory, world.product_owner, house, Role.SIGNATORY)
        forget_roles(world.product_owner)
        order = make_order(world, by=world.product_owner)
        with pytest.raises(Refusal) as caught:
            orders.order_issue(order=order, by=world.product_owner, at=world.at)
        assert caught.value.code == "forbidden"
        other = make_order(world, by=world.prescriber)
        assert orders.order_issue(order=other, by=world.product_owner, at=world.at).number


class TestNamedPeople:
    def test_the_delegate_of_the_named_product_owner_stands_in_for_him(self):
        delivery = make_delivery()
        house = delivery.startup.organisation
        delegate = make_member(house, Role.PRESCRIBER)
        assert not startups.is_product_owner(delegate, delivery.startup)
        make_delegation(delivery.product_owner, delegate, house, Role.PRODUCT_OWNER)
        forget_roles(delegate)
        assert startups.is_product_owner(delegate, delivery.startup)

    def test_what_awaits_the_product_owner_is_told_to_his_delegate_too(self):
        delivery = make_delivery()
        house = delivery.startup.organisation
        delegate = make_member(house, Role.PRESCRIBER)
        make_delegation(delivery.product_owner, delegate, house, Role.PRODUCT_OWNER)
        make_demonstrated(delivery)
        told = Notification.objects.filter(kind="startups.iteration_demonstrated")
        assert {one.recipient for one in told} == {delivery.product_owner, delegate}

    def test_the_delegate_of_another_product_owner_does_not(self):
        delivery = make_delivery()
        house = delivery.startup.organisation
        delegate, other = make_member(house, Role.PRESCRIBER), make_member(house, Role.PRODUCT_OWNER)
        make_delegation(other, delegate, house, Role.PRODUCT_OWNER)
        assert not startups.is_product_owner(delegate, delivery.startup)
