"""Who sends slowly holds nobody back (F8): no row is locked while the body of a request arrives."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, FakePayload, encode_multipart

from foundation.api.models import AccessToken
from foundation.api.scopes import READ
from tenders.models import Bid
from tests.tenders.factories import make_published, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


class Slow(FakePayload):
    """A body that notes, as it is read, whether a transaction waits for it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.held: set[bool] = set()

    def read(self, *size):
        self.held.add(connection.in_atomic_block)
        return super().read(*size)


def send(user, address: str, body: bytes, content_type: str) -> tuple:
    """Post with the tag of what is addressed; gives the answer and whether it was read within a transaction."""
    _row, token = AccessToken.objects.create(user=user, scopes=[READ, "bids:write", "tenders:open"])
    client = Client(headers={"Authorization": f"Token {token}"})
    tag = client.get(address.rsplit("/", 2)[0] + "/")["ETag"]
    slow = Slow(body)
    answer = client.generic(
        "POST",
        address,
        content_type=content_type,
        headers={"If-Match": tag},
        **{"wsgi.input": slow, "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type},
    )
    return answer, slow.held


def test_a_rival_who_names_the_tag_holds_no_deposit_back():
    """With `If-Match` the consultation was locked while the files arrived: nobody else could deposit."""
    tender, (by, _firm) = make_published(), make_supplier()
    fields = {
        "prices": json.dumps({"1": {"UO-1": "10", "UO-2": "20"}}),
        "candidature": json.dumps({"is_declared": True}),
    }
    answer, held = send(
        by, f"/api/v1/tenders/{tender.pk}/deposit/", encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
    )
    assert answer.status_code == 201, answer.content
    assert held == {False}
    assert Bid.objects.filter(tender=tender).count() == 1


def test_any_other_body_is_read_before_anything_is_locked():
    """Even by an act that will be refused: the body comes first."""
    tender, (by, _firm) = make_published(), make_supplier()
    body = json.dumps({"has_interest": False}).encode()
    answer, held = send(by, f"/api/v1/tenders/{tender.pk}/interests/", body, "application/json")
    assert answer.status_code == 403, answer.content
    assert held == {False}


def test_a_stale_tag_still_stops_a_deposit():
    tender, (by, _firm) = make_published(), make_supplier()
    _row, token = AccessToken.objects.create(user=by, scopes=[READ, "bids:write"])
    client = Client(headers={"Authorization": f"Token {token}", "If-Match": '"another"'})
    answer = client.post(f"/api/v1/tenders/{tender.pk}/deposit/", {"prices": "{}"})
    assert answer.status_code == 412
    assert not Bid.objects.exists()
