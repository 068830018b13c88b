"""X3: a write takes the fields of its input and nothing else, whoever sends them."""

import json

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from foundation.journal.models import Entry
from tests.api import story
from tests.api.client import as_user
from tests.api.walking import addresses, bearers, keys

pytestmark = pytest.mark.django_db

FOREIGN = {
    "id": 1,
    "state": "issued",
    "number": 999,
    "reference": "PA-9999-999",
    "organisation": 1,
    "buyer": 1,
    "owner": 1,
    "user": 1,
    "role": "platform_admin",
    "is_active": True,
    "is_program": False,
    "created_by": 1,
    "created_at": "2001-01-01T00:00:00Z",
    "published_at": "2001-01-01T00:00:00Z",
    "opened_at": "2001-01-01T00:00:00Z",
    "awarded_at": "2001-01-01T00:00:00Z",
    "issued_at": "2001-01-01T00:00:00Z",
    "deposited_at": "2001-01-01T00:00:00Z",
    "submitted_at": "2001-01-01T00:00:00Z",
    "total_excl_tax": "1.00",
    "unit_price_excl_tax": "1.00",
    "consumed_excl_tax": "0.00",
    "score": "100",
    "rank": 1,
    "abilities": {"issue": True, "publish": True},
    "_state": {},
    "pk": 1,
    "password": "motdepasse",
}
TRIED_AS = ("buyer", "product_owner", "holder", "org_admin")


def inputs(schema, operation):
    """The names that the JSON body of this operation takes; None without such a body."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    found = content["application/json"]["schema"]
    if "$ref" in found:
        found = schema["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]]
    return set(found.get("properties", {}))


def writes(schema):
    """(method, path, names of the input) of every write that takes JSON."""
    for path, operations in schema["paths"].items():
        for method in ("post", "put", "patch", "delete"):
            names = inputs(schema, operations[method]) if method in operations else None
            if names is not None:
                yield method, path, names


def test_no_write_takes_a_field_that_is_not_of_its_input():
    people = story.tell().people
    schema = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    client, known = Client(), keys()
    headers = bearers({name: people[name] for name in TRIED_AS})
    last, named, faults = Entry.objects.order_by("-pk").first().pk, set(), []
    for method, path, names in writes(schema):
        body = json.dumps({key: value for key, value in FOREIGN.items() if key not in names})
        for address in addresses(path, known)[:1]:
            for person, bearer in headers.items():
                with transaction.atomic():
                    answer = client.generic(
                        method.upper(), address, body, "application/json", headers={**bearer, "If-Match": "*"}
                    )
                if answer.status_code < 400 or answer.status_code >= 500:
                    faults.append(f"{person} {method} {address}: {answer.status_code}")
                elif answer.status_code == 422 and b'"unknown"' in answer.content:
                    named.add((method, path))
    assert not faults, "\n".join(faults)
    assert Entry.objects.order_by("-pk").first().pk == last
    assert len(named) > 20, "the writes that name the foreign fields"


def test_with_a_valid_body_the_foreign_field_still_refuses_the_whole():
    told = story.tell()
    world = told.world
    order = {
        "lot": world.lot.pk,
        "holder": world.holder.pk,
        "beneficiary": world.beneficiary.pk,
        "title": "Construction",
    }
    project = {"organisation": world.beneficiary.organisation_id, "title": "Projet"}
    for address, body in (("orders", order), ("purchase-projects", project)):
        for name, value in FOREIGN.items():
            if name not in body:
                answer = as_user(world.buyer).post(f"/api/v1/{address}/", {**body, name: value})
                assert answer.status_code == 422, (address, name)
                assert answer.json()["errors"][0]["pointer"] == f"/{name}"
        assert as_user(world.buyer).post(f"/api/v1/{address}/", body).status_code == 201


def test_an_act_without_input_ignores_what_is_sent():
    told = story.tell()
    address = f"/api/v1/orders/{told.order_draft.pk}/issue/"
    issued = as_user(told.world.buyer, if_match="*").post(address, FOREIGN)
    assert issued.status_code == 200
    assert issued.json()["total_excl_tax"] == story.UNIT_PRICE
    assert issued.json()["number"] != FOREIGN["number"]
    told.order_draft.refresh_from_db()
    assert told.order_draft.issued_by == told.world.buyer
