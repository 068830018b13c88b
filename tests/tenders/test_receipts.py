"""S8: the receipt carries the five facts of the law and holds away from the platform; what is kept is read again."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal import keys
from foundation.journal.models import Entry
from foundation.journal.services import timestamp_make
from foundation.journal.verifier import Broken, Key, check_deposit
from tenders import services
from tests.tenders.factories import make_bid, make_published, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bid():
    by, firm = make_supplier()
    return make_bid(make_published(), by=by, bidder=firm)


@pytest.fixture
def key():
    """The public key that one noted elsewhere."""
    return Key.read(str(keys.signing_key().public))


def receipt_of(bid) -> dict:
    """The receipt as the bidder keeps it: JSON and nothing else."""
    return json.loads(json.dumps(services.bid_receipt(bid=bid)))


def test_the_receipt_holds_the_five_facts_of_the_law_and_their_proof(bid, key):
    told = receipt_of(bid)
    statement = told["statement"]
    assert statement["depositor"] == str(bid.deposited_by)
    assert statement["tender"]["buyer"] == bid.tender.buyer.name
    assert (
        statement["tender"]["reference"]
        and statement["tender"]["title"]
        and statement["tender"]["description"]
    )
    assert statement["received_at"] == bid.deposited_at.isoformat(timespec="microseconds")
    assert [part["sealed_sha256"] for part in statement["parts"]] == [
        part.sealed_sha256 for part in bid.parts.order_by("position")
    ]
    said = check_deposit(told, [key])
    assert any("pièces scellées" in line for line in said)


def test_a_program_of_the_bidder_reads_a_receipt_that_holds(bid, key, client):
    client.force_login(bid.deposited_by)
    told = client.get(f"/api/v1/bids/{bid.pk}/receipt/")
    assert told.status_code == 200
    check_deposit(told.json(), [key])


def test_the_receipt_carries_a_time_stamp(bid, key):
    services.bid_receipt(bid=bid)
    timestamp_make()
    told = receipt_of(bid)
    assert len(told["journal"]["timestamps"]) == 1
    check_deposit(told, [key])


@pytest.mark.parametrize(
    "forge",
    [
        lambda told: told["statement"].update(received_at="2020-01-01T00:00:00+00:00"),
        lambda told: told["statement"].update(depositor="Quelqu'un d'autre"),
        lambda told: told["statement"]["parts"][0].update(sealed_sha256="0" * 64),
        lambda told: told["statement"]["parts"].pop(),
        lambda told: told["after"].update(state="late"),
        lambda told: told["after"].update(receipt="0" * 64),
        lambda told: told["journal"]["entries"][0].update(line="{}"),
    ],
)
def test_a_receipt_that_was_touched_does_not_hold(bid, key, forge):
    told = receipt_of(bid)
    forge(told)
    with pytest.raises(Broken):
        check_deposit(told, [key])


def test_the_sealed_pieces_downloaded_are_those_of_the_receipt(bid, key, client, tmp_path):
    client.force_login(bid.deposited_by)
    for part in bid.parts.all():
        answer = client.get(reverse("tenders:sealed_part", args=[bid.pk, part.pk]))
        (tmp_path / str(part.pk)).write_bytes(b"".join(answer.streaming_content))
    told = receipt_of(bid)
    check_deposit(told, [key], pieces=tmp_path)
    one = tmp_path / str(bid.parts.first().pk)
    one.write_bytes(one.read_bytes()[:-1])
    with pytest.raises(Broken, match="n'est pas celle"):
        check_deposit(told, [key], pieces=tmp_path)


def test_a_bidder_reads_again_what_is_kept_by_its_digest(bid, client):
    client.force_login(bid.deposited_by)
    page = client.post(reverse("tenders:read_again", args=[bid.pk])).content.decode()
    assert "Tout est là" in page and bid.parts.first().sealed_sha256 in page
    assert Entry.objects.filter(action="tenders.bid_read_again", object_id=str(bid.pk)).count() == 1
    file = bid.parts.get(kind="file").file
    harmed = file.open().read()[:-1] + b"\x00"
    default_storage.delete(file.name)
    default_storage.save(file.name, ContentFile(harmed))
    page = client.post(reverse("tenders:read_again", args=[bid.pk])).content.decode()
    assert "plus celle de l" in page and hashlib.sha256(harmed).hexdigest() in page


def test_nobody_else_reads_a_bid_again(bid):
    stranger, _firm = make_supplier()
    with pytest.raises(Refusal) as caught:
        services.bid_read_again(bid=bid, by=stranger, at=now())
    assert caught.value.code == "forbidden"
