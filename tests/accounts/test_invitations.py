"""Invitations: who may offer what, to which address, for how long, and what the link opens."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from foundation.accounts import legal, services
from foundation.accounts.enums import ROLES_BY_KIND, InvitationState, Role
from foundation.accounts.invitations import signed
from foundation.accounts.models import Invitation, Membership, User
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tests.accounts.factories import (
    make_buyer_org,
    make_invitation,
    make_member,
    make_organisation,
    make_platform_admin,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db
SECRET = "une phrase assez longue"


@pytest.fixture
def house():
    return make_buyer_org(name="Ville de Test")


@pytest.fixture
def administrator(house):
    return make_member(house, Role.ORG_ADMIN)


def refused(call, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(**kwargs)
    return caught.value


def link_of(invitation):
    return reverse("accounts:invitation_answer", args=[signed(invitation.secret)])


class TestSend:
    def send(self, house, by, at, **changes):
        asked = {
            "email": "Neuve@Example.org",
            "full_name": "Neuve",
            "roles": [Role.PRESCRIBER, Role.PRODUCT_OWNER],
        }
        return services.invitation_send(organisation=house, **{**asked, **changes}, by=by, at=at)[0]

    def test_written_and_nobody_is_a_member_yet(self, house, administrator, at):
        invitation = self.send(house, administrator, at)
        assert (invitation.email, invitation.state) == ("neuve@example.org", "pending")
        assert invitation.expires_at == at + legal.INVITATION_LIFETIME
        assert not User.objects.filter(email="neuve@example.org").exists()
        assert Entry.objects.get().action == "accounts.send_invitation"

    def test_only_a_digest_of_the_secret_is_kept(self, house, administrator):
        invitation = make_invitation(house, administrator)
        row = Invitation.objects.filter(pk=invitation.pk).values().get()
        assert invitation.secret not in str(row)

    def test_by_administrators_only(self, house, at):
        for by in (
            make_member(house, Role.BUYER),
            make_member(make_buyer_org(), Role.ORG_ADMIN),
            make_user(),
        ):
            assert refused(self.send, house=house, by=by, at=at).code == "forbidden"

    def test_the_platform_names_administrators_and_nobody_who_reads_bids(self, house, at):
        by, _second = make_platform_admin(), make_platform_admin()
        for role in set(ROLES_BY_KIND["buyer"]) - {Role.ORG_ADMIN}:
            assert refused(self.send, house=house, by=by, at=at, roles=[role]).reasons[0].field == "roles"
        self.send(house, by, at, roles=[Role.ORG_ADMIN])

    @pytest.mark.parametrize("role", [Role.SUPPLIER, Role.CONCIERGE, Role.PLATFORM_ADMIN])
    def test_a_buyer_house_offers_no_role_of_another_kind(self, house, administrator, at, role):
        refusal = refused(self.send, house=house, by=administrator, at=at, roles=[role])
        assert refusal.reasons[0].field == "roles"

    def test_an_ordinary_administrator_offers_no_platform_role(self, at):
        other = make_organisation("other")
        by = make_member(other, Role.ORG_ADMIN)
        assert refused(self.send, house=other, by=by, at=at, roles=[Role.PLATFORM_ADMIN]).code == "forbidden"

    def test_not_twice_nor_to_a_member(self, house, administrator, at):
        self.send(house, administrator, at)
        assert refused(self.send, house=house, by=administrator, at=at).code == "conflict"
        member = make_member(house, Role.PRESCRIBER)
        refusal = refused(self.send, house=house, by=administrator, at=at, email=member.email)
        assert (refusal.code, refusal.reasons[0].field) == ("conflict", "email")

    def test_at_least_one_role(self, house, administrator, at):
        assert refused(self.send, house=house, by=administrator, at=at, roles=[]).reasons[0].field == "roles"


class TestAnswer:
    def test_a_known_account_takes_the_roles(self, house, administrator, at):
        user = make_user()
        invitation = make_invitation(
            house, administrator, email=user.email, roles=["prescriber", "product_owner"]
        )
        services.invitation_accept(invitation=invitation, by=user, at=at)
        assert has_role(user, house, Role.PRESCRIBER)
        assert has_role(user, house, Role.PRODUCT_OWNER)
        assert Entry.objects.filter(action="accounts.take_role", actor=user).count() == 2
        assert refused(services.invitation_accept, invitation=invitation, by=user, at=at).code == "conflict"

    def test_nobody_else_takes_them(self, house, administrator, at):
        invitation = make_invitation(house, administrator)
        for by in (make_user(), administrator, make_platform_admin()):
            assert (
                refused(services.invitation_accept, invitation=invitation, by=by, at=at).code == "forbidden"
            )
        assert Membership.objects.filter(organisation=house).count() == 1

    def test_too_late_is_refused_before_the_sweep_and_after(self, house, administrator, at):
        user = make_user()
        invitation = make_invitation(house, administrator, email=user.email)
        late = invitation.expires_at
        assert refused(services.invitation_accept, invitation=invitation, by=user, at=late).code == "too_late"
        assert services.invitations_expire(at=late - timedelta(seconds=1)) == 0
        assert services.invitations_expire(at=late) == 1
        assert refused(services.invitation_accept, invitation=invitation, by=user, at=at).code == "conflict"

    def test_what_a_former_administrator_offered_is_not_given(self, house, administrator, at):
        user = make_user()
        invitation = make_invitation(house, administrator, email=user.email)
        administrator.memberships.all().delete()
        refusal = refused(services.invitation_accept, invitation=invitation, by=user, at=at)
        assert "n’administre plus" in str(refusal)

    def test_who_administers_the_platform_joins_no_house(self, house, administrator, at):
        user = make_platform_admin()
        invitation = make_invitation(house, administrator, email=user.email)
        refused(services.invitation_accept, invitation=invitation, by=user, at=at)
        assert not house.memberships.filter(user=user).exists()

    def test_declined_or_revoked_opens_nothing(self, house, administrator, at):
        user = make_user()
        for service, by in ((services.invitation_decline, user), (services.invitation_revoke, administrator)):
            invitation = make_invitation(house, administrator, email=user.email)
            service(invitation=invitation, by=by, at=at)
            assert (
                refused(services.invitation_accept, invitation=invitation, by=user, at=at).code == "conflict"
            )

    def test_sent_again_lives_again(self, house, administrator, at):
        user = make_user()
        invitation = make_invitation(house, administrator, email=user.email)
        services.invitations_expire(at=invitation.expires_at)
        again, secret = services.invitation_send_again(invitation=invitation, by=administrator, at=at)
        assert (again.state, again.expires_at) == ("pending", at + legal.INVITATION_LIFETIME)
        assert secret != invitation.secret
        services.invitation_accept(invitation=again, by=user, at=at)

    def test_postgresql_refuses_a_jump(self, house, administrator, at):
        invitation = make_invitation(house, administrator)
        services.invitation_revoke(invitation=invitation, by=administrator, at=at)
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Invitation.objects.filter(pk=invitation.pk).update(state=InvitationState.PENDING, settled_at=None)
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=at + timedelta(days=1))


class TestLink:
    def test_from_the_message_to_the_dashboard_without_any_account(self, client, house, administrator):
        client.force_login(administrator)
        typed = {"email": "neuve@example.org", "full_name": "Personne Neuve", "roles": ["prescriber"]}
        client.post(reverse("accounts:invitation_send", args=[house.pk]), typed)
        (message,) = mail.outbox
        assert message.to == ["neuve@example.org"]
        link = next(word for word in message.body.split() if word.startswith("http"))
        client.logout()
        content = client.get(link).content.decode()
        assert "Ville de Test" in content
        assert "Douze caractères au moins" in content
        assert "variable inconnue" not in content
        answer = {"full_name": "Personne Neuve", "password1": SECRET, "password2": SECRET}
        response = client.post(link, answer)
        assert response.url == reverse("screens:dashboard")
        user = User.objects.get(email="neuve@example.org")
        assert client.session["_auth_user_id"] == str(user.pk)
        assert EmailAddress.objects.get(user=user).verified
        assert has_role(user, house, Role.PRESCRIBER)
        client.logout()
        assert client.get(link).status_code == 410

    @pytest.mark.parametrize(
        ("typed", "field"),
        [(("court", "court"), "password1"), ((SECRET, "autre phrase longue"), "password2")],
    )
    def test_a_wrong_password_keeps_the_invitation(self, client, house, administrator, typed, field):
        invitation = make_invitation(house, administrator)
        answer = {"full_name": "Personne", "password1": typed[0], "password2": typed[1]}
        response = client.post(link_of(invitation), answer)
        assert response.context["form"].errors[field]
        assert not User.objects.filter(email=invitation.email).exists()

    def test_who_has_an_account_signs_in_first(self, client, house, administrator):
        user = make_user()
        invitation = make_invitation(house, administrator, email=user.email)
        content = client.get(link_of(invitation)).content.decode()
        assert f"{reverse('account_login')}?next={link_of(invitation)}" in content
        client.force_login(user)
        assert "Accepter" in client.get(link_of(invitation)).content.decode()
        client.post(reverse("accounts:invitation_accept", args=[invitation.pk]))
        assert has_role(user, house, Role.PRESCRIBER)

    def test_somebody_else_is_told_to_sign_out(self, client, house, administrator):
        invitation = make_invitation(house, administrator)
        client.force_login(make_user())
        content = client.get(link_of(invitation)).content.decode()
        assert "Déconnectez-vous" in content
        response = client.post(reverse("accounts:invitation_accept", args=[invitation.pk]))
        assert response.status_code == 404

    def test_sent_again_the_former_link_opens_nothing(self, client, house, administrator, at):
        invitation = make_invitation(house, administrator)
        services.invitation_send_again(invitation=invitation, by=administrator, at=at)
        assert client.get(link_of(invitation)).status_code == 410

    @pytest.mark.parametrize("link", ["nonsense", "abc:def", ":"])
    def test_a_made_up_link_costs_no_query(self, client, django_assert_num_queries, link):
        with django_assert_num_queries(0):
            assert client.get(reverse("accounts:invitation_answer", args=[link])).status_code == 410

    def test_reading_the_link_answers_nothing(self, client, house, administrator):
        """Mail servers follow links before people do."""
        invitation = make_invitation(house, administrator)
        for _time in range(3):
            assert client.get(link_of(invitation)).status_code == 200
        assert Invitation.objects.get().state == "pending"

    def test_the_sender_cannot_tell_who_has_an_account(self, client, house, administrator):
        known = make_user()
        client.force_login(administrator)
        answers = []
        for email in (known.email, "personne.nulle.part@example.org"):
            typed = {"email": email, "full_name": "Personne", "roles": ["prescriber"]}
            response = client.post(reverse("accounts:invitation_send", args=[house.pk]), typed, follow=True)
            answers.append(
                (response.status_code, response.content.decode().count("L’invitation est envoyée"))
            )
        assert answers[0] == answers[1] == (200, 1)

    def test_an_invitation_waits_on_the_profile(self, client, house, administrator):
        user = make_user()
        invitation = make_invitation(house, administrator, email=user.email)
        client.force_login(user)
        assert "Ville de Test" in client.get(reverse("accounts:profile")).content.decode()
        client.post(reverse("accounts:invitation_decline", args=[invitation.pk]))
        assert "Ville de Test" not in client.get(reverse("accounts:profile")).content.decode()

    def test_a_firm_never_offers_a_buyer_role_on_screen(self, client):
        firm = make_supplier_org()
        client.force_login(make_member(firm, Role.ORG_ADMIN))
        typed = {"email": "neuve@example.org", "full_name": "Neuve", "roles": ["prescriber"]}
        response = client.post(reverse("accounts:invitation_send", args=[firm.pk]), typed)
        assert response.context["form"].errors["roles"]
