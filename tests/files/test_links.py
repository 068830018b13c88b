"""X7: links to files are signed, short-lived, worth nothing to another person, and checked again by right."""

from datetime import timedelta
from itertools import count

import pytest
from django.core import signing
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.accounts.models import Membership
from foundation.clock import now
from foundation.files import links, registry
from foundation.files.links import SALT, signed_path
from foundation.journal.models import Entry
from tenders import services
from tenders.models import SealedPart
from tests.accounts.factories import make_member, make_user
from tests.tenders.factories import PDF, make_bid, make_published, open_bids

pytestmark = pytest.mark.django_db
KIND = "tenders.opened_file"


@pytest.fixture
def opened():
    tender = make_published()
    make_bid(tender)
    tender = open_bids(tender)
    services.opened_files_inspect(at=now())
    return tender


@pytest.fixture
def part(opened):
    return SealedPart.objects.get(kind="file")


@pytest.fixture
def reader(opened):
    return make_member(opened.buyer, Role.EVALUATOR)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_lasting_address_leads_to_a_link_that_gives_the_file(client, opened, part, reader):
    client.force_login(reader)
    answer = client.get(reverse("tenders:opened_file", args=[opened.pk, part.pk]))
    assert answer.status_code == 302
    assert answer.url.startswith("/fichiers/")
    assert "no-store" in answer.headers["Cache-Control"]
    sent = client.get(answer.url)
    assert body(sent) == PDF
    assert sent.headers["Cache-Control"] == "private, no-store"


def test_every_kind_of_file_is_behind_the_same_door():
    assert {"documents.document", "tenders.document", KIND} <= set(registry.codes())


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a:b:c",
        "eyJhIjoxfQ:1abc:signature",
        signing.dumps(["tenders.opened_file", "x", 1, 9999999999], salt="another"),
        signing.dumps({"kind": KIND}, salt=SALT),
        signing.dumps(["unknown.kind", "1", 0, 9999999999], salt=SALT),
        signing.dumps([KIND, "not-a-uuid", 0, 9999999999], salt=SALT),
        signing.dumps([KIND, "00000000-0000-0000-0000-000000000000", 0, 9999999999], salt=SALT),
        signing.dumps(["tenders.document", "999999999999999999999", 0, 9999999999], salt=SALT),
        signing.dumps(["documents.document", "';--", 0, 9999999999], salt=SALT),
    ],
    ids=count(),  # a token names its instant
)
def test_a_token_that_is_not_ours_or_leads_nowhere_gives_nothing(client, token):
    assert client.get(f"/fichiers/{token}/").status_code == 404


def test_there_is_nothing_without_a_token(client):
    assert client.get("/fichiers/").status_code == 404


def test_an_altered_link_gives_nothing(client, part, reader):
    client.force_login(reader)
    address = signed_path(KIND, part.pk, reader, now())
    assert client.get(address).status_code == 200
    token = address.split("/")[2]
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert client.get(f"/fichiers/{changed}/").status_code == 404, place


def test_a_link_out_of_date_gives_nothing(client, part, reader):
    client.force_login(reader)
    assert client.get(signed_path(KIND, part.pk, reader, now() - timedelta(minutes=6))).status_code == 404
    assert client.get(signed_path(KIND, part.pk, reader, now() - timedelta(minutes=4))).status_code == 200


def test_the_link_of_another_person_gives_nothing(client, opened, part, reader):
    address = signed_path(KIND, part.pk, reader, now())
    assert client.get(address).status_code == 404
    client.force_login(make_member(opened.buyer, Role.EVALUATOR))
    assert client.get(address).status_code == 404
    assert client.get(signed_path(KIND, part.pk, make_user(), now())).status_code == 404


def test_a_right_withdrawn_after_the_link_was_made_closes_it(client, part, reader):
    client.force_login(reader)
    address = signed_path(KIND, part.pk, reader, now())
    assert client.get(address).status_code == 200
    Membership.objects.filter(user=reader).delete()
    assert client.get(address).status_code == 404


def test_only_a_real_reading_is_written_in_the_journal(client, part, reader):
    client.force_login(reader)
    address = signed_path(KIND, part.pk, reader, now())
    head = client.head(address)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(PDF)))
    assert not Entry.objects.filter(action="tenders.file_read").exists()
    body(client.get(address))
    assert Entry.objects.filter(action="tenders.file_read", actor=reader).count() == 1


def test_a_part_of_a_sealed_file_is_decrypted_where_it_was_asked(client, reader, part):
    client.force_login(reader)
    answer = client.get(signed_path(KIND, part.pk, reader, now()), headers={"Range": "bytes=2-9"})
    assert (answer.status_code, body(answer)) == (206, PDF[2:10])


def test_a_link_is_written_to_by_nobody(client, part, reader):
    client.force_login(reader)
    assert client.post(signed_path(KIND, part.pk, reader, now())).status_code == 405


def test_what_a_link_says_is_read_back():
    path = signed_path(KIND, 12, make_user(), at := now())
    link = links.read(path.split("/")[2], at)
    assert (link.kind, link.object_id) == (KIND, "12")
