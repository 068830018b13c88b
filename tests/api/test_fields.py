"""X2 and X6: what not everybody reads is in no answer, list, detail, export or search, of those who may not.

Each sensitive fact of the story is a value that cannot be met by chance; every reading of the API by every person
is searched for it. The facts that somebody may read must be found: the search itself is under test. The same
readings show that each address really answers what the schema promises.
"""

import json

import jsonschema
import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from tests.api import story
from tests.api.walking import walk

pytestmark = pytest.mark.django_db

INSIDE = {"buyer", "prescriber", "product_owner", "signatory", "evaluator", "auditor", "elected", "org_admin"}
READS_OFFERS = {"buyer", "signatory", "evaluator", "auditor"}
READERS = {
    # (fact, those who must find it, those who may)
    "prices of orders": (
        story.UNIT_PRICE,
        {"buyer", "framework_admin", "holder"},
        INSIDE | {"framework_admin", "holder"},
    ),
    "prices of opened offers": (story.OPENED_PRICE, READS_OFFERS, READS_OFFERS | {"bidder"}),
    "prices of sealed bids": (story.SEALED_PRICE, set(), set()),
    "words of marks": (story.MARK_WORDS, set(), READS_OFFERS),
}
WITHOUT_ANY = {
    "/api/v1/tenders/{id}/opening-shares/": "a custodian, between a deadline and the opening",
    "/api/v1/documents/{id}/download/": "made by a worker after the commit",
    "/api/v1/documents/{id}/": "the same",
    "/api/v1/search/": "asks for words",
    "/api/v1/journal/checkpoints/latest/": "made by beat",
    "/api/v1/bids/{id}/receipt/": "proved once the journal has chained its line, at the commit",
    "/api/v1/tender-lots/{id}/ranking/": "the bids of the story are sealed",
    "/api/v1/tender-lots/{id}/comparison/": "the same",
    "/api/v1/tender-lots/{id}/consensus/": "the same",
    "/api/v1/tender-lots/{id}/negotiation/": "the same",
    "/api/v1/tender-lots/{id}/negotiation-topics/": "the same",
    "/api/v1/tenders/{id}/challenges/": "the same",
    "/api/v1/tenders/{id}/whole-file/": "its papers are made by a worker after the commit",
}


@pytest.fixture(scope="module")
def schema():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


@pytest.fixture(scope="module")
def readings(schema, django_db_setup, django_db_blocker):
    """(people, every reading of the API by each of them), undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        told = story.tell()
        yield told.people, walk(schema, told.people)
        transaction.set_rollback(True)


@pytest.mark.parametrize("fact", READERS)
def test_a_sensitive_fact_is_read_by_its_readers_only(readings, fact):
    canary, must, may = READERS[fact]
    found = {reading.person: reading.path for reading in readings[1] if canary in reading.text}
    assert found.keys() <= may, {person: found[person] for person in found.keys() - may}
    assert must <= found.keys(), must - found.keys()


def test_the_address_of_a_person_is_read_by_himself_and_administrators_only(readings):
    people, answers = readings
    leaks = [
        (reading.person, owner, reading.path)
        for reading in answers
        for owner, user in people.items()
        if reading.person not in (owner, "org_admin", "platform_admin") and user.email in reading.text
    ]
    assert not leaks
    assert any(people["buyer"].email in one.text for one in answers if one.person == "buyer")


def test_no_reading_is_an_error_of_ours(readings):
    assert [one for one in readings[1] if one.status >= 500] == []


def test_nobody_reads_what_is_not_public(readings):
    open_to_all = {one.operation for one in readings[1] if one.person == "nobody" and one.status == 200}
    private = (
        "orders",
        "bids",
        "offers",
        "purchase-projects",
        "notifications",
        "organisations",
        "me",
        "webhooks",
    )
    rows = [
        (one.path, one.text)
        for one in readings[1]
        if one.person == "nobody" and one.operation in open_to_all and one.path.split("/")[3] in private
    ]
    assert [path for path, text in rows if '"id"' in text] == []


def test_every_address_answers_what_the_schema_promises(readings, schema):
    faults, answered = [], set()
    for one in readings[1]:
        if one.status != 200:
            continue
        content = schema["paths"][one.operation]["get"]["responses"]["200"].get("content", {})
        answered.add(one.operation)
        if "application/json" in content:
            document = {
                "$ref": "#/wanted",
                "wanted": content["application/json"]["schema"],
                "components": schema["components"],
            }
            errors = jsonschema.Draft202012Validator(document).iter_errors(json.loads(one.text))
            faults += [f"{one.operation}: {error.json_path} {error.message[:200]}" for error in errors]
    assert not faults, "\n".join(sorted(set(faults))[:20])
    asked = {one.operation for one in readings[1]}
    assert asked - answered - WITHOUT_ANY.keys() == set()
