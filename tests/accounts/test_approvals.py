"""Four eyes: asked by one, done when another confirms exactly what was asked (V2.3.5, X5, C1, G6)."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.db.utils import DatabaseError, IntegrityError, InternalError
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts.approvals import actions, registry, rules, services
from foundation.accounts.approvals.registry import ApprovalAction
from foundation.accounts.enums import ApprovalState, Role
from foundation.accounts.models import Approval, Delegation, Membership
from foundation.accounts.selectors import has_role
from foundation.accounts.services import (
    invitation_accept_as_new,
    invitation_send,
    membership_add,
    user_activate,
    user_deactivate,
)
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import make_buyer_org, make_member, make_organisation, make_user
from tests.accounts.sessions import make_stale
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


class Scene:
    """An organisation with two administrators, the first of whom asks a role for somebody."""

    def __init__(self, at, role=Role.SIGNATORY):
        self.at = at
        self.organisation = make_buyer_org()
        self.first = make_member(self.organisation, Role.ORG_ADMIN, full_name="Alix Première")
        self.second = make_member(self.organisation, Role.ORG_ADMIN, full_name="Benoît Second")
        self.person = make_member(self.organisation, Role.BUYER, full_name="Chloé Tierce")
        self.approval = membership_add(
            organisation=self.organisation, user=self.person, role=role, by=self.first, at=at
        )

    def confirm(self, by=None, **changes):
        typed = {"digest": self.approval.digest, "at": self.at, **changes}
        return services.approval_confirm(approval=self.approval, by=by or self.second, **typed)

    def holds(self, role=Role.SIGNATORY):
        return Membership.objects.filter(user=self.person, role=role).exists()


@pytest.fixture
def scene(at):
    return Scene(at)


class TestWhenItIsAsked:
    @pytest.mark.parametrize("role", [Role.SIGNATORY, Role.CUSTODIAN])
    def test_a_role_that_signs_or_opens_waits(self, at, role):
        scene = Scene(at, role)
        assert isinstance(scene.approval, Approval)
        assert not scene.holds(role)

    def test_another_role_does_not(self, scene, at):
        given = membership_add(
            organisation=scene.organisation, user=scene.person, role=Role.PRESCRIBER, by=scene.first, at=at
        )
        assert isinstance(given, Membership)

    def test_the_same_request_does_not_wait_twice(self, scene, at):
        with pytest.raises(Refusal, match="attend déjà"):
            membership_add(
                organisation=scene.organisation, user=scene.person, role=Role.SIGNATORY, by=scene.first, at=at
            )

    def test_a_role_offered_by_an_invitation_waits_too_in_the_name_of_who_invited(self, scene, at):
        invitation, _secret = invitation_send(
            organisation=scene.organisation,
            email="neuve@example.org",
            full_name="Neuve Recrue",
            roles=["prescriber", "custodian"],
            by=scene.first,
            at=at,
        )
        new = invitation_accept_as_new(
            invitation=invitation, full_name="Neuve Recrue", password="une phrase assez longue", at=at
        )
        assert list(new.memberships.values_list("role", flat=True)) == ["prescriber"]
        approval = Approval.objects.get(facts__change__user=new.pk)
        assert approval.asked_by == scene.first
        services.approval_confirm(approval=approval, digest=approval.digest, by=scene.second, at=at)
        assert new.memberships.filter(role="custodian").exists()

    def test_the_others_are_told_and_the_journal_knows(self, scene):
        assert OutboxEmail.objects.get(kind="accounts.approval_asked").recipient == scene.second
        line = Entry.objects.get(action="accounts.ask_approval")
        assert line.actor == scene.first
        assert line.object_id == str(scene.organisation.pk)

    def test_an_account_is_reopened_by_two_administrators_of_the_platform(self, at):
        platform = make_organisation("other")
        first, second = (make_member(platform, Role.PLATFORM_ADMIN) for _number in range(2))
        user = make_user()
        user_deactivate(user=user, reason="départ", by=first, at=at)
        user.refresh_from_db()
        user_activate(user=user, reason="retour", by=first, at=at)
        user.refresh_from_db()
        assert not user.is_active
        approval = Approval.objects.get()
        services.approval_confirm(approval=approval, digest=approval.digest, by=second, at=at)
        user.refresh_from_db()
        assert user.is_active


class TestConfirmation:
    def test_does_the_act_and_names_both(self, scene):
        scene.confirm()
        assert scene.holds()
        scene.approval.refresh_from_db()
        assert scene.approval.state == ApprovalState.CONFIRMED
        line = Entry.objects.get(action="accounts.confirm_approval")
        assert line.actor == scene.second
        assert "Alix Première" in line.reason
        assert "Benoît Second" in line.reason
        assert Entry.objects.filter(action="accounts.add_membership", actor=scene.first).exists()
        assert OutboxEmail.objects.get(kind="accounts.approval_decided").recipient == scene.first

    def test_never_by_who_asked(self, scene):
        with pytest.raises(Refusal):
            scene.confirm(by=scene.first)
        assert not scene.holds()

    def test_never_by_somebody_without_the_role(self, scene):
        for stranger in (scene.person, make_user(), make_member(make_buyer_org(), Role.ORG_ADMIN)):
            with pytest.raises(Refusal):
                scene.confirm(by=stranger)

    def test_the_database_itself_refuses_one_person_for_two(self, scene):
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.update(state="confirmed", decided_by=scene.first, decided_at=scene.at)

    def test_is_refused_when_the_situation_changed(self, scene):
        scene.person.is_active = False
        scene.person.save()
        with pytest.raises(Refusal, match="a changé"):
            scene.confirm()
        assert not scene.holds()

    def test_is_refused_for_facts_that_were_not_read(self, scene):
        with pytest.raises(Refusal, match="a changé"):
            scene.confirm(digest="0" * 64)

    def test_is_refused_when_who_asked_lost_the_right(self, scene):
        scene.first.memberships.filter(role=Role.ORG_ADMIN).delete()
        with pytest.raises(Refusal):
            scene.confirm()
        scene.approval.refresh_from_db()
        assert scene.approval.state == ApprovalState.ASKED
        assert not scene.holds()

    def test_is_refused_past_its_term(self, scene):
        with pytest.raises(Refusal, match="caduque"):
            scene.confirm(at=scene.approval.lapses_at)

    def test_the_facts_are_frozen_in_the_database(self, scene):
        with as_owner(), pytest.raises((InternalError, DatabaseError)), transaction.atomic():
            Approval.objects.update(facts={"change": {"role": "org_admin"}})

    def test_a_decision_is_not_taken_back(self, scene):
        services.approval_refuse(approval=scene.approval, reason="non", by=scene.second, at=scene.at)
        with pytest.raises(Refusal):
            scene.confirm()
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
            Approval.objects.update(state="asked", decided_by=None, decided_at=None)


class TestDelegations:
    """X5, with a role that may be lent: administrators may not lend theirs."""

    @pytest.fixture(autouse=True)
    def _act(self, monkeypatch):
        action = ApprovalAction(
            code="tests.act",
            label="Agir",
            roles=(Role.SIGNATORY,),
            state_of=lambda obj, change: {"name": obj.name},
            describe=lambda facts: [],
            perform=lambda *args, **kwargs: None,
        )
        monkeypatch.setitem(registry._ACTIONS, action.code, action)

    @pytest.fixture
    def office(self, at):
        organisation = make_buyer_org()
        first, second = (make_member(organisation, Role.SIGNATORY) for _number in range(2))
        return organisation, first, second, make_member(organisation, Role.BUYER)

    def lend(self, organisation, principal, delegate, at):
        Delegation.objects.create(
            principal=principal,
            delegate=delegate,
            organisation=organisation,
            role=Role.SIGNATORY,
            given_at=at - timedelta(days=1),
            starts_at=at - timedelta(days=1),
            ends_at=at + timedelta(days=5),
        )
        return get_user_model().objects.get(pk=delegate.pk)

    def ask(self, organisation, by, at):
        assert has_role(by, organisation, Role.SIGNATORY)
        return services.approval_ask(
            action="tests.act", obj=organisation, change={}, organisation=organisation, by=by, at=at
        )

    def confirm(self, approval, by, at):
        return services.approval_confirm(approval=approval, digest=approval.digest, by=by, at=at)

    def test_never_by_a_delegate_of_who_asked(self, office, at):
        organisation, first, _second, other = office
        approval = self.ask(organisation, first, at)
        delegate = self.lend(organisation, first, other, at)
        assert not rules.can_confirm_approval(delegate, approval)
        with pytest.raises(Refusal):
            self.confirm(approval, delegate, at)

    def test_by_the_delegate_of_somebody_else(self, office, at):
        organisation, first, second, other = office
        approval = self.ask(organisation, first, at)
        delegate = self.lend(organisation, second, other, at)
        assert self.confirm(approval, delegate, at).state == ApprovalState.CONFIRMED

    def test_never_by_the_person_for_whom_a_delegate_asked(self, office, at):
        organisation, first, second, other = office
        delegate = self.lend(organisation, first, other, at)
        approval = self.ask(organisation, delegate, at)
        assert approval.asked_for == first
        with pytest.raises(Refusal):
            self.confirm(approval, first, at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.update(state="confirmed", decided_by=first, decided_at=at)
        assert self.confirm(approval, second, at).state == ApprovalState.CONFIRMED

    def test_ones_own_role_counts_before_a_role_received(self, office, at):
        organisation, first, second, _other = office
        approval = self.ask(organisation, first, at)
        both = self.lend(organisation, first, second, at)
        assert self.confirm(approval, both, at).state == ApprovalState.CONFIRMED


class TestRefusalAndTerm:
    def test_the_reason_is_told_to_who_asked(self, scene):
        services.approval_refuse(approval=scene.approval, reason="pas encore", by=scene.second, at=scene.at)
        mail = OutboxEmail.objects.get(kind="accounts.approval_decided")
        assert mail.recipient == scene.first
        assert mail.context["decision_reason"] == "pas encore"
        assert not scene.holds()

    def test_the_sweep_ends_what_nobody_decided(self, scene):
        assert services.approvals_lapse(at=scene.at) == 0
        assert services.approvals_lapse(at=scene.at + services.LAPSES_AFTER) == 1
        scene.approval.refresh_from_db()
        assert scene.approval.state == ApprovalState.LAPSED
        assert Entry.objects.filter(action="accounts.lapse_approval").count() == 1
        assert services.approvals_lapse(at=scene.at + services.LAPSES_AFTER) == 0


class TestPages:
    def test_the_second_reads_the_frozen_facts_and_confirms(self, scene, client):
        client.force_login(scene.second)
        dashboard = client.get(reverse("screens:dashboard")).content.decode()
        assert scene.approval.get_absolute_url() in dashboard
        listed = client.get(reverse("approvals:list")).content.decode()
        assert "Chloé Tierce" in dashboard
        assert listed.count("Chloé Tierce") == 2, "on the card and in the table: two requests are told apart"
        page = client.get(scene.approval.get_absolute_url()).content.decode()
        assert "Chloé Tierce" in page
        assert "Signataire" in page
        assert "variable inconnue" not in page
        done = client.post(
            reverse("approvals:confirm", args=[scene.approval.pk]),
            {"digest": scene.approval.digest},
            follow=True,
        )
        assert "confirmé et fait" in done.content.decode()
        assert scene.holds()

    def test_who_asked_sees_who_may_confirm_but_no_button(self, scene, client):
        client.force_login(scene.first)
        page = client.get(scene.approval.get_absolute_url()).content.decode()
        assert "Benoît Second" in page
        assert reverse("approvals:confirm", args=[scene.approval.pk]) not in page
        assert client.post(reverse("approvals:confirm", args=[scene.approval.pk])).status_code == 404

    def test_a_stranger_does_not_know_it_exists(self, scene, client):
        client.force_login(make_member(make_buyer_org(), Role.ORG_ADMIN))
        assert client.get(scene.approval.get_absolute_url()).status_code == 404

    def test_confirming_needs_a_fresh_sign_in(self, scene, client):
        client.force_login(scene.second)
        make_stale(client)
        response = client.post(
            reverse("approvals:confirm", args=[scene.approval.pk]), {"digest": scene.approval.digest}
        )
        assert response.url.startswith(reverse("account_reauthenticate"))
        assert not scene.holds()

    def test_a_refusal_without_reason_keeps_the_page(self, scene, client):
        client.force_login(scene.second)
        response = client.post(reverse("approvals:refuse", args=[scene.approval.pk]), {})
        assert response.status_code == 200
        assert response.context["form"].errors["reason"]
        client.post(reverse("approvals:refuse", args=[scene.approval.pk]), {"reason": "non"})
        scene.approval.refresh_from_db()
        assert scene.approval.state == ApprovalState.REFUSED

    def test_giving_the_role_leads_to_the_request(self, at, client):
        scene = Scene(at, Role.CUSTODIAN)
        client.force_login(scene.first)
        address = reverse("accounts:member_add", args=[scene.organisation.pk, scene.person.pk])
        response = client.post(address, {"role": "signatory"})
        assert response.url == Approval.objects.latest("pk").get_absolute_url()

    def test_the_list_costs_the_same_for_many(self, at, client, django_assert_max_num_queries):
        scene = Scene(at)
        for _number in range(6):
            membership_add(
                organisation=scene.organisation,
                user=make_user(),
                role=Role.SIGNATORY,
                by=scene.first,
                at=at,
            )
        client.force_login(scene.second)
        with django_assert_max_num_queries(12):
            page = client.get(reverse("approvals:list")).content.decode()
        assert page.count("Donner un rôle qui lit") >= 14


class TestApi:
    def test_lists_and_confirms(self, scene):
        api = APIClient()
        api.force_authenticate(scene.second)
        (row,) = api.get("/api/v1/approvals/").json()["results"]
        assert row["abilities"] == {"confirm": True, "refuse": True, "oppose": False}
        assert row["facts"]["change"]["role"] == "signatory"
        response = api.post(
            f"/api/v1/approvals/{row['id']}/confirm/", {"digest": row["digest"]}, format="json"
        )
        assert response.status_code == 200, response.content
        assert scene.holds()

    def test_who_asked_is_refused(self, scene):
        api = APIClient()
        api.force_authenticate(scene.first)
        address = f"/api/v1/approvals/{scene.approval.pk}/confirm/"
        response = api.post(address, {"digest": scene.approval.digest}, format="json")
        assert response.status_code == 403


def _both_confirm(approval, people, *, confirm):
    """How many of two confirmations at the same instant did the act."""
    done, barrier = [], threading.Barrier(len(people))

    def run(person):
        try:
            barrier.wait(10)
            confirm(approval=approval, digest=approval.digest, by=person, at=now())
            done.append(person)
        except (Refusal, DatabaseError):
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(done)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def prepared(self, at, monkeypatch):
        """A request, its two confirmers, and an act that only counts itself."""
        scene = Scene(at)
        third = make_member(scene.organisation, Role.ORG_ADMIN)
        counted = []
        action = actions.registry.find(actions.GIVE_ROLE)
        monkeypatch.setitem(
            actions.registry._ACTIONS,
            actions.GIVE_ROLE,
            type(action)(**{**_fields(action), "perform": lambda *a, **k: counted.append(1)}),
        )
        return scene, [scene.second, third], counted

    def test_two_confirmations_do_it_once(self, at, monkeypatch):
        scene, people, counted = self.prepared(at, monkeypatch)
        assert _both_confirm(scene.approval, people, confirm=services.approval_confirm) == 1
        assert len(counted) == 1

    def test_without_the_lock_it_would_be_done_twice(self, at, monkeypatch):
        """Negative control: the row is read without being locked, so that both see it waiting."""
        scene, people, counted = self.prepared(at, monkeypatch)
        both_have_read = threading.Barrier(2)

        def read(approval):
            row = Approval.objects.select_related("asked_by", "asked_for", "organisation").get(pk=approval.pk)
            both_have_read.wait(10)
            return row

        monkeypatch.setattr(services, "_locked", read)
        monkeypatch.setattr(services, "_object_of", lambda approval: scene.organisation)
        _both_confirm(scene.approval, people, confirm=services.approval_confirm)
        assert len(counted) == 2


def _fields(action):
    return {name: getattr(action, name) for name in action.__dataclass_fields__}
