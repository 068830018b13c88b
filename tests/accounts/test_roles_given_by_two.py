"""Roles given from outside a house, or by its only administrator: two people, a message to all, a delay, a veto."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts import legal, services
from foundation.accounts.approvals import services as approvals
from foundation.accounts.enums import ApprovalState, Role
from foundation.accounts.models import Approval, Membership, User
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import (
    make_buyer_org,
    make_member,
    make_platform_admin,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db
WEEK, DELAY = legal.HOUSE_ANSWERS_WITHIN[0].value, legal.OPPOSITION_OPEN_FOR[0].value
SENSITIVE = [Role.BUYER, Role.EVALUATOR, Role.AUDITOR, Role.SIGNATORY, Role.CUSTODIAN, Role.ORG_ADMIN]


class Scene:
    """Two people of the platform, the first of whom names an administrator of a house where a buyer works."""

    def __init__(self, at, *, with_administrator=False, house=None):
        self.at = at
        self.house = house or make_buyer_org(name="Ville de Test")
        self.first, self.second = make_platform_admin(), make_platform_admin()
        self.buyer = make_member(self.house, Role.BUYER, full_name="Nadia Acheteuse")
        self.administrator = make_member(self.house, Role.ORG_ADMIN) if with_administrator else None
        self.named = make_user(full_name="Camille Nommée")
        self.approval = self.ask()

    def ask(self):
        return services.membership_add(
            organisation=self.house, user=self.named, role=Role.ORG_ADMIN, by=self.first, at=self.at
        )

    def confirm(self, by=None, after=timedelta(0)):
        return approvals.approval_confirm(
            approval=self.approval, digest=self.approval.digest, by=by or self.second, at=self.at + after
        )

    def oppose(self, by=None, after=timedelta(0)):
        return approvals.approval_oppose(
            approval=self.approval, reason="personne ne la connaît", by=by or self.buyer, at=self.at + after
        )

    @property
    def counts(self):
        return Membership.objects.filter(user=self.named).exists()

    @property
    def state(self):
        return Approval.objects.get(pk=self.approval.pk).state


@pytest.fixture
def scene(at):
    return Scene(at)


def told(person, kind="accounts.role_announced"):
    return OutboxEmail.objects.filter(kind=kind, recipient=person)


class TestFromOutside:
    def test_nothing_counts_when_it_is_asked_and_everybody_there_is_told(self, scene):
        assert isinstance(scene.approval, Approval)
        assert not scene.counts
        assert "Camille Nommée" in told(scene.buyer).get().context["asked"]

    def test_what_a_second_one_of_the_platform_confirms_counts_after_the_delay_only(self, scene):
        assert scene.confirm().state == ApprovalState.DELAYED
        assert told(scene.buyer).count() == 2
        assert approvals.approvals_take_effect(at=scene.at + DELAY - timedelta(seconds=1)) == 0
        assert not scene.counts
        assert approvals.approvals_take_effect(at=scene.at + DELAY) == 1
        assert scene.counts
        assert scene.state == ApprovalState.CONFIRMED
        assert approvals.approvals_take_effect(at=scene.at + DELAY) == 0
        assert Entry.objects.filter(action="accounts.take_effect_approval").count() == 1

    @pytest.mark.parametrize("confirmed", [False, True])
    def test_anyone_of_the_house_stops_it(self, scene, confirmed):
        if confirmed:
            scene.confirm()
        scene.oppose()
        assert approvals.approvals_take_effect(at=scene.at + DELAY) == 0
        assert not scene.counts
        assert scene.state == ApprovalState.OPPOSED
        line = Entry.objects.get(action="accounts.oppose_approval")
        assert line.actor == scene.buyer
        assert "personne ne la connaît" in line.reason
        assert told(scene.first, "accounts.approval_decided").exists()
        assert told(scene.second, "accounts.approval_decided").exists() == confirmed

    def test_nobody_else_opposes_and_who_asked_does_not_confirm(self, scene):
        for stranger in (scene.named, scene.first, make_member(make_buyer_org(), Role.ORG_ADMIN)):
            with pytest.raises(Refusal):
                scene.oppose(by=stranger)
            with pytest.raises(Refusal):
                scene.confirm(by=stranger)

    def test_once_it_counts_it_is_too_late_to_oppose(self, scene):
        scene.confirm()
        approvals.approvals_take_effect(at=scene.at + DELAY)
        with pytest.raises(Refusal):
            scene.oppose(after=DELAY)

    def test_the_administrator_of_the_house_confirms_at_once(self, at):
        scene = Scene(at, with_administrator=True)
        assert told(scene.administrator, "accounts.approval_asked").exists()
        assert scene.confirm(by=scene.administrator).state == ApprovalState.CONFIRMED
        assert scene.counts

    def test_he_answers_first_and_the_platform_when_he_does_not(self, at):
        scene = Scene(at, with_administrator=True)
        with pytest.raises(Refusal, match="répond d’abord") as refused:
            scene.confirm(after=WEEK - timedelta(seconds=1))
        assert refused.value.code == "too_early"
        assert scene.confirm(after=WEEK).state == ApprovalState.DELAYED
        assert not scene.counts

    def test_a_house_where_nobody_is_yet_needs_two_and_no_delay(self, at):
        first, second = make_platform_admin(), make_platform_admin()
        house = services.organisation_create(
            kind="buyer", name="Neuve", siret="13002526500013", by=first, at=at
        )
        invitation, _secret = services.invitation_send(
            organisation=house,
            email="maire@example.org",
            full_name="Maire",
            roles=["org_admin"],
            by=first,
            at=at,
        )
        mayor = services.invitation_accept_as_new(
            invitation=invitation, full_name="Maire", password="une phrase assez longue", at=at
        )
        asked = Approval.objects.get()
        assert asked.asked_by == first
        approvals.approval_confirm(approval=asked, digest=asked.digest, by=second, at=at)
        assert mayor.memberships.get().role == "org_admin"

    def test_closed_accounts_do_not_make_a_house_empty(self, at):
        """Who closes the accounts of a house does not thereby name its administrator without delay."""
        scene = Scene(at)
        User.objects.filter(pk=scene.buyer.pk).update(is_active=False)
        assert scene.confirm().state == ApprovalState.DELAYED

    @pytest.mark.parametrize("lost", ["first", "second"])
    def test_what_is_no_longer_possible_lapses_and_says_why(self, scene, lost):
        scene.confirm()
        Membership.objects.filter(user=getattr(scene, lost)).delete()
        assert approvals.approvals_take_effect(at=scene.at + DELAY) == 0
        assert not scene.counts
        assert scene.state == ApprovalState.LAPSED
        assert Entry.objects.get(action="accounts.lapse_approval").reason

    def test_alone_on_the_platform_he_is_told_at_once_that_nobody_can_confirm(self, at):
        alone, house = make_platform_admin(), make_buyer_org()
        with pytest.raises(Refusal, match="second administrateur de la plateforme"):
            services.invitation_send(
                organisation=house, email="a@example.org", full_name="A", roles=["org_admin"], by=alone, at=at
            )

    def test_a_firm_is_defended_the_same_way(self, at):
        firm = make_supplier_org()
        scene = Scene(at, house=firm)
        scene.confirm()
        assert not scene.counts


class TestPlatform:
    def test_another_administrator_of_the_platform_is_named_by_two(self, at):
        first = make_platform_admin()
        house, named = first.memberships.get().organisation, make_user()
        with pytest.raises(Refusal, match="se donne à deux"):
            services.membership_add(organisation=house, user=named, role=Role.PLATFORM_ADMIN, by=first, at=at)
        second = make_platform_admin()
        asked = services.membership_add(
            organisation=house, user=named, role=Role.PLATFORM_ADMIN, by=first, at=at
        )
        puppet = make_member(house, Role.ORG_ADMIN)
        with pytest.raises(Refusal):
            approvals.approval_confirm(approval=asked, digest=asked.digest, by=puppet, at=at)
        approvals.approval_confirm(approval=asked, digest=asked.digest, by=second, at=at)
        assert named.memberships.filter(role=Role.PLATFORM_ADMIN).exists()


class TestInside:
    @pytest.mark.parametrize("role", SENSITIVE)
    def test_an_only_administrator_waits_for_the_platform_and_everybody_is_told(self, at, role):
        house, platform = make_buyer_org(), make_platform_admin()
        alone, colleague = make_member(house, Role.ORG_ADMIN), make_member(house, Role.PRESCRIBER)
        named = make_user()
        asked = services.membership_add(organisation=house, user=named, role=role, by=alone, at=at)
        assert not named.memberships.exists()
        assert told(colleague).exists()
        approvals.approval_confirm(approval=asked, digest=asked.digest, by=platform, at=at)
        assert named.memberships.get().role == role

    @pytest.mark.parametrize("role", SENSITIVE)
    def test_two_administrators_confirm_each_other_and_nobody_else_does(self, at, role):
        house, platform = make_buyer_org(), make_platform_admin()
        first, second = (make_member(house, Role.ORG_ADMIN) for _number in range(2))
        named = make_user()
        asked = services.membership_add(organisation=house, user=named, role=role, by=first, at=at)
        with pytest.raises(Refusal):
            approvals.approval_confirm(approval=asked, digest=asked.digest, by=platform, at=at + WEEK)
        approvals.approval_confirm(approval=asked, digest=asked.digest, by=second, at=at)
        assert named.memberships.get().role == role

    def test_a_colleague_stops_what_the_only_administrator_asks(self, at):
        house, _platform = make_buyer_org(), make_platform_admin()
        alone, colleague = make_member(house, Role.ORG_ADMIN), make_member(house, Role.BUYER)
        asked = services.membership_add(
            organisation=house, user=make_user(), role=Role.AUDITOR, by=alone, at=at
        )
        approvals.approval_oppose(approval=asked, reason="inconnu", by=colleague, at=at)
        with pytest.raises(Refusal):
            approvals.approval_confirm(approval=asked, digest=asked.digest, by=_platform, at=at)

    def test_a_role_that_reads_nothing_sealed_is_given_at_once(self, at):
        house = make_buyer_org()
        alone = make_member(house, Role.ORG_ADMIN)
        given = services.membership_add(
            organisation=house, user=make_user(), role=Role.PRESCRIBER, by=alone, at=at
        )
        assert isinstance(given, Membership)

    def test_the_only_administrator_of_a_firm_names_another_alone_two_confirm_each_other(self, at):
        firm = make_supplier_org()
        alone, named = make_member(firm, Role.ORG_ADMIN), make_user()
        assert isinstance(
            services.membership_add(organisation=firm, user=named, role=Role.ORG_ADMIN, by=alone, at=at),
            Membership,
        )
        third = services.membership_add(
            organisation=firm, user=make_user(), role=Role.ORG_ADMIN, by=alone, at=at
        )
        assert isinstance(third, Approval)


class TestPages:
    def test_a_member_reads_until_when_and_opposes(self, scene, client):
        scene.confirm()
        client.force_login(scene.buyer)
        house = client.get(reverse("accounts:organisation_detail", args=[scene.house.pk])).content.decode()
        assert scene.approval.get_absolute_url() in house
        page = client.get(scene.approval.get_absolute_url()).content.decode()
        assert "sauf si une personne de l’organisation s’y oppose" in page
        address = reverse("approvals:oppose", args=[scene.approval.pk])
        assert address in page
        kept = client.post(address, {"reason": ""})
        assert kept.status_code == 200
        done = client.post(address, {"reason": "inconnue ici"}, follow=True).content.decode()
        assert "le rôle n’est pas donné" in done
        assert not scene.counts

    def test_the_second_of_the_platform_reads_from_when_he_may(self, at, client):
        scene = Scene(at, with_administrator=True)
        client.force_login(scene.second)
        page = client.get(scene.approval.get_absolute_url()).content.decode()
        assert "répond d’abord" in page
        assert reverse("approvals:confirm", args=[scene.approval.pk]) not in page

    def test_the_second_confirms_and_reads_when_it_counts(self, at, client):
        scene = Scene(at)
        client.force_login(scene.second)
        waiting = client.get(reverse("approvals:list")).content.decode()
        assert "Camille Nommée" in waiting
        address = reverse("approvals:confirm", args=[scene.approval.pk])
        done = client.post(address, {"digest": scene.approval.digest}, follow=True).content.decode()
        assert "prendra effet le" in done

    def test_who_is_named_sees_what_waits_on_his_profile(self, scene, client):
        client.force_login(scene.named)
        page = client.get(reverse("accounts:profile")).content.decode()
        assert "Rôles qui attendent" in page
        assert "Ville de Test" in page

    def test_a_stranger_neither_sees_nor_opposes(self, scene, client):
        client.force_login(make_member(make_buyer_org(), Role.BUYER))
        assert client.get(scene.approval.get_absolute_url()).status_code == 404
        address = reverse("approvals:oppose", args=[scene.approval.pk])
        assert client.post(address, {"reason": "non"}).status_code == 404


def test_the_api_opposes(scene):
    api = APIClient()
    api.force_authenticate(scene.buyer)
    (row,) = api.get("/api/v1/approvals/").json()["results"]
    assert row["abilities"] == {"confirm": False, "refuse": False, "oppose": True}
    answer = api.post(f"/api/v1/approvals/{row['id']}/oppose/", {"reason": "inconnue"}, format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "opposed"
