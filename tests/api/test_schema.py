"""The OpenAPI document is valid, complete, and readable as a page."""

import json
import re

import jsonschema
import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate

from foundation.api.schema import METHODS
from tests.accounts.factories import make_platform_admin
from tests.api.client import as_user


@pytest.fixture(scope="module")
def schema():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def operations(schema):
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method} {path}", methods[method]


def test_it_is_valid_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_no_name_is_used_twice(capfd):
    SchemaGenerator().get_schema(request=None, public=True)
    told = capfd.readouterr().err
    assert "identical names" not in told, told
    assert "collision" not in told, told


def test_every_operation_says_what_it_does(schema):
    silent = [name for name, operation in operations(schema) if not operation.get("summary")]
    assert not silent, f"give extend_schema(summary=…) to: {silent}"


def test_every_body_has_an_example_that_its_schema_accepts(schema):
    wrong = []
    for name, operation in operations(schema):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for body in [*bodies, *operation["responses"].values()]:
            for media in body.get("content", {}).values():
                wrong += [f"{name}: {error}" for error in _faults(schema, media)]
    assert not wrong, "\n".join(wrong)


def _faults(schema, media):
    values = [media["example"]] if "example" in media else []
    values += [one["value"] for one in media.get("examples", {}).values()]
    if not values:
        return ["no example"]
    document = {"$ref": "#/wanted", "wanted": media["schema"], "components": schema["components"]}
    validator = jsonschema.Draft202012Validator(document)
    return [
        f"{error.json_path} {error.message}" for value in values for error in validator.iter_errors(value)
    ]


def test_writing_operations_tell_their_problems(schema):
    for name, operation in operations(schema):
        if not name.startswith("get"):
            assert {"401", "403", "422"} <= set(operation["responses"]), name


@pytest.mark.django_db
def test_it_is_served(client):
    response = client.get(reverse("api:schema"), HTTP_ACCEPT="application/json")
    assert response.status_code == 200
    assert response.json()["openapi"].startswith("3.1")
    assert client.get(reverse("api:schema"), HTTP_ACCEPT="text/html,*/*").status_code == 200


@pytest.mark.django_db
def test_the_page_shows_every_operation(client, schema):
    response = client.get(reverse("api:docs"))
    page = response.content.decode()
    assert response.status_code == 200
    for _name, operation in operations(schema):
        assert f'id="{operation["operationId"]}"' in page
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.django_db
def test_the_root_names_the_resources(client):
    assert "organisations" in client.get("/api/v1/").json()


@pytest.mark.django_db
def test_every_address_says_what_it_is_to_who_may_write(schema):
    client = as_user(make_platform_admin())
    paths = [re.sub(r"{[^}]+}", "1", path) for path in schema["paths"]]
    answers = {path: client.options(path).status_code for path in paths}
    assert {path for path, status in answers.items() if status not in (200, 404)} == set()
    assert 200 in answers.values()
