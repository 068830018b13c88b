"""Who comes after a deposit neither withdraws nor replaces it, while somebody who was there before can."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts import legal
from foundation.accounts.enums import Role
from foundation.accounts.models import Membership, User
from foundation.clock import now
from foundation.errors import Refusal
from tenders import rules, services
from tenders.enums import BidState
from tenders.models import Bid
from tests.accounts.factories import make_delegation, make_member, make_supplier_org
from tests.owner import behind_the_triggers
from tests.tenders.factories import make_bid, make_published

pytestmark = pytest.mark.django_db
DELAY = legal.OPPOSITION_OPEN_FOR[0].value


class Scene:
    """A firm whose bid was deposited by one of two people; a third one comes after."""

    def __init__(self):
        self.tender, self.firm = make_published(), make_supplier_org()
        self.depositor = make_member(self.firm, Role.SUPPLIER, full_name="Paule Dépose")
        self.colleague = make_member(self.firm, Role.SUPPLIER, full_name="Colin Collègue")
        self.bid = make_bid(self.tender, by=self.depositor, bidder=self.firm)
        self.newcomer = make_member(self.firm, Role.SUPPLIER, full_name="Nora Nouvelle")

    def withdraw(self, by):
        return services.bid_withdraw(bid=self.bid, by=User.objects.get(pk=by.pk))

    def replace(self, by):
        return make_bid(self.tender, by=User.objects.get(pk=by.pk), bidder=self.firm)

    @property
    def state(self):
        return Bid.objects.get(pk=self.bid.pk).state

    def leave(self, *people):
        Membership.objects.filter(user__in=people).delete()

    def age(self, person, by):
        with behind_the_triggers():
            Membership.objects.filter(user=person).update(created_at=now() - by)


@pytest.fixture
def scene():
    return Scene()


@pytest.mark.parametrize("act", ["withdraw", "replace"])
class TestNewcomer:
    def test_is_refused_and_told_whom_to_ask(self, scene, act):
        with pytest.raises(Refusal, match="Paule Dépose a déposé ce pli") as refused:
            getattr(scene, act)(scene.newcomer)
        assert "Paule Dépose ou Colin Collègue" in str(refused.value)
        assert refused.value.code == "forbidden"
        assert scene.state == BidState.DEPOSITED

    def test_even_when_the_depositor_left_while_a_colleague_of_then_is_there(self, scene, act):
        scene.leave(scene.depositor)
        with pytest.raises(Refusal, match="Colin Collègue"):
            getattr(scene, act)(scene.newcomer)

    def test_waits_three_days_when_nobody_of_then_is_left(self, scene, act):
        scene.leave(scene.depositor, scene.colleague)
        with pytest.raises(Refusal, match="à partir du") as refused:
            getattr(scene, act)(scene.newcomer)
        assert refused.value.code == "too_early"

    def test_a_role_given_again_after_the_deposit_is_a_new_one(self, scene, act):
        scene.leave(scene.colleague)
        Membership.objects.create(user=scene.colleague, organisation=scene.firm, role=Role.SUPPLIER)
        with pytest.raises(Refusal):
            getattr(scene, act)(scene.colleague)

    def test_who_was_there_does_it(self, scene, act):
        getattr(scene, act)(scene.colleague)
        assert scene.state != BidState.DEPOSITED

    def test_the_depositor_does_it_even_after_he_left_and_came_back(self, scene, act):
        scene.leave(scene.depositor)
        Membership.objects.create(user=scene.depositor, organisation=scene.firm, role=Role.SUPPLIER)
        getattr(scene, act)(scene.depositor)
        assert scene.state != BidState.DEPOSITED

    def test_a_role_lent_by_who_was_there_is_his_leave(self, scene, act):
        scene.leave(scene.newcomer)
        Membership.objects.create(user=scene.newcomer, organisation=scene.firm, role=Role.ORG_ADMIN)
        make_delegation(scene.colleague, scene.newcomer, scene.firm, Role.SUPPLIER)
        getattr(scene, act)(scene.newcomer)
        assert scene.state != BidState.DEPOSITED


class TestAfterTheDelay:
    @pytest.fixture
    def left(self, scene):
        """Nobody of then is left; the bid is as old as the newcomer's role needs."""
        scene.leave(scene.depositor, scene.colleague)
        with behind_the_triggers():
            Bid.objects.filter(pk=scene.bid.pk).update(deposited_at=now() - DELAY - timedelta(hours=2))
        return scene

    def test_the_firm_has_its_bid_back(self, left):
        left.age(left.newcomer, DELAY + timedelta(minutes=1))
        left.withdraw(left.newcomer)
        assert left.state == BidState.WITHDRAWN

    def test_not_before(self, left):
        left.age(left.newcomer, DELAY - timedelta(minutes=1))
        with pytest.raises(Refusal):
            left.withdraw(left.newcomer)


def test_a_first_deposit_by_a_newcomer_is_free_and_late_ones_are_kept(scene):
    other = make_published()
    assert make_bid(other, by=scene.newcomer, bidder=scene.firm).state == BidState.DEPOSITED


def test_a_stranger_learns_no_name(scene):
    stranger = make_member(make_supplier_org(), Role.SUPPLIER)
    with pytest.raises(Refusal) as refused:
        scene.withdraw(stranger)
    assert "Paule" not in str(refused.value)


def test_the_right_is_asked_once_for_many_bids(scene, django_assert_num_queries):
    bids = [
        scene.bid,
        *(make_bid(make_published(), by=scene.depositor, bidder=scene.firm) for _number in "12"),
    ]
    fresh = User.objects.get(pk=scene.newcomer.pk)
    with django_assert_num_queries(2):
        assert [rules.can_withdraw_bid(fresh, bid) for bid in bids] == [False, True, True]


def test_pages_say_it_before_anything_is_typed(scene, client):
    client.force_login(scene.newcomer)
    receipt = client.get(reverse("tenders:bid", args=[scene.bid.pk])).content.decode()
    assert "Demandez-le à" in receipt
    assert reverse("tenders:withdraw", args=[scene.bid.pk]) not in receipt
    answer = client.get(reverse("tenders:answer", args=[scene.tender.pk])).content.decode()
    assert "Demandez-le à" in answer
    client.force_login(scene.depositor)
    receipt = client.get(reverse("tenders:bid", args=[scene.bid.pk])).content.decode()
    assert reverse("tenders:withdraw", args=[scene.bid.pk]) in receipt


def test_the_api_says_it_too(scene):
    api = APIClient()
    api.force_authenticate(scene.newcomer)
    address = f"/api/v1/bids/{scene.bid.pk}/"
    assert api.get(address).json()["abilities"]["withdraw"] is False
    answer = api.post(f"{address}withdraw/", headers={"If-Match": "*"})
    assert answer.status_code == 403
    assert "Paule Dépose" in answer.json()["detail"]
