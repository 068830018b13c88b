"""Every example that a stage wrote is really sent, by somebody who may, and accepted."""

import json

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from tests.accounts.factories import make_buyer_org, make_member
from tests.api.test_mass_assignment import inputs
from tests.api.walking import bearers
from tests.framework_agreements.factories import make_world
from tests.needs.factories import make_project
from tests.startups.factories import make_delivery, make_demonstrated, make_startup
from tests.tenders.factories import make_draft

pytestmark = pytest.mark.django_db


def new_project(_example):
    project = make_project()
    return project.created_by, "/api/v1/purchase-projects/", {"organisation": project.organisation_id}


def new_tender(_example):
    project = make_project()
    return make_member(project.organisation, Role.BUYER), "/api/v1/tenders/", {"project": project.pk}


def criteria(_example):
    tender = make_draft()
    return tender.created_by, f"/api/v1/tender-lots/{tender.lots.get().pk}/criteria/", {}


def new_order(example):
    world = make_world()
    units = [world.unit("UO-L2.2.2").pk, world.unit("UO-L2.1.2").pk]
    lines = [{**line, "work_unit": unit} for line, unit in zip(example["lines"], units, strict=True)]
    keys = {"lot": world.lot.pk, "holder": world.holder.pk, "beneficiary": world.beneficiary.pk}
    return world.buyer, "/api/v1/orders/", {**keys, "lines": lines}


def plan(_example):
    delivery = make_delivery()
    keys = {"startup": delivery.startup.slug, "order": delivery.order.pk}
    return delivery.product_owner, "/api/v1/iterations/", keys


def phase(_example):
    startup = make_startup()
    return startup.product_owner, f"/api/v1/startups/{startup.slug}/phase/", {}


def decision(_example):
    delivery = make_delivery()
    iteration = make_demonstrated(delivery)
    return delivery.product_owner, f"/api/v1/iterations/{iteration.pk}/records/", {}


def webhook(_example):
    organisation = make_buyer_org()
    admin = make_member(organisation, Role.ORG_ADMIN)
    return admin, "/api/v1/webhooks/", {"organisation": organisation.pk}


SENT = {
    "post /api/v1/webhooks/": webhook,
    "post /api/v1/purchase-projects/": new_project,
    "post /api/v1/tenders/": new_tender,
    "put /api/v1/tender-lots/{id}/criteria/": criteria,
    "post /api/v1/orders/": new_order,
    "post /api/v1/iterations/": plan,
    "post /api/v1/startups/{slug}/phase/": phase,
    "post /api/v1/iterations/{id}/records/": decision,
}


def written_examples():
    """(operation, value) of each request example that a stage wrote, not those composed from the schema."""
    schema = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if inputs(schema, operation) is None:
                continue
            for example in (
                operation["requestBody"]["content"]["application/json"].get("examples", {}).values()
            ):
                yield f"{method} {path}", example["value"]


def test_each_written_example_is_accepted():
    unsent, refused = [], []
    for operation, value in written_examples():
        if operation not in SENT:
            unsent.append(operation)
            continue
        person, address, keys = SENT[operation](value)
        client = APIClient(headers={"If-Match": "*", **bearers({"sender": person})["sender"]})
        method = operation.partition(" ")[0]
        answer = getattr(client, method)(address, {**value, **keys})
        if answer.status_code not in (200, 201):
            refused.append(f"{operation}: {answer.content.decode()}")
    assert not refused, "\n".join(refused)
    assert not unsent, "say here who sends them"
