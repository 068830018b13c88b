"""Several organisations for one person: what is shown first changes, rights do not."""

import pytest
from django.urls import reverse

from foundation.accounts import services
from foundation.accounts.enums import Role
from foundation.accounts.models import Membership, User
from foundation.accounts.selectors import (
    active_house,
    has_role,
    narrowed_to_house,
    organisation_ids,
    organisations_of,
    role_pairs,
)
from foundation.errors import Refusal
from tests.accounts.factories import make_buyer_org, make_delegation, make_member, make_user
from tests.needs.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses():
    return make_buyer_org(name="Agence A"), make_buyer_org(name="Bureau B")


@pytest.fixture
def person(houses):
    user = make_member(houses[0], Role.BUYER)
    Membership.objects.create(user=user, organisation=houses[1], role=Role.AUDITOR)
    return user


def choose(client, organisation):
    return client.post(reverse("accounts:organisation_choose"), {"organisation": organisation})


class TestChoice:
    def test_one_house_is_the_active_one_and_shows_no_switch(self, client, houses):
        user = make_member(houses[0], Role.BUYER)
        assert active_house(user) == houses[0].pk
        client.force_login(user)
        assert "Toutes mes organisations" not in client.get(reverse("accounts:profile")).content.decode()

    def test_chosen_in_the_header_and_kept_for_the_next_session(self, client, houses, person):
        client.force_login(person)
        assert "Toutes mes organisations" in client.get(reverse("accounts:profile")).content.decode()
        choose(client, houses[1].pk)
        shown = client.get(reverse("accounts:profile")).content.decode()
        assert '<span class="jalon-menu__name">Bureau B</span>' in shown
        client.logout()
        client.force_login(person)
        assert 'jalon-menu__name">Bureau B' in client.get(reverse("accounts:profile")).content.decode()

    def test_each_session_has_its_own(self, client, houses, person):
        other = type(client)()
        client.force_login(person)
        other.force_login(person)
        choose(client, houses[0].pk)
        choose(other, houses[1].pk)
        assert 'jalon-menu__name">Agence A' in client.get(reverse("accounts:profile")).content.decode()

    def test_all_of_them_is_a_choice_too(self, client, houses, person):
        client.force_login(person)
        choose(client, houses[0].pk)
        choose(client, "")
        assert User.objects.get(pk=person.pk).last_organisation_id is None

    def test_somebody_else_s_is_refused(self, person):
        with pytest.raises(Refusal) as caught:
            services.organisation_choose(organisation_id=make_buyer_org().pk, by=person)
        assert caught.value.code == "forbidden"

    @pytest.mark.parametrize("typed", ["999999", "-1", "x"])
    def test_what_makes_no_sense_changes_no_right(self, client, person, typed):
        client.force_login(person)
        assert choose(client, typed).status_code == 302
        assert active_house(User.objects.get(pk=person.pk)) is None

    def test_a_house_that_one_left_is_active_no_more(self, houses, person):
        services.organisation_choose(organisation_id=houses[1].pk, by=person)
        person.memberships.filter(organisation=houses[1]).delete()
        third = make_buyer_org(name="Conseil C")
        Membership.objects.create(user=person, organisation=third, role=Role.BUYER)
        assert active_house(User.objects.get(pk=person.pk)) is None


class TestWhatItChanges:
    def test_forms_propose_the_active_house_first(self, houses, person):
        Membership.objects.create(user=person, organisation=houses[1], role=Role.BUYER)
        assert [house.name for house in organisations_of(person, Role.BUYER)] == ["Agence A", "Bureau B"]
        services.organisation_choose(organisation_id=houses[1].pk, by=person)
        assert [house.name for house in organisations_of(person, Role.BUYER)] == ["Bureau B", "Agence A"]

    def test_the_dashboard_is_that_of_the_active_house(self, client, houses, person):
        client.force_login(person)
        choose(client, houses[1].pk)
        content = client.get(reverse("screens:dashboard")).content.decode()
        assert "Audit" in content.split("<h1>")[0]
        choose(client, houses[0].pk)
        assert "Acheteuse ou acheteur" in client.get(reverse("screens:dashboard")).content.decode()

    def test_lists_show_the_active_house_first_and_say_so(self, client, houses, person):
        Membership.objects.create(user=person, organisation=houses[1], role=Role.BUYER)
        projects = [make_project(organisation=house, title=f"Projet de {house}") for house in houses]
        client.force_login(person)
        pages = [reverse(name) for name in ("needs:list", "tenders:mine", "framework_agreements:orders")]
        assert all("votre organisation active" not in client.get(page).content.decode() for page in pages)
        choose(client, houses[1].pk)
        assert all("votre organisation active" in client.get(page).content.decode() for page in pages)
        shown = client.get(pages[0]).content.decode()
        assert "Projet de Bureau B" in shown
        assert "Projet de Agence A" not in shown
        assert client.get(reverse("needs:detail", args=[projects[0].pk])).status_code == 200

    def test_rights_are_the_same_everywhere(self, houses, person):
        services.organisation_choose(organisation_id=houses[1].pk, by=person)
        assert has_role(person, houses[0], Role.BUYER)
        assert organisation_ids(person) == {house.pk for house in houses}

    def test_the_narrowed_person_holds_less_never_more(self, houses, person):
        everything = role_pairs(person)
        assert narrowed_to_house(person) is person
        services.organisation_choose(organisation_id=houses[1].pk, by=person)
        assert role_pairs(narrowed_to_house(person)) == {(houses[1].pk, Role.AUDITOR)}
        assert role_pairs(person) == everything

    @pytest.mark.parametrize("is_lent", [False, True])
    def test_switch_and_banner_add_no_query(self, client, houses, person, django_assert_num_queries, is_lent):
        """The names came with the roles, which every page reads."""
        alone = make_member(houses[0], Role.BUYER)
        if is_lent:
            signatory = make_member(houses[0], Role.SIGNATORY)
            make_delegation(signatory, person, houses[0], Role.SIGNATORY)
        url = reverse("accounts:delegation_list")
        client.force_login(alone)
        with _counted() as plain:
            client.get(url)
        client.force_login(person)
        with _counted() as switched:
            client.get(url)
        assert len(switched) == len(plain)


def _counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_a_newcomer_has_no_house(client):
    user = make_user()
    assert active_house(user) is None
    client.force_login(user)
    assert client.get(reverse("screens:dashboard")).status_code == 200
