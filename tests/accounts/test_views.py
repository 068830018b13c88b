"""Pages on organisations, members and people: who sees them, what they write, what they refuse."""

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.accounts.models import Membership, Organisation, User
from tests.accounts.factories import (
    make_buyer_org,
    make_delegation,
    make_invitation,
    make_join_request,
    make_member,
    make_platform_admin,
    make_siret,
    make_supplier_org,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make_buyer_org(name="Ville de Test")


@pytest.fixture
def org_admin(organisation):
    return make_member(organisation, Role.ORG_ADMIN)


def page(response, status=200):
    assert response.status_code == status
    content = response.content.decode()
    assert "variable inconnue" not in content
    return content


def test_profile_shows_roles_and_renames(client, organisation):
    user = make_member(organisation, Role.BUYER)
    client.force_login(user)
    assert "Ville de Test" in page(client.get(reverse("accounts:profile")))
    client.post(reverse("accounts:profile"), {"full_name": "Nom Nouveau"})
    user.refresh_from_db()
    assert user.full_name == "Nom Nouveau"


def test_a_newcomer_is_told_what_to_do(client):
    client.force_login(make_user())
    assert "aucun rôle" in page(client.get(reverse("accounts:profile")))


def test_list_shows_one_s_organisations_only(client, organisation, org_admin):
    make_supplier_org(name="Concurrente")
    client.force_login(org_admin)
    content = page(client.get(reverse("accounts:organisation_list")))
    assert "Ville de Test" in content
    assert "Concurrente" not in content


def test_the_platform_administrator_sees_and_searches_all(client, organisation):
    other = make_supplier_org(name="Concurrente")
    client.force_login(make_platform_admin())
    assert "Concurrente" in page(client.get(reverse("accounts:organisation_list")))
    content = page(client.get(reverse("accounts:organisation_list"), {"q": other.siret}))
    assert "Concurrente" in content
    assert "Ville de Test" not in content
    assert "Aucune organisation" in page(client.get(reverse("accounts:organisation_list"), {"q": "zzz"}))


def test_lists_cost_the_same_for_many_rows(client, django_assert_max_num_queries):
    for _number in range(30):
        make_member(make_buyer_org(), Role.BUYER)
    client.force_login(make_platform_admin())
    for name in ("accounts:organisation_list", "accounts:user_list"):
        with django_assert_max_num_queries(8):
            page(client.get(reverse(name)))


def test_a_new_organisation_with_a_wrong_siret_says_why_and_keeps_the_form(client):
    client.force_login(make_platform_admin())
    typed = {"kind": "buyer", "name": "Commune de Là-Bas", "siret": "130 025 265 00014", "city": "Là-Bas"}
    content = page(client.post(reverse("accounts:organisation_create"), typed))
    assert "vérifiez les 14 chiffres" in content
    assert 'value="Commune de Là-Bas"' in content
    assert 'value="130 025 265 00014"' in content
    assert not Organisation.objects.filter(name="Commune de Là-Bas").exists()
    client.post(reverse("accounts:organisation_create"), {**typed, "siret": make_siret()})
    assert Organisation.objects.filter(name="Commune de Là-Bas").exists()


def test_a_known_siret_is_refused_beside_its_field(client, organisation):
    client.force_login(make_platform_admin())
    typed = {"kind": "buyer", "name": "Double", "siret": organisation.siret}
    response = client.post(reverse("accounts:organisation_create"), typed)
    assert response.context["form"].errors["siret"] == ["Une organisation porte déjà ce SIRET."]


def test_a_member_gets_one_more_role(client, organisation, org_admin):
    member = make_member(organisation, Role.BUYER)
    client.force_login(org_admin)
    url = reverse("accounts:member_add", args=[organisation.pk, member.pk])
    assert member.full_name in page(client.get(url))
    client.post(url, {"role": "prescriber"})
    assert Membership.objects.filter(user=member, role="prescriber").exists()
    stranger = reverse("accounts:member_add", args=[organisation.pk, make_user().pk])
    assert client.post(stranger, {"role": "prescriber"}).status_code == 404


@pytest.mark.parametrize("name", ["accounts:member_add", "accounts:invitation_send"])
def test_the_form_offers_only_roles_of_this_kind(client, name):
    organisation = make_supplier_org()
    administrator = make_member(organisation, Role.ORG_ADMIN)
    client.force_login(administrator)
    more = [administrator.pk] if name.endswith("add") else []
    response = client.get(reverse(name, args=[organisation.pk, *more]))
    (field,) = {"role", "roles"} & set(response.context["form"].fields)
    assert [value for value, _label in response.context["form"].fields[field].choices] == [
        "supplier",
        "org_admin",
    ]
    page(response)


def test_a_role_is_removed_and_the_last_administrator_kept(client, organisation, org_admin):
    buyer = make_member(organisation, Role.BUYER).memberships.get()
    client.force_login(org_admin)
    address = reverse("accounts:member_remove", args=[organisation.pk, buyer.pk])
    assert address in page(client.get(reverse("accounts:organisation_detail", args=[organisation.pk])))
    assert "perd ces droits aussitôt" in page(client.get(address))
    assert Membership.objects.filter(pk=buyer.pk).exists()
    client.post(address)
    assert not Membership.objects.filter(pk=buyer.pk).exists()
    own = org_admin.memberships.get()
    response = client.post(reverse("accounts:member_remove", args=[organisation.pk, own.pk]), follow=True)
    assert "dernier administrateur" in page(response)
    assert Membership.objects.filter(pk=own.pk).exists()


def test_a_member_of_another_organisation_is_not_touched(client, organisation, org_admin):
    elsewhere = make_member(make_buyer_org(), Role.BUYER).memberships.get()
    client.force_login(org_admin)
    response = client.post(reverse("accounts:member_remove", args=[organisation.pk, elsewhere.pk]))
    assert response.status_code == 404
    assert Membership.objects.filter(pk=elsewhere.pk).exists()


def test_a_closed_account_is_signed_out_at_once(client):
    user, administrator = make_user(), make_platform_admin()
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    other = type(client)()
    other.force_login(administrator)
    other.post(reverse("accounts:user_deactivate", args=[user.pk]), {"reason": "Départ"})
    assert client.get(reverse("accounts:profile")).status_code == 302
    content = page(other.get(reverse("accounts:user_detail", args=[user.pk])))
    assert "Départ" in content
    other.post(reverse("accounts:user_activate", args=[user.pk]), {"reason": "Retour"})
    assert User.objects.get(pk=user.pk).is_active


def test_closing_needs_a_reason(client):
    user = make_user()
    client.force_login(make_platform_admin())
    response = client.post(reverse("accounts:user_deactivate", args=[user.pk]), {})
    assert response.context["form"].errors["reason"]
    assert User.objects.get(pk=user.pk).is_active


def test_members_see_members_but_not_addresses_nor_history(client, organisation, org_admin):
    client.force_login(make_member(organisation, Role.BUYER))
    content = page(client.get(reverse("accounts:organisation_detail", args=[organisation.pk])))
    assert org_admin.full_name in content
    assert org_admin.email not in content
    client.force_login(org_admin)
    assert org_admin.email in page(
        client.get(reverse("accounts:organisation_detail", args=[organisation.pk]))
    )


def test_the_platform_administrator_starts_from_the_dashboard(client):
    client.force_login(make_platform_admin())
    content = page(client.get(reverse("screens:dashboard")))
    assert "Comptes de la plateforme" in content
    assert reverse("accounts:user_list") in content
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    content = page(client.get(reverse("screens:dashboard")))
    assert "Comptes de la plateforme" not in content
    assert reverse("accounts:organisation_list") not in content


def test_pages_of_belonging_cost_the_same_for_many_people(client, django_assert_max_num_queries):
    firm = make_supplier_org()
    administrator = make_member(firm, Role.ORG_ADMIN, Role.SUPPLIER)
    client.force_login(administrator)
    for _count in range(12):
        colleague = make_member(firm, Role.SUPPLIER)
        make_invitation(firm, administrator, roles=["supplier"])
        make_join_request(firm, make_user())
        make_delegation(colleague, make_member(firm, Role.ORG_ADMIN), firm, Role.SUPPLIER)
    addresses = [
        reverse("accounts:organisation_detail", args=[firm.pk]),
        reverse("accounts:delegation_list"),
        reverse("accounts:session_list"),
        reverse("accounts:profile"),
        reverse("screens:dashboard"),
    ]
    for address in addresses:
        with django_assert_max_num_queries(13):
            page(client.get(address))
