"""A firm registers itself by its SIRET; who comes after asks, and is never silently a member."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from foundation.accounts import services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import JoinRequest, Membership, Organisation, Registration, User
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification
from tests.accounts.factories import (
    make_buyer_org,
    make_join_request,
    make_member,
    make_platform_admin,
    make_siret,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db
LA_POSTE = ("35600000000048", "35600000049837")
"""The head office, right by Luhn, and another establishment, whose digits add up to a multiple of five."""


def refused(call, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(**kwargs)
    return caught.value


def register(at, **changes):
    asked = {
        "email": "Nouvelle@Example.org",
        "full_name": "Nour Elle",
        "password": "une phrase assez longue",
        "name": "Coopérative",
        "siret": make_siret(),
    }
    return services.supplier_register(**{**asked, **changes}, at=at)


class TestRegister:
    def test_no_firm_exists_before_the_address_is_proven(self, at):
        user = register(at)
        assert user.email == "nouvelle@example.org"
        assert not Organisation.objects.exists()
        firm = services.registration_complete(user=user, at=at)
        assert firm.kind == OrganisationKind.SUPPLIER
        assert has_role(user, firm, Role.SUPPLIER)
        assert has_role(user, firm, Role.ORG_ADMIN)
        assert not Registration.objects.exists()
        assert Entry.objects.filter(action="accounts.register_supplier", actor=user).exists()
        assert services.registration_complete(user=user, at=at) is None

    def test_a_spaced_siret_is_read(self, at):
        services.registration_complete(user=register(at, siret="130 025 265 00013"), at=at)
        assert Organisation.objects.get().siret == "13002526500013"

    @pytest.mark.parametrize(
        "siret", ["00000000000000", "000 000 000 00000", "11111111111111", "00000000000018"]
    )
    def test_a_number_that_no_register_gives_is_refused(self, at, siret):
        with pytest.raises(Refusal, match="n’existe pas"):
            register(at, siret=siret)

    @pytest.mark.parametrize("siret", LA_POSTE)
    def test_the_post_office_is_read_too(self, at, siret):
        services.registration_complete(user=register(at, siret=siret), at=at)
        assert Organisation.objects.get().siret == siret

    @pytest.mark.parametrize(
        "siret", ["12345678901234", "1300252650001", "", "13002526500014", "35600000049838"]
    )
    def test_a_wrong_siret_writes_nothing(self, at, siret):
        refusal = refused(register, at=at, siret=siret)
        assert {reason.field for reason in refusal.reasons} == {"siret"}
        assert not User.objects.exists()

    def test_a_known_siret_is_not_told_before_the_proof_and_becomes_a_request(self, at):
        firm = make_supplier_org()
        administrator = make_member(firm, Role.ORG_ADMIN)
        user = register(at, siret=firm.siret)
        asked = services.registration_complete(user=user, at=at)
        assert isinstance(asked, JoinRequest)
        assert not Membership.objects.filter(user=user).exists()
        assert list(Notification.objects.values_list("recipient_id", "kind")) == [
            (administrator.pk, "accounts.join_asked")
        ]

    def test_a_buyer_is_not_joined_by_its_siret(self, at):
        user = register(at, siret=make_buyer_org().siret)
        outcome = services.registration_complete(user=user, at=at)
        assert isinstance(outcome, Refusal)
        assert not Membership.objects.filter(user=user).exists()
        assert not JoinRequest.objects.exists()
        assert not Registration.objects.exists()

    def test_two_who_register_the_same_firm_are_not_both_its_administrators(self, at):
        siret = make_siret()
        one = register(at, siret=siret)
        two = register(at, siret=siret, email="seconde@example.org")
        services.registration_complete(user=one, at=at)
        assert isinstance(services.registration_complete(user=two, at=at), JoinRequest)
        assert Membership.objects.filter(role=Role.ORG_ADMIN).count() == 1

    def test_a_known_address_is_refused(self, at):
        make_user(email="nouvelle@example.org")
        refused(register, at=at)
        assert not Registration.objects.exists()

    def test_the_slower_of_two_at_once_is_refused(self, at, monkeypatch):
        """Both passed the check before either wrote: the database decides."""
        taken = make_supplier_org().siret
        monkeypatch.setattr(Organisation, "full_clean", lambda self: None)
        user = make_user()
        refusal = refused(_create, siret=taken, by=user, at=at)
        assert (refusal.reasons[0].field, refusal.code) == ("siret", "conflict")


class TestForgetting:
    """J9: what was typed for an address that nobody proved does not stay."""

    LATER = timedelta(days=31)

    def test_what_was_typed_goes_and_the_address_may_register_again(self, at):
        user = register(at)
        assert services.registrations_forget(at=at + timedelta(days=29)) == 0
        assert services.registrations_forget(at=at + self.LATER) == 1
        assert services.registrations_forget(at=at + self.LATER) == 0
        user.refresh_from_db()
        assert not user.is_active
        assert "nouvelle@example.org" not in user.email
        assert not user.has_usable_password()
        assert not Registration.objects.exists()
        entry = Entry.objects.get(action="accounts.forget_registration")
        assert (entry.actor, entry.object_id) == (None, str(user.pk))
        assert register(at + self.LATER).is_active

    def test_a_proven_address_or_one_that_signed_in_is_kept(self, at):
        proven = register(at)
        EmailAddress.objects.create(user=proven, email=proven.email, primary=True, verified=True)
        came = register(at, siret=make_siret(), email="seconde@example.org")
        User.objects.filter(pk=came.pk).update(last_login=at)
        assert services.registrations_forget(at=at + self.LATER) == 0
        assert Registration.objects.count() == 2


def _create(**fields):
    from foundation.accounts.services.organisations import supplier_create

    return supplier_create(name="Coopérative", **fields)


class TestAnswer:
    def test_let_in_with_the_roles_chosen_and_told(self, at):
        firm, user = make_supplier_org(), make_user()
        administrator = make_member(firm, Role.ORG_ADMIN)
        asked = make_join_request(firm, user)
        services.join_request_accept(join_request=asked, roles=[Role.SUPPLIER], by=administrator, at=at)
        assert has_role(user, firm, Role.SUPPLIER)
        assert not has_role(user, firm, Role.ORG_ADMIN)
        assert Notification.objects.get(recipient=user).kind == "accounts.join_decided"
        again = {"join_request": asked, "roles": [Role.SUPPLIER], "by": administrator, "at": at}
        assert refused(services.join_request_accept, **again).code == "conflict"

    def test_refused_or_withdrawn_gives_nothing(self, at):
        firm, user = make_supplier_org(), make_user()
        administrator = make_member(firm, Role.ORG_ADMIN)
        for service, by in (
            (services.join_request_refuse, administrator),
            (services.join_request_withdraw, user),
        ):
            service(join_request=make_join_request(firm, user), by=by, at=at)
        assert not firm.memberships.filter(user=user).exists()
        assert not JoinRequest.objects.filter(state="pending").exists()

    def test_never_answered_by_who_asks_nor_by_strangers(self, at):
        firm, user = make_supplier_org(), make_user()
        asked = make_join_request(firm, user)
        for by in (user, make_member(firm, Role.SUPPLIER), make_member(make_supplier_org(), Role.ORG_ADMIN)):
            refusal = refused(
                services.join_request_accept, join_request=asked, roles=[Role.SUPPLIER], by=by, at=at
            )
            assert refusal.code == "forbidden"
        services.join_request_refuse(join_request=asked, by=make_platform_admin(), at=at)

    def test_no_buyer_role_in_a_firm(self, at):
        firm = make_supplier_org()
        asked = make_join_request(firm, make_user())
        by = make_member(firm, Role.ORG_ADMIN)
        for roles in ([Role.BUYER], []):
            refused(services.join_request_accept, join_request=asked, roles=roles, by=by, at=at)
        asked.refresh_from_db()
        assert asked.state == "pending"


class TestScreens:
    def enter(self, client, siret, **changes):
        typed = {"name": "Coopérative", "siret": siret, "message": "Je tiens la comptabilité.", **changes}
        return client.post(reverse("accounts:firm_enter"), typed, follow=True)

    def test_a_known_firm_is_asked_and_shows_nothing_of_its_people(self, client):
        firm = make_supplier_org(name="Atelier Connu")
        administrator = make_member(firm, Role.ORG_ADMIN)
        user = make_user()
        client.force_login(user)
        content = self.enter(client, firm.siret).content.decode()
        assert "transmise" in content
        assert administrator.full_name not in content
        assert client.get(reverse("accounts:organisation_detail", args=[firm.pk])).status_code == 404
        assert "déjà transmise" in self.enter(client, firm.siret).content.decode()
        client.force_login(administrator)
        page = client.get(reverse("accounts:organisation_detail", args=[firm.pk])).content.decode()
        assert "Je tiens la comptabilité." in page
        assert "variable inconnue" not in page
        url = reverse("accounts:join_request_accept", args=[JoinRequest.objects.get().pk])
        assert user.email in client.get(url).content.decode()
        client.post(url, {"roles": ["supplier"]})
        assert has_role(user, firm, Role.SUPPLIER)
        assert client.get(url).status_code == 404

    def test_a_new_firm_is_one_s_own_second_organisation(self, client):
        user = make_member(make_supplier_org(), Role.SUPPLIER)
        client.force_login(user)
        assert "vous l’administrez" in self.enter(client, make_siret()).content.decode()
        assert Organisation.objects.filter(memberships__user=user).distinct().count() == 2

    def test_who_administers_the_platform_registers_no_firm(self, client):
        client.force_login(make_platform_admin())
        response = self.enter(client, make_siret())
        assert response.context["form"].errors
        assert not Organisation.objects.filter(kind="supplier").exists()

    def test_the_first_sign_in_after_the_proof_registers_the_firm(self, client, at):
        user = register(at)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        typed = {"login": user.email, "password": "une phrase assez longue"}
        client.post(reverse("account_login"), typed)
        assert Organisation.objects.get().memberships.filter(user=user, role=Role.ORG_ADMIN).exists()

    def test_one_s_request_waits_on_the_profile_and_may_be_withdrawn(self, client):
        firm, user = make_supplier_org(name="Atelier Connu"), make_user()
        asked = make_join_request(firm, user)
        client.force_login(user)
        assert "Atelier Connu" in client.get(reverse("accounts:profile")).content.decode()
        client.post(reverse("accounts:join_request_withdraw", args=[asked.pk]))
        assert "Atelier Connu" not in client.get(reverse("accounts:profile")).content.decode()
