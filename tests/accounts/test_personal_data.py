"""One's own data: given whole in constant statements; erased when one leaves, but for what the law keeps."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts import services
from foundation.accounts.approvals import services as approvals
from foundation.accounts.enums import Role
from foundation.accounts.models import Approval, Delegation, Membership, User
from foundation.accounts.personal import export, registry
from foundation.accounts.personal.services import erasure_ask, user_erase
from foundation.api.services import token_create
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification, OutboxEmail
from tests.accounts.factories import (
    make_buyer_org,
    make_delegation,
    make_invitation,
    make_member,
    make_platform_admin,
    make_session,
    make_user,
)
from tests.accounts.sessions import make_stale
from tests.tenders.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_buyer_org(name="Ville de Test")


@pytest.fixture
def person(house, at):
    """Somebody about whom there is something in most sections."""
    user = make_member(house, Role.BUYER, Role.SIGNATORY, full_name="Nadia Unique", email="nadia@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    make_delegation(user, make_member(house, Role.PRESCRIBER), house, Role.SIGNATORY)
    make_session(user)
    make_invitation(make_buyer_org(), None, email=user.email, full_name="Nadia Unique")
    services.user_rename(full_name="Nadia Unique", by=user, at=at)
    token_create(name="Mon export", scopes=["read"], lifetime_days=7, by=user, at=at)
    return user


def held_of(user, at):
    return json.loads("".join(export.lines(user, at=at)))["donnees"]


def confirm(approval, by, at):
    return approvals.approval_confirm(approval=approval, digest=approval.digest, by=by, at=at)


class TestExport:
    def test_says_what_is_held(self, person, at):
        held = held_of(person, at)
        assert held["compte"]["lignes"][0]["adresse"] == "nadia@example.org"
        assert {row["role"] for row in held["roles"]["lignes"]} == {"Acheteur", "Signataire"}
        assert held["delegations"]["lignes"][0]["organisation__name"] == "Ville de Test"
        assert held["sessions"]["lignes"][0]["ip"] == "192.0.2.17"
        assert held["jetons"]["lignes"][0]["name"] == "Mon export"
        assert "a changé son nom" in [row["acte"] for row in held["actes"]["lignes"]]
        assert "17.3" in held["actes"]["conserve_parce_que"]

    def test_says_nothing_of_somebody_else(self, person, at):
        other = make_user(email="autre@example.org")
        text = "".join(export.lines(other, at=at))
        assert "nadia@example.org" not in text
        assert "Nadia Unique" not in text

    def test_costs_the_same_for_many_lines(self, person, at, django_assert_num_queries):
        each_but_the_account = len(registry.sections()) - 1
        with django_assert_num_queries(each_but_the_account):
            held_of(person, at)
        for number in range(20):
            services.user_rename(full_name=f"Nadia {number}", by=person, at=at)
        with django_assert_num_queries(each_but_the_account):
            assert len(held_of(person, at)["actes"]["lignes"]) > 20

    def test_the_page_leads_to_the_file_after_a_fresh_sign_in(self, person, client):
        client.force_login(person)
        page = client.get(reverse("accounts:my_data")).content.decode()
        assert reverse("accounts:my_data_download") in page
        answer = client.get(reverse("accounts:my_data_download"))
        assert "attachment" in answer["Content-Disposition"]
        assert json.loads(answer.getvalue())["personne"] == "Nadia Unique"
        make_stale(client)
        assert client.get(reverse("accounts:my_data_download")).status_code == 302

    def test_the_api_gives_the_same(self, person):
        api = APIClient()
        api.force_authenticate(person)
        assert json.loads(api.get("/api/v1/me/data/").getvalue())["personne"] == "Nadia Unique"


class TestErasure:
    def test_nothing_names_the_person_any_more_but_what_the_law_keeps(self, person, at):
        before = Entry.objects.count()
        user_erase(user=person, reason="départ", by=make_platform_admin(), at=at)
        gone = User.objects.get(pk=person.pk)
        assert (gone.is_active, gone.is_erased, gone.full_name) == (False, True, "Personne effacée")
        held = held_of(gone, at)
        for section in registry.sections():
            if not section.kept_because:
                assert all("nadia" not in json.dumps(row).lower() for row in held[section.code]["lignes"]), (
                    section.code
                )
        for code in ("adresses", "roles", "sessions", "jetons", "messages", "preferences"):
            assert held[code]["lignes"] == [], code
        assert held["actes"]["lignes"], "the journal keeps its lines"
        assert Entry.objects.count() > before
        assert Entry.objects.get(action="accounts.erase_user").reason == "départ"
        assert Delegation.objects.get().revoked_at is not None
        assert not OutboxEmail.objects.filter(recipient=gone).exists()
        assert not Notification.objects.filter(recipient=gone).exists()

    def test_asked_by_oneself_and_confirmed_by_the_platform(self, person, at):
        platform = make_platform_admin()
        asked = erasure_ask(user=person, reason="je pars", by=person, at=at)
        assert isinstance(asked, Approval)
        assert "nadia" not in json.dumps(asked.facts).lower()
        with pytest.raises(Refusal):
            confirm(asked, person, at)
        confirm(asked, platform, at)
        assert User.objects.get(pk=person.pk).is_erased
        asked.refresh_from_db()
        assert asked.object_label == "Personne effacée"

    def test_asked_by_the_platform_and_confirmed_by_a_second(self, person, at):
        first, second = make_platform_admin(), make_platform_admin()
        asked = erasure_ask(user=person, reason="départ", by=first, at=at)
        assert not User.objects.get(pk=person.pk).is_erased
        confirm(asked, second, at)
        assert User.objects.get(pk=person.pk).is_erased

    def test_nobody_else_asks(self, person, house, at):
        for stranger in (make_member(house, Role.ORG_ADMIN), make_user()):
            with pytest.raises(Refusal) as refused:
                erasure_ask(user=person, reason="non", by=stranger, at=at)
            assert refused.value.code == "forbidden"

    def test_not_the_only_administrator_of_a_house(self, house, at):
        alone = make_member(house, Role.ORG_ADMIN)
        make_platform_admin()
        with pytest.raises(Refusal, match="administre seule Ville de Test"):
            erasure_ask(user=alone, reason="je pars", by=alone, at=at)
        make_member(house, Role.ORG_ADMIN)
        assert isinstance(erasure_ask(user=alone, reason="je pars", by=alone, at=at), Approval)

    def test_not_a_custodian_of_bids_that_are_not_opened(self, at):
        make_platform_admin()
        tender = make_published()
        custodian = tender.custodians.first()
        with pytest.raises(Refusal, match=tender.reference):
            erasure_ask(user=custodian, reason="je pars", by=custodian, at=at)

    def test_an_erased_account_is_neither_erased_again_nor_opened(self, person, at):
        platform = make_platform_admin()
        user_erase(user=person, reason="départ", by=platform, at=at)
        gone = User.objects.get(pk=person.pk)
        for act in (user_erase, services.user_activate):
            with pytest.raises(Refusal, match="effacées"):
                act(user=gone, reason="retour", by=platform, at=at)

    def test_the_address_may_open_another_account(self, person, at):
        user_erase(user=person, reason="départ", by=make_platform_admin(), at=at)
        again = services.user_create(email="nadia@example.org", full_name="Nadia", by=None, at=at)
        assert not Membership.objects.filter(user=again).exists()

    def test_what_it_made_still_reads(self, at, client):
        """A consultation keeps its author, without the name."""
        tender = make_draft()
        author = tender.created_by
        user_erase(user=author, reason="départ", by=make_platform_admin(), at=at)
        client.force_login(make_member(tender.buyer, Role.BUYER))
        assert client.get(reverse("tenders:manage", args=[tender.pk])).status_code == 200


class TestPages:
    def test_one_asks_for_oneself(self, person, client):
        make_platform_admin()
        client.force_login(person)
        address = reverse("accounts:erasure_ask", args=[person.pk])
        page = client.get(address).content.decode()
        assert "art. 17.3" in page
        done = client.post(address, {"reason": "je pars"})
        assert done.url == Approval.objects.get().get_absolute_url()
        assert "Conservé" in client.get(done.url).content.decode()

    def test_the_platform_asks_for_who_left_and_others_see_nothing(self, person, client):
        first, _second = make_platform_admin(), make_platform_admin()
        address = reverse("accounts:erasure_ask", args=[person.pk])
        client.force_login(first)
        assert address in client.get(reverse("accounts:user_detail", args=[person.pk])).content.decode()
        assert client.post(address, {"reason": "départ"}).status_code == 302
        client.force_login(make_user())
        assert client.get(address).status_code == 404

    def test_a_refusal_is_told_on_the_page(self, house, client):
        alone = make_member(house, Role.ORG_ADMIN)
        make_platform_admin()
        client.force_login(alone)
        answer = client.post(reverse("accounts:erasure_ask", args=[alone.pk]), {"reason": "je pars"})
        assert answer.status_code == 200
        assert "administre seule" in answer.content.decode()

    def test_the_api_asks_too(self, person):
        make_platform_admin()
        api = APIClient()
        api.force_authenticate(person)
        answer = api.post("/api/v1/me/erase/", {"reason": "je pars"}, format="json")
        assert answer.status_code == 202, answer.content
        assert answer.json()["state"] == "asked"
