"""The API tells the same story as the pages."""

import pytest
from rest_framework.test import APIClient

from foundation.accounts.selectors import forget_roles
from framework_agreements.models import PurchaseOrder
from tests.accounts.factories import make_member, make_supplier_org
from tests.framework_agreements.factories import make_issued_order, make_order, make_world

pytestmark = pytest.mark.django_db

AGREEMENTS, UNITS, ORDERS = (f"/api/v1/{name}/" for name in ("framework-agreements", "work-units", "orders"))


def as_user(user=None) -> APIClient:
    client = APIClient(headers={"If-Match": "*"})
    if user:
        client.force_authenticate(user)
    return client


def draft(world, **fields):
    return {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "title": "Construction",
        "lines": [{"work_unit": world.unit().pk, "quantity": "2"}],
        **fields,
    }


def test_anyone_reads_agreements_with_their_aggregated_consumption():
    world = make_world(unit_price="1234.56", ceiling="5000")
    make_issued_order(world)
    row = as_user().get(AGREEMENTS).json()["results"][0]
    assert row["reference"] == world.agreement.reference
    found = as_user().get(f"{AGREEMENTS}{world.agreement.pk}/").json()
    assert [c["consumed_excl_tax"] for c in found["ceilings"]] == ["1234.56"] * 3
    assert found["ceilings"][2]["available_excl_tax"] == "3765.44"
    assert found["lots"][0]["holders"][0]["name"] == world.holder.organisation.name
    assert found["abilities"] == {"administer": False, "edit": False}


def test_anyone_reads_the_catalogue_without_prices():
    world = make_world(unit_price="98765.43")
    answer = as_user().get(UNITS, {"agreement": world.agreement.pk, "code": "UO-L2.2.2"})
    unit = answer.json()["results"][0]
    assert unit["load_days"] == "60.00"
    assert unit["deliverables"][0]["moment"] == "before_iteration"
    assert b"98765" not in answer.content
    assert as_user().get(UNITS, {"phase": "transfer"}).json()["results"][0]["load_days"] is None


def test_orders_need_a_token_and_belong_to_their_parties():
    world = make_world()
    order = make_issued_order(world)
    assert as_user().get(ORDERS).status_code == 401
    stranger = as_user(make_member(make_supplier_org(), "supplier"))
    assert stranger.get(ORDERS).json()["results"] == []
    assert stranger.get(f"{ORDERS}{order.pk}/").status_code == 404
    assert as_user(world.supplier).get(f"{ORDERS}{order.pk}/").json()["abilities"]["acknowledge"] is True


def test_an_order_is_drafted_completed_issued_acknowledged_and_followed():
    world = make_world(unit_price="1000")
    buyer = as_user(world.buyer)
    created = buyer.post(ORDERS, draft(world, key="x"), format="json")
    assert created.status_code == 201, created.content
    order = created.json()
    assert (order["total_excl_tax"], order["lines"][0]["planned_days"]) == ("2000.00", "120.00")
    assert buyer.post(ORDERS, draft(world, key="x"), format="json").json()["id"] == order["id"]
    address = f"{ORDERS}{order['id']}/"
    line = {"work_unit": world.unit("UO-L2.1.2").pk, "quantity": "1", "planned_days": "38"}
    assert buyer.post(f"{address}lines/", line, format="json").json()["total_excl_tax"] == "3000.00"
    for _ in range(2):
        issued = buyer.post(f"{address}issue/")
        assert (issued.status_code, issued.json()["number"]) == (200, 1)
    assert as_user(world.supplier).post(f"{address}acknowledge/").json()["state"] == "acknowledged"
    line_id = issued.json()["lines"][0]["id"]
    done = {"line": line_id, "days": "12.5", "activity": "Développement"}
    assert buyer.post(f"{address}progress/", done, format="json").status_code == 201
    steering = buyer.get(f"{ORDERS}steering/").json()
    assert (steering["planned_days"], steering["remaining_days"]) == ("158.00", "145.50")
    assert buyer.post(f"{address}complete/").json()["state"] == "completed"


def test_refusals_are_problems_with_pointer_and_article():
    world = make_world(maximum="1500")
    buyer = as_user(world.buyer)
    answer = buyer.post(ORDERS, draft(world), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    error = answer.json()["errors"][0]
    assert (error["pointer"], error["code"]) == ("/lines/0/quantity", "ceiling")
    assert "R2162-4" in error["article"]
    order = make_order(world)
    make_issued_order(world)
    answer = buyer.post(f"{ORDERS}{order.pk}/issue/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "ceiling")
    assert PurchaseOrder.objects.filter(number__isnull=False).count() == 1


def test_rights_are_those_of_the_pages():
    world = make_world()
    order, issued = make_order(world), make_issued_order(world)
    assert as_user(world.prescriber).post(f"{ORDERS}{order.pk}/issue/").status_code == 403
    assert as_user(world.supplier).post(f"{ORDERS}{order.pk}/issue/").status_code == 404
    assert as_user(world.buyer).post(f"{ORDERS}{issued.pk}/acknowledge/").status_code == 403
    assert as_user(world.signatory).post(ORDERS, draft(world), format="json").status_code == 403
    progress = as_user(world.supplier).post(f"{ORDERS}{issued.pk}/progress/", {}, format="json")
    assert progress.status_code == 403


def test_state_and_beneficiary_narrow_the_orders():
    world = make_world()
    make_order(world)
    make_issued_order(world)
    buyer = as_user(world.buyer)
    assert len(buyer.get(ORDERS, {"state": "issued"}).json()["results"]) == 1
    own = world.beneficiary.organisation_id
    assert len(buyer.get(ORDERS, {"beneficiary": own}).json()["results"]) == 2
    assert buyer.get(ORDERS, {"beneficiary": own + 1}).json()["results"] == []


@pytest.mark.parametrize("address", [AGREEMENTS, UNITS, ORDERS])
def test_lists_cost_the_same_for_more_rows(address, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world = make_world()
    client = as_user(world.buyer)
    costs = []
    for _round in range(2):
        for _ in range(3):
            make_issued_order(world)
            if address == AGREEMENTS:
                make_world()
        forget_roles(world.buyer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[0] <= 4
