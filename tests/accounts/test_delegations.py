"""X5 of the trust file: giving, revoking and announcing a delegation, from the service to the screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts import legal, services
from foundation.accounts.enums import Role
from foundation.accounts.models import Delegation, Membership, User
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification, OutboxEmail
from tests.accounts.factories import (
    make_buyer_org,
    make_delegation,
    make_member,
    make_platform_admin,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db


class House:
    """A signatory, a buyer who stands in for him, their administrator."""

    def __init__(self):
        self.organisation = make_buyer_org(name="Ville de Test")
        self.signatory = make_member(self.organisation, Role.SIGNATORY, full_name="Bruno Signe")
        self.buyer = make_member(self.organisation, Role.BUYER, full_name="Nadia Achète")
        self.administrator = make_member(self.organisation, Role.ORG_ADMIN)

    def give(self, at, **changes):
        asked = {
            "organisation": self.organisation,
            "delegate": self.buyer,
            "roles": [Role.SIGNATORY],
            "starts_at": at,
            "ends_at": at + timedelta(days=15),
            "by": self.signatory,
        }
        return services.delegations_give(**{**asked, **changes}, at=at)


@pytest.fixture
def house():
    return House()


def again(user):
    return User.objects.get(pk=user.pk)


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


class TestGive:
    def test_written_told_to_both_and_open_at_once(self, house, at):
        (given,) = house.give(at, reason="Congés")
        assert has_role(house.buyer, house.organisation, Role.SIGNATORY)
        entry = Entry.objects.get(action="accounts.give_delegation")
        assert (entry.actor, entry.organisation, entry.role) == (
            house.signatory,
            house.organisation,
            "signatory",
        )
        assert str(house.buyer) in entry.reason
        told = {house.signatory.pk, house.buyer.pk}
        assert set(Notification.objects.values_list("recipient_id", flat=True)) == told
        assert set(OutboxEmail.objects.values_list("recipient_id", flat=True)) == told
        assert given.reason == "Congés"

    def test_several_roles_are_told_once_and_revoked_one_by_one(self, house, at):
        Membership.objects.create(user=house.signatory, organisation=house.organisation, role=Role.PRESCRIBER)
        first, second = house.give(at, roles=[Role.SIGNATORY, Role.PRESCRIBER])
        assert Notification.objects.count() == 2
        services.delegation_revoke(delegation=first, by=house.signatory, at=at)
        assert not has_role(again(house.buyer), house.organisation, Role.SIGNATORY)
        assert has_role(again(house.buyer), house.organisation, second.role)

    def test_a_start_already_past_is_now(self, house, at):
        (given,) = house.give(at, starts_at=at - timedelta(days=3))
        assert given.starts_at == at

    def test_a_role_received_is_not_passed_on(self, house, at):
        house.give(at)
        third = make_member(house.organisation, Role.PRESCRIBER)
        refusal = refused(house.give, at, delegate=third, by=house.buyer)
        assert (refusal.code, refusal.reasons[0].field) == ("forbidden", "roles")

    @pytest.mark.parametrize(
        "role", [Role.CUSTODIAN, Role.EVALUATOR, Role.ELECTED, Role.ORG_ADMIN, Role.AUDITOR]
    )
    def test_a_role_attached_to_the_person_is_not_lent(self, house, at, role):
        by = make_member(house.organisation, role)
        assert refused(house.give, at, by=by, roles=[role]).reasons[0].field == "roles"

    def test_never_to_a_stranger_to_the_house(self, house, at):
        for delegate in (make_user(), make_member(make_supplier_org(), Role.SUPPLIER), make_platform_admin()):
            assert refused(house.give, at, delegate=delegate).reasons[0].field == "delegate"

    def test_never_to_oneself_nor_to_a_closed_account(self, house, at):
        closed = make_member(house.organisation, Role.BUYER, is_active=False)
        for delegate in (house.signatory, closed):
            assert refused(house.give, at, delegate=delegate).reasons[0].field == "delegate"

    @pytest.mark.parametrize("days", [-1, 0, legal.DELEGATION_LONGEST.days + 1])
    def test_dates_that_do_not_hold(self, house, at, days):
        assert refused(house.give, at, ends_at=at + timedelta(days=days)).reasons[0].field == "ends_at"

    def test_not_twice_on_the_same_days_nor_a_role_already_held(self, house, at):
        house.give(at)
        assert refused(house.give, at).code == "conflict"
        other = make_member(house.organisation, Role.SIGNATORY)
        assert refused(house.give, at, delegate=other).code == "conflict"

    def test_at_least_one_role(self, house, at):
        assert refused(house.give, at, roles=[]).reasons[0].field == "roles"


class TestEnd:
    @pytest.mark.parametrize("who", ["signatory", "buyer", "administrator"])
    def test_revoked_at_once_by_those_concerned(self, house, at, who):
        (given,) = house.give(at)
        services.delegation_revoke(delegation=given, by=getattr(house, who), at=at)
        given.refresh_from_db()
        assert (given.revoked_at, given.revoked_by) == (at, getattr(house, who))
        assert not has_role(again(house.buyer), house.organisation, Role.SIGNATORY)
        assert Entry.objects.filter(action="accounts.revoke_delegation").count() == 1
        assert Notification.objects.filter(kind="accounts.delegation_revoked").count() == 2

    def test_by_nobody_else_and_only_once(self, house, at):
        (given,) = house.give(at)
        other = make_member(house.organisation, Role.BUYER)
        assert refused(services.delegation_revoke, delegation=given, by=other, at=at).code == "forbidden"
        services.delegation_revoke(delegation=given, by=house.buyer, at=at)
        assert refused(services.delegation_revoke, delegation=given, by=house.buyer, at=at).code == "conflict"

    def test_giving_the_role_again_does_not_bring_it_back(self, house, at):
        house.give(at)
        held = house.signatory.memberships.get()
        services.membership_remove(membership=held, by=house.administrator, at=at)
        services.membership_add(
            organisation=house.organisation, user=house.signatory, role=Role.SIGNATORY, by=None, at=at
        )
        assert not has_role(again(house.buyer), house.organisation, Role.SIGNATORY)
        assert Delegation.objects.get().revoked_at == at

    def test_ends_when_the_delegate_leaves_the_house(self, house, at):
        house.give(at)
        services.membership_remove(membership=house.buyer.memberships.get(), by=house.administrator, at=at)
        assert Delegation.objects.get().revoked_by == house.administrator

    def test_ends_with_a_closed_account(self, house, at):
        house.give(at)
        services.user_deactivate(user=house.signatory, reason="Départ", by=make_platform_admin(), at=at)
        assert Delegation.objects.get().revoked_at == at

    def test_both_are_told_once_before_the_end(self, house, at):
        house.give(at)
        assert services.delegations_warn(at=at) == 0
        soon = at + timedelta(days=15) - legal.DELEGATION_WARNED_BEFORE
        assert services.delegations_warn(at=soon) == 1
        assert services.delegations_warn(at=soon) == 0
        assert Notification.objects.filter(kind="accounts.delegation_ending").count() == 2


class TestScreens:
    def typed(self, house, **changes):
        today = timezone.localdate()
        return {
            "roles": [f"{house.organisation.pk}:signatory"],
            "delegate": house.buyer.pk,
            "starts_at": today.isoformat(),
            "ends_at": (today + timedelta(days=3)).isoformat(),
            "reason": "Congés",
            **changes,
        }

    def test_from_the_form_to_both_lists(self, client, house):
        client.force_login(house.signatory)
        assert (
            "Bruno" not in client.get(reverse("accounts:delegation_give")).content.decode().split("<main")[1]
        )
        response = client.post(reverse("accounts:delegation_give"), self.typed(house))
        assert response.url == reverse("accounts:delegation_list")
        content = client.get(response.url).content.decode()
        assert "Nadia Achète" in content
        assert "variable inconnue" not in content
        client.force_login(house.buyer)
        assert "Bruno Signe" in client.get(response.url).content.decode()

    def test_the_last_day_is_included(self, client, house):
        client.force_login(house.signatory)
        client.post(reverse("accounts:delegation_give"), self.typed(house))
        ends = timezone.localtime(Delegation.objects.get().ends_at)
        assert (ends.hour, ends.date()) == (0, timezone.localdate() + timedelta(days=4))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"ends_at": "2020-01-01"}, "après le début"),
            ({"roles": ["1:custodian"]}, "valide"),
            ({"delegate": "0"}, "valide"),
        ],
    )
    def test_what_is_refused_is_said_beside_its_field(self, client, house, changes, said):
        client.force_login(house.signatory)
        response = client.post(reverse("accounts:delegation_give"), self.typed(house, **changes))
        assert response.status_code == 200
        assert said in response.content.decode()
        assert not Delegation.objects.exists()

    def test_who_has_nothing_to_lend_is_told(self, client, house):
        client.force_login(make_member(house.organisation, Role.CUSTODIAN))
        assert "ne se délègue" in client.get(reverse("accounts:delegation_give")).content.decode()

    def test_revoked_from_the_list_then_kept_in_the_history(self, client, house):
        lent = make_delegation(house.signatory, house.buyer, house.organisation, Role.SIGNATORY)
        client.force_login(house.buyer)
        client.post(reverse("accounts:delegation_revoke", args=[lent.pk]))
        content = client.get(reverse("accounts:delegation_list")).content.decode()
        assert "révoquée le" in content
        assert not has_role(again(house.buyer), house.organisation, Role.SIGNATORY)

    def test_a_stranger_finds_nothing_to_revoke(self, client, house):
        lent = make_delegation(house.signatory, house.buyer, house.organisation, Role.SIGNATORY)
        client.force_login(make_member(make_buyer_org(), Role.ORG_ADMIN))
        assert client.post(reverse("accounts:delegation_revoke", args=[lent.pk])).status_code == 404

    def test_the_list_costs_the_same_for_one_or_many(self, client, house, django_assert_max_num_queries):
        for _count in range(8):
            other = make_member(house.organisation, Role.PRESCRIBER)
            make_delegation(house.signatory, other, house.organisation, Role.SIGNATORY)
        client.force_login(house.signatory)
        with django_assert_max_num_queries(12):
            client.get(reverse("accounts:delegation_list"))
