"""Writes on people, organisations and roles, and what they refuse."""

import pytest

from foundation.accounts import services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Membership, User
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import (
    make_buyer_org,
    make_member,
    make_organisation,
    make_platform_admin,
    make_siret,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db


def refused(call, **kwargs):
    """The refusal of this call."""
    with pytest.raises(Refusal) as caught:
        call(**kwargs)
    return caught.value


class TestOrganisationCreate:
    def test_by_the_platform_administrator(self, at):
        by = make_platform_admin()
        created = services.organisation_create(kind="buyer", name="Ville", siret=make_siret(), by=by, at=at)
        assert created.kind == "buyer"
        assert Entry.objects.get(action="accounts.create_organisation").actor == by

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.PLATFORM_ADMIN])
    def test_by_nobody_else(self, at, role):
        by = make_member(make_buyer_org(), role)
        refusal = refused(
            services.organisation_create, kind="buyer", name="Ville", siret=make_siret(), by=by, at=at
        )
        assert refusal.code == "forbidden"

    def test_an_unknown_kind_is_refused(self, at):
        refusal = refused(
            services.organisation_create, kind="martian", name="Ville", siret=make_siret(), by=None, at=at
        )
        assert refusal.reasons[0].field == "kind"


class TestMembership:
    def test_who_loses_a_role_is_told(self, at):
        organisation = make_buyer_org()
        by, user = make_member(organisation, Role.ORG_ADMIN), make_member(organisation, Role.BUYER)
        services.membership_remove(membership=user.memberships.get(), by=by, at=at)
        mail = OutboxEmail.objects.get(kind="accounts.role_removed")
        assert (mail.recipient, mail.context["role"]) == (user, "Acheteur")

    def add(self, organisation, user, role, by, at):
        return services.membership_add(organisation=organisation, user=user, role=role, by=by, at=at)

    def test_added_by_the_administrator_and_told(self, at):
        organisation = make_buyer_org()
        by, user = make_member(organisation, Role.ORG_ADMIN), make_user()
        self.add(organisation, user, Role.PRESCRIBER, by, at)
        assert has_role(user, organisation, Role.PRESCRIBER)
        entry = Entry.objects.get()
        assert (entry.action, entry.actor, entry.organisation) == (
            "accounts.add_membership",
            by,
            organisation,
        )

    def test_the_right_is_seen_at_once_on_the_same_object(self, at):
        organisation = make_buyer_org()
        user = make_user()
        assert not has_role(user, organisation)
        membership = self.add(organisation, user, Role.BUYER, None, at)
        assert has_role(user, organisation, Role.BUYER)
        membership.user = user
        services.membership_remove(membership=membership, by=None, at=at)
        assert not has_role(user, organisation)

    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPPLIER, Role.ORG_ADMIN)])
    def test_a_firm_never_gets_a_buyer_role(self, at, role):
        organisation = make_supplier_org()
        by = make_member(organisation, Role.ORG_ADMIN)
        refused(self.add, organisation=organisation, user=make_user(), role=role, by=by, at=at)

    def test_nobody_gives_himself_a_role(self, at):
        organisation = make_buyer_org()
        by = make_member(organisation, Role.ORG_ADMIN)
        refused(self.add, organisation=organisation, user=by, role=Role.CUSTODIAN, by=by, at=at)

    def test_the_platform_administrator_cannot_buy(self, at):
        by = make_platform_admin()
        refused(self.add, organisation=make_buyer_org(), user=by, role=Role.BUYER, by=None, at=at)

    def test_a_buyer_cannot_administer_the_platform(self, at):
        buyer = make_member(make_buyer_org(), Role.BUYER)
        organisation = make_organisation(OrganisationKind.OTHER)
        refused(self.add, organisation=organisation, user=buyer, role=Role.PLATFORM_ADMIN, by=None, at=at)

    def test_an_ordinary_administrator_makes_no_platform_administrator(self, at):
        organisation = make_organisation(OrganisationKind.OTHER)
        by = make_member(organisation, Role.ORG_ADMIN)
        refusal = refused(
            self.add, organisation=organisation, user=make_user(), role=Role.PLATFORM_ADMIN, by=by, at=at
        )
        assert refusal.code == "forbidden"

    def test_the_administrator_of_another_organisation_is_refused(self, at):
        by = make_member(make_buyer_org(), Role.ORG_ADMIN)
        refusal = refused(
            self.add, organisation=make_buyer_org(), user=make_user(), role=Role.BUYER, by=by, at=at
        )
        assert refusal.code == "forbidden"

    def test_twice_is_a_conflict(self, at):
        organisation = make_buyer_org()
        user = make_member(organisation, Role.BUYER)
        refusal = refused(self.add, organisation=organisation, user=user, role=Role.BUYER, by=None, at=at)
        assert refusal.code == "conflict"

    def test_the_last_administrator_is_kept(self, at):
        organisation = make_buyer_org()
        by = make_member(organisation, Role.ORG_ADMIN)
        membership = Membership.objects.get()
        assert refused(services.membership_remove, membership=membership, by=by, at=at).code == "conflict"
        make_member(organisation, Role.ORG_ADMIN)
        services.membership_remove(membership=membership, by=by, at=at)
        assert not has_role(User.objects.get(pk=by.pk), organisation)


class TestUserSwitch:
    def test_closed_and_opened_by_the_platform_administrator(self, at):
        by, user = make_platform_admin(), make_user()
        services.user_deactivate(user=user, reason="Départ", by=by, at=at)
        user.refresh_from_db()
        assert not user.is_active
        assert refused(services.user_deactivate, user=user, reason="Encore", by=by, at=at).code == "conflict"
        services.user_activate(user=user, reason="Retour", by=by, at=at)
        user.refresh_from_db()
        assert user.is_active
        reasons = Entry.objects.filter(object_id=str(user.pk)).order_by("id").values_list("reason", flat=True)
        assert list(reasons) == ["Départ", "Retour"]

    def test_by_nobody_else(self, at):
        organisation = make_buyer_org()
        by, user = make_member(organisation, Role.ORG_ADMIN), make_member(organisation, Role.BUYER)
        refusal = refused(services.user_deactivate, user=user, reason="Non", by=by, at=at)
        assert refusal.code == "forbidden"

    def test_not_one_s_own_account(self, at):
        by = make_platform_admin()
        refused(services.user_deactivate, user=by, reason="Oups", by=by, at=at)

    def test_a_closed_account_has_no_right_left(self):
        organisation = make_buyer_org()
        user = make_member(organisation, Role.BUYER, is_active=False)
        assert not has_role(user, organisation, Role.BUYER)


def test_renaming_is_in_the_journal(at):
    user = make_user()
    services.user_rename(full_name="Autre Nom", by=user, at=at)
    user.refresh_from_db()
    assert user.full_name == "Autre Nom"
    assert Entry.objects.get().action == "accounts.rename_user"
