"""Lists: what is visible, filters, order, cursor pages that never overlap."""

import pytest
from rest_framework.test import APIClient

from procurement.api_urls import router
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_supplier_org

pytestmark = pytest.mark.django_db

WITHOUT_OBJECT = {
    "CheckpointViewSet": "a proof: nobody changes it",
    "EntryViewSet": "the same",
    "BatchViewSet": "a progress",
    "SearchViewSet": "rows that point to objects",
}
"""Resources on which nobody ever acts, and why."""


@pytest.fixture
def administration():
    client = APIClient()
    client.force_authenticate(make_platform_admin())
    return client


def names(response):
    return [row["name"] for row in response.json()["results"]]


def test_cursor_walks_every_row_once(administration):
    for number in range(25):
        make_buyer_org(name=f"Ville {number:02d}", city="Même commune")
    url, seen = "/api/v1/organisations/?page_size=10&kind=buyer", []
    while url:
        page = administration.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 25


def test_page_size_has_a_ceiling(administration):
    for _number in range(3):
        make_buyer_org()
    assert len(names(administration.get("/api/v1/organisations/?page_size=2"))) == 2
    assert administration.get("/api/v1/organisations/?page_size=100000").status_code == 200


def test_order_filter_and_search(administration):
    make_buyer_org(name="Zoé", city="Nantes")
    make_supplier_org(name="Alix", city="Brest")
    assert names(administration.get("/api/v1/organisations/?ordering=name"))[0] == "Alix"
    assert names(administration.get("/api/v1/organisations/?kind=supplier")) == ["Alix"]
    assert names(administration.get("/api/v1/organisations/?search=nantes")) == ["Zoé"]


def test_a_broken_cursor_is_a_problem(administration):
    response = administration.get("/api/v1/organisations/?cursor=nonsense")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_list_costs_the_same_for_many_rows(administration, django_assert_num_queries):
    make_buyer_org()
    administration.get("/api/v1/organisations/")  # reads the roles, kept on the user object
    with django_assert_num_queries(1) as few:
        administration.get("/api/v1/organisations/?page_size=100")
    for _number in range(30):
        make_buyer_org()
    with django_assert_num_queries(len(few)):
        administration.get("/api/v1/organisations/?page_size=100")


def test_abilities_follow_the_rules():
    organisation = make_buyer_org()
    client = APIClient()
    for role, can in (("org_admin", True), ("buyer", False)):
        client.force_authenticate(make_member(organisation, role))
        body = client.get(f"/api/v1/organisations/{organisation.pk}/").json()
        assert body["abilities"] == {"manage_members": can}


@pytest.mark.parametrize(
    "viewset", [one for _prefix, one, _name in router.registry], ids=lambda one: one.__name__
)
def test_every_object_says_what_its_reader_may_do(viewset):
    serializer = viewset.serializer_class
    if serializer is None or viewset.__name__ in WITHOUT_OBJECT:
        return
    assert "abilities" in serializer().fields, f"give an AbilitiesField to {serializer.__name__}"
    assert serializer().fields["abilities"].abilities
