"""X5 of the trust file: what a delegation opens, from when to when, and for whom one acts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from foundation.accounts.enums import Role
from foundation.accounts.legal import DELEGABLE_ROLES, DELEGATION_LONGEST
from foundation.accounts.models import Delegation, User
from foundation.accounts.selectors import (
    has_role,
    holds,
    organisation_ids,
    principal_for,
    role_pairs,
    stands_for,
    users_with_role,
)
from foundation.clock import now
from tests.accounts.factories import make_buyer_org, make_delegation, make_member, make_user
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_buyer_org()


@pytest.fixture
def signatory(house):
    return make_member(house, Role.SIGNATORY)


@pytest.fixture
def delegate(house):
    return make_member(house, Role.BUYER)


def again(user):
    """The same person at the next request."""
    return User.objects.get(pk=user.pk)


class TestInForce:
    def test_the_role_is_lent_with_what_the_delegate_already_holds(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert role_pairs(delegate) == {(house.pk, Role.BUYER), (house.pk, Role.SIGNATORY)}
        assert holds(delegate, Role.SIGNATORY)
        assert organisation_ids(delegate, Role.SIGNATORY) == {house.pk}
        assert list(users_with_role(house, Role.SIGNATORY)) == sorted(
            [signatory, delegate], key=lambda u: u.full_name
        )

    def test_the_principal_keeps_the_role(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert has_role(signatory, house, Role.SIGNATORY)
        assert principal_for(signatory, house, Role.SIGNATORY) is None

    @pytest.mark.parametrize(
        ("seconds", "opens"),
        [
            ((-60, 60), True),
            ((60, 120), False),
            ((-120, -60), False),
            ((-120, -0.01), False),
            ((-0.01, 60), True),
        ],
    )
    def test_from_its_first_instant_to_its_last(self, house, signatory, delegate, seconds, opens):
        at = now()
        make_delegation(
            signatory,
            delegate,
            house,
            Role.SIGNATORY,
            starts_at=at + timedelta(seconds=seconds[0]),
            ends_at=at + timedelta(seconds=seconds[1]),
        )
        assert has_role(delegate, house, Role.SIGNATORY) is opens

    def test_closed_at_once_by_a_revocation(self, house, signatory, delegate, at):
        lent = make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert has_role(delegate, house, Role.SIGNATORY)
        Delegation.objects.filter(pk=lent.pk).update(revoked_at=at, revoked_by=signatory)
        assert not has_role(again(delegate), house, Role.SIGNATORY)

    def test_falls_with_the_role_of_the_principal(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        signatory.memberships.all().delete()
        assert not has_role(delegate, house, Role.SIGNATORY)

    @pytest.mark.parametrize("who", ["principal", "delegate"])
    def test_falls_with_a_closed_account(self, house, signatory, delegate, who):
        lent = make_delegation(signatory, delegate, house, Role.SIGNATORY)
        User.objects.filter(pk=getattr(lent, who).pk).update(is_active=False)
        assert not has_role(again(delegate), house, Role.SIGNATORY)

    def test_falls_when_the_delegate_leaves_the_house(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        delegate.memberships.all().delete()
        assert role_pairs(again(delegate)) == frozenset()

    def test_one_query_whatever_is_held(self, house, signatory, delegate, django_assert_num_queries):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        with django_assert_num_queries(1):
            has_role(delegate, house, Role.SIGNATORY)
            holds(delegate, Role.BUYER)
            organisation_ids(delegate)

    def test_nobody_else_gains_anything(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert not has_role(make_member(house, Role.BUYER), house, Role.SIGNATORY)
        assert not has_role(delegate, make_buyer_org(), Role.SIGNATORY)


class TestForWhom:
    def test_the_right_that_comes_only_from_the_delegation_names_the_principal(
        self, house, signatory, delegate
    ):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert principal_for(delegate, house, Role.SIGNATORY) == signatory
        assert principal_for(delegate, house, Role.BUYER) is None

    def test_the_last_right_found_says_in_which_capacity_one_acts(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        assert has_role(delegate, house, Role.SIGNATORY)
        assert principal_for(delegate, house) == signatory
        assert not has_role(delegate, house, Role.AUDITOR)
        assert principal_for(delegate, house) == signatory
        assert has_role(delegate, house, Role.BUYER, Role.SIGNATORY)
        assert principal_for(delegate, house) is None

    def test_nobody_acts_for_a_stranger(self, house):
        assert principal_for(AnonymousUser(), house) is None
        assert principal_for(None, house, Role.BUYER) is None
        assert principal_for(make_user(), house, Role.BUYER) is None

    def test_a_rule_that_names_somebody_opens_to_his_delegate_only(self, house, delegate):
        named, other = make_member(house, Role.PRODUCT_OWNER), make_member(house, Role.PRODUCT_OWNER)
        make_delegation(other, delegate, house, Role.PRODUCT_OWNER)
        assert stands_for(named, named.pk, house.pk, Role.PRODUCT_OWNER)
        assert not stands_for(other, named.pk, house.pk, Role.PRODUCT_OWNER)
        assert not stands_for(delegate, named.pk, house.pk, Role.PRODUCT_OWNER)
        assert stands_for(delegate, other.pk, house.pk, Role.PRODUCT_OWNER)
        assert principal_for(delegate, house) == other


def refused_by_postgresql(**fields):
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        make_delegation(**fields)


class TestTheDatabaseRefuses:
    def test_a_role_received_by_delegation_is_never_passed_on(self, house, signatory, delegate):
        make_delegation(signatory, delegate, house, Role.SIGNATORY)
        third = make_member(house, Role.BUYER)
        refused_by_postgresql(principal=delegate, delegate=third, organisation=house, role=Role.SIGNATORY)

    @pytest.mark.parametrize("role", sorted(set(Role) - set(DELEGABLE_ROLES)))
    def test_a_personal_role(self, house, delegate, role):
        principal = make_member(house, role)
        refused_by_postgresql(principal=principal, delegate=delegate, organisation=house, role=role)

    def test_a_delegation_to_oneself(self, house, signatory):
        refused_by_postgresql(
            principal=signatory, delegate=signatory, organisation=house, role=Role.SIGNATORY
        )

    def test_one_without_an_end_worth_the_name(self, house, signatory, delegate, at):
        fields = {"principal": signatory, "delegate": delegate, "organisation": house, "role": Role.SIGNATORY}
        refused_by_postgresql(**fields, starts_at=at, ends_at=at)
        refused_by_postgresql(**fields, starts_at=at, ends_at=at + DELEGATION_LONGEST + timedelta(seconds=1))
        make_delegation(**fields, starts_at=at, ends_at=at + DELEGATION_LONGEST)

    def test_the_same_twice_over_the_same_days(self, house, signatory, delegate, at):
        fields = {"principal": signatory, "delegate": delegate, "organisation": house, "role": Role.SIGNATORY}
        lent = make_delegation(**fields)
        refused_by_postgresql(**fields)
        make_delegation(**fields, starts_at=lent.ends_at)
        Delegation.objects.filter(pk=lent.pk).update(revoked_at=at)
        make_delegation(**fields, starts_at=lent.starts_at, ends_at=lent.ends_at)

    @pytest.mark.parametrize("field", ["role", "ends_at", "delegate_id"])
    def test_a_change_of_what_was_given(self, house, signatory, delegate, field):
        lent = make_delegation(signatory, delegate, house, Role.SIGNATORY)
        changed = {
            "role": Role.BUYER,
            "ends_at": lent.ends_at + timedelta(days=1),
            "delegate_id": make_user().pk,
        }
        with as_owner(), pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Delegation.objects.filter(pk=lent.pk).update(**{field: changed[field]})
