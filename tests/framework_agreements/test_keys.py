"""What a client names itself: a key serves one demand, and a number is written one way."""

import pytest

from framework_agreements.models import PurchaseOrder
from tests.api.client import as_user
from tests.framework_agreements.factories import make_order, make_world, refusal_of

pytestmark = pytest.mark.django_db


def demand(world, **changes):
    return {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "title": "Construction",
        "lines": [{"work_unit": world.unit().pk, "quantity": "1"}],
        "key": "commande-17",
        **changes,
    }


def test_the_key_of_another_demand_is_refused():
    world = make_world()
    order = make_order(world, key="abc", title="Une course")
    other = refusal_of(lambda: make_order(world, key="abc", title="Autre"))
    assert other.reasons[0].field == "key"
    assert "Une course" in str(other)
    more = refusal_of(
        lambda: make_order(world, key="abc", title="Une course", lines=[world.line(quantity="5")])
    )
    assert more.code == "invalid"
    assert make_order(world, key="abc", title="Une course").pk == order.pk
    assert PurchaseOrder.objects.count() == 1


def test_the_api_answers_422_and_the_same_demand_the_same_order():
    world = make_world()
    api = as_user(world.prescriber)
    first = api.post("/api/v1/orders/", demand(world))
    assert first.status_code == 201, first.content
    again = api.post(
        "/api/v1/orders/", demand(world, lines=[{"work_unit": world.unit().pk, "quantity": "1.00"}])
    )
    assert again.status_code == 201
    assert again.json()["id"] == first.json()["id"]
    other = api.post("/api/v1/orders/", demand(world, title="AUTRE"))
    assert other.status_code == 422
    assert other.json()["errors"][0]["pointer"] == "/key"


@pytest.mark.parametrize(
    "quantity", ["1e5", "1E2", "١", "１", "+1", "1_000", "0x10", "NaN", "Infinity", "1.", ".5"]
)
def test_a_quantity_is_written_with_digits_and_one_point(quantity):
    world = make_world()
    line = {"work_unit": world.unit().pk, "quantity": quantity}
    answer = as_user(world.prescriber).post("/api/v1/orders/", demand(world, lines=[line]))
    assert answer.status_code == 422, answer.content
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("quantity", ["2", "2.5", "2.50", 2, 2.5])
def test_ordinary_numbers_are_read(quantity):
    world = make_world()
    line = {"work_unit": world.unit().pk, "quantity": quantity}
    answer = as_user(world.prescriber).post("/api/v1/orders/", demand(world, lines=[line]))
    assert answer.status_code == 201, answer.content
