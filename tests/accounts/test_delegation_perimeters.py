"""X5 of the trust file: a role lent for one object opens that object and nothing else, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.accounts import perimeters, services
from foundation.accounts.enums import Role
from foundation.accounts.models import Delegation
from foundation.accounts.second_factor import is_required
from foundation.accounts.selectors import (
    forget_roles,
    has_role,
    holds,
    lent_to,
    organisation_ids,
    principal_for,
    roles_held,
    users_with_role,
)
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from framework_agreements import rules as agreement_rules
from needs import rules as need_rules
from needs.models import PurchaseProject
from tenders import rules as tender_rules
from tenders import services as tenders
from tests.accounts.factories import make_delegation, make_member
from tests.framework_agreements.factories import make_order, make_world
from tests.needs.factories import make_project
from tests.tenders.factories import make_bid, make_draft, make_published, open_bids

pytestmark = pytest.mark.django_db


def lend(principal, delegate, role, obj, **fields):
    """A role lent for `obj` only, as of yesterday."""
    organisation = fields.pop("organisation", None) or getattr(obj, "buyer", None) or obj.organisation
    made = make_delegation(
        principal,
        delegate,
        organisation,
        role,
        perimeter_type=obj._meta.label,
        perimeter_id=str(obj.pk),
        perimeter_label=str(obj),
        **fields,
    )
    forget_roles(delegate)
    return made


@pytest.fixture
def two():
    """Two consultations in preparation of one buyer, its signatory, and who has no role that opens them."""
    first = make_draft()
    second = make_draft(organisation=first.buyer)
    auditor = make_member(first.buyer, Role.ELECTED)
    return first, second, make_member(first.buyer, Role.BUYER), auditor


class TestOneObject:
    def test_opens_it_and_not_its_neighbour(self, two):
        first, second, buyer, delegate = two
        assert not tender_rules.can_edit_tender(delegate, first)
        lend(buyer, delegate, Role.BUYER, first)
        assert tender_rules.can_edit_tender(delegate, first)
        assert tender_rules.can_publish_tender(delegate, first)
        assert not tender_rules.can_edit_tender(delegate, second)
        assert not tender_rules.works_for_buyer(delegate, second)
        assert list(tender_rules.tenders_visible_to(delegate)) == [first]

    def test_a_rule_that_names_no_object_never_counts_it(self, two):
        first, _second, buyer, delegate = two
        lend(buyer, delegate, Role.BUYER, first)
        assert not has_role(delegate, first.buyer, Role.BUYER)
        assert not holds(delegate, Role.BUYER)
        assert organisation_ids(delegate, Role.BUYER) == set()
        assert Role.BUYER not in {one.role for one in roles_held(delegate)}
        assert delegate not in users_with_role(first.buyer, Role.BUYER)
        assert delegate in users_with_role(first.buyer, Role.BUYER, about=first)

    def test_an_object_that_no_stage_declared_lies_nowhere(self, two):
        first, _second, buyer, delegate = two
        lend(buyer, delegate, Role.BUYER, first)
        assert not has_role(delegate, first.buyer, Role.BUYER, about=first.buyer)

    def test_the_same_key_of_another_kind_is_another_object(self, two):
        first, _second, buyer, delegate = two
        make_delegation(
            buyer,
            delegate,
            first.buyer,
            Role.BUYER,
            perimeter_type="framework_agreements.FrameworkAgreement",
            perimeter_id=str(first.pk),
        )
        assert not tender_rules.can_edit_tender(delegate, first)

    def test_never_in_another_house(self, two):
        first, _second, buyer, delegate = two
        other = make_draft()
        make_member(other.buyer, Role.ELECTED)
        lend(buyer, delegate, Role.BUYER, other, organisation=first.buyer)
        assert not tender_rules.can_edit_tender(delegate, other)
        assert other not in tender_rules.tenders_visible_to(delegate)

    def test_the_page_opens_for_it_and_is_not_found_for_the_other(self, two, client):
        first, second, buyer, delegate = two
        lend(buyer, delegate, Role.BUYER, first)
        client.force_login(delegate)
        assert client.get(reverse("tenders:manage", args=[first.pk])).status_code == 200
        assert client.get(reverse("tenders:manage", args=[second.pk])).status_code == 404

    def test_ends_with_its_dates_and_with_the_role(self, two):
        first, _second, buyer, delegate = two
        made = lend(buyer, delegate, Role.BUYER, first)
        buyer.memberships.all().delete()
        forget_roles(delegate)
        assert not tender_rules.can_edit_tender(delegate, first)
        assert made.revoked_at is None


class TestStages:
    def test_a_project_opens_its_consultations(self, two):
        first, second, buyer, delegate = two
        project = first.project
        assert second.project_id != project.pk
        lend(buyer, delegate, Role.BUYER, project)
        assert need_rules.can_edit_project(delegate, project)
        assert list(need_rules.projects_visible_to(delegate)) == [project]
        assert list(tender_rules.projects_for_new_tender(delegate)) == [project]
        assert tender_rules.can_create_tender(delegate, project)
        assert tender_rules.can_edit_tender(delegate, first)
        assert list(tender_rules.tenders_visible_to(delegate)) == [first]

    def test_offers_are_read_after_the_opening_only_and_there_only(self):
        tenders_of = []
        for _number in range(2):
            tender = make_published(organisation=tenders_of[0].buyer if tenders_of else None)
            make_bid(tender)
            tenders_of.append(open_bids(tender))
        first, second = tenders_of
        buyer, delegate = make_member(first.buyer, Role.BUYER), make_member(first.buyer, Role.ELECTED)
        assert not tender_rules.bids_visible_to(delegate).exists()
        lend(buyer, delegate, Role.BUYER, first)
        assert {bid.tender for bid in tender_rules.bids_visible_to(delegate)} == {first}
        assert {offer.bid.tender for offer in tender_rules.offers_visible_to(delegate)} == {first}
        assert list(tender_rules.tenders_with_offers_read_by(delegate)) == [first]
        assert tender_rules.reads_offers(delegate, first)
        assert not tender_rules.reads_offers(delegate, second)

    def test_the_act_is_written_in_both_names(self, at):
        first = make_published()
        buyer, delegate = make_member(first.buyer, Role.BUYER), make_member(first.buyer, Role.ELECTED)
        lend(buyer, delegate, Role.BUYER, first)
        tenders.tender_cancel(tender=first, reason="Besoin abandonné", by=delegate, at=at)
        entry = Entry.objects.get(action="tenders.cancel")
        assert (entry.actor, entry.principal, entry.role) == (delegate, buyer, Role.BUYER)
        assert principal_for(delegate, first.buyer, Role.BUYER) == buyer

    def test_the_orders_of_one_agreement(self):
        world, other = make_world(), make_world()
        house = world.beneficiary.organisation
        buyer, delegate = make_member(house, Role.BUYER), make_member(house, Role.ELECTED)
        order = make_order(world)
        assert not agreement_rules.can_issue_order(delegate, order)
        lend(buyer, delegate, Role.BUYER, world.agreement, organisation=house)
        assert agreement_rules.can_issue_order(delegate, order)
        assert agreement_rules.can_draft_order(delegate, world.beneficiary)
        assert list(agreement_rules.beneficiaries_to_order_for(delegate)) == [world.beneficiary]
        assert agreement_rules.drafts_orders(delegate)
        assert not agreement_rules.can_draft_order(delegate, other.beneficiary)
        assert not agreement_rules.can_administer_agreement(delegate, world.agreement)

    def test_the_second_factor_is_asked_of_whoever_signs_one_thing(self, two, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        first, _second, _buyer, delegate = two
        signatory = make_member(first.buyer, Role.SIGNATORY)
        assert not is_required(delegate)
        lend(signatory, delegate, Role.SIGNATORY, first)
        assert is_required(delegate)

    def test_a_list_costs_as_many_queries_as_without(self, two, django_assert_num_queries):
        first, _second, buyer, delegate = two
        lend(buyer, delegate, Role.BUYER, first)
        with django_assert_num_queries(2):  # the roles, the rows
            list(tender_rules.tenders_visible_to(delegate))


class TestGiving:
    def give(self, project, principal, delegate, at, **changes):
        asked = {
            "organisation": project.organisation,
            "delegate": delegate,
            "roles": [Role.BUYER],
            "starts_at": at,
            "ends_at": at + timedelta(days=5),
            "perimeter": (project._meta.label, str(project.pk)),
            "by": principal,
        }
        return services.delegations_give(**{**asked, **changes}, at=at)

    @pytest.fixture
    def project(self):
        return make_project()

    @pytest.fixture
    def people(self, project):
        house = project.organisation
        return make_member(house, Role.BUYER), make_member(house, Role.ELECTED)

    def test_is_named_as_it_was_read(self, project, people, at):
        [given] = self.give(project, *people, at)
        assert given.perimeter_label == f"Projet d’achat « {project} »"
        assert given.perimeter_url == reverse("needs:detail", args=[project.pk])
        assert project.title in str(given)
        assert project.title in Entry.objects.get(action="accounts.give_delegation").reason

    def test_one_for_each_object_and_none_beside_the_whole_role(self, project, people, at):
        another = make_project(organisation=project.organisation)
        self.give(project, *people, at)
        self.give(another, *people, at)
        with pytest.raises(Refusal, match="déjà délégué"):
            self.give(project, *people, at)
        third = make_member(project.organisation, Role.ELECTED)
        self.give(project, people[0], third, at, perimeter=None)
        with pytest.raises(Refusal, match="déjà délégué"):
            self.give(project, people[0], third, at)

    @pytest.mark.parametrize(
        "perimeter",
        [
            ("needs.PurchaseProject", "0"),
            ("needs.PurchaseProject", "x"),
            ("accounts.User", "1"),
            ("needs.PurchaseProject", ""),
        ],
    )
    def test_what_does_not_exist_is_refused(self, project, people, at, perimeter):
        with pytest.raises(Refusal) as caught:
            self.give(project, *people, at, perimeter=perimeter)
        assert caught.value.reasons[0].field == "perimeter"

    def test_never_for_the_project_of_another_house(self, project, people, at):
        stranger = make_project()
        with pytest.raises(Refusal):
            self.give(project, *people, at, perimeter=(stranger._meta.label, str(stranger.pk)))

    def test_the_database_refuses_half_a_perimeter(self, project, people):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_delegation(*people, project.organisation, Role.BUYER, perimeter_type="needs.PurchaseProject")

    def test_the_stages_declare_three_kinds(self):
        assert [kind.code for kind in perimeters.kinds()] == [
            "needs.PurchaseProject",
            "tenders.Tender",
            "framework_agreements.FrameworkAgreement",
        ]


class TestDoors:
    @pytest.fixture
    def project(self):
        return make_project(title="Guichet des associations")

    def test_chosen_in_the_form_then_read_on_every_page(self, project, client):
        house = project.organisation
        buyer, delegate = make_member(house, Role.BUYER), make_member(house, Role.ELECTED)
        client.force_login(buyer)
        page = client.get(reverse("accounts:delegation_give")).content.decode()
        assert "Tout ce que le rôle permet" in page
        assert "Guichet des associations" in page
        today = timezone.localdate()
        answer = client.post(
            reverse("accounts:delegation_give"),
            {
                "roles": [f"{house.pk}:buyer"],
                "perimeter": f"{PurchaseProject._meta.label}:{project.pk}",
                "delegate": delegate.pk,
                "starts_at": today.isoformat(),
                "ends_at": (today + timedelta(days=3)).isoformat(),
            },
        )
        assert answer.url == reverse("accounts:delegation_list")
        assert Delegation.objects.get().perimeter_id == str(project.pk)
        client.force_login(delegate)
        lists = client.get(answer.url).content.decode()
        assert f'href="{reverse("needs:detail", args=[project.pk])}"' in lists
        assert lists.count("Guichet des associations") == 2  # the banner and the line
        assert [one.perimeter_id for one in lent_to(delegate)] == [str(project.pk)]

    def test_by_the_api(self, project):
        house = project.organisation
        buyer, delegate = make_member(house, Role.BUYER), make_member(house, Role.ELECTED)
        api = APIClient()
        api.force_authenticate(buyer)
        body = {
            "organisation_id": house.pk,
            "delegate_id": delegate.pk,
            "roles": ["buyer"],
            "perimeter_type": "needs.PurchaseProject",
            "perimeter_id": str(project.pk),
            "starts_at": now().isoformat(),
            "ends_at": (now() + timedelta(days=2)).isoformat(),
        }
        refused = api.post("/api/v1/delegations/", {**body, "perimeter_id": ""}, format="json")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/perimeter"
        made = api.post("/api/v1/delegations/", body, format="json")
        assert made.status_code == 201, made.content
        assert made.json()[0]["perimeter_label"].endswith("Guichet des associations »")
