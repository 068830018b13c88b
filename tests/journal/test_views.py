"""Pages and API of the proofs: the public ones say nothing of anyone, a line is read by who sees the history."""

import hashlib
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.clock import now
from foundation.journal import authority, tasks, verifier
from foundation.journal.models import Checkpoint, Link
from foundation.journal.services import checkpoint_make, record, timestamp_make
from tests.accounts.factories import make_buyer_org, make_member

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "départ de Monsieur Untel"


@pytest.fixture
def organisation():
    """Five lines about an organisation, not sealed yet."""
    found = make_buyer_org()
    member = make_member(found, "buyer", full_name="Ursule Quintefeuille")
    for _ in range(5):
        record(
            by=member,
            action="accounts.add_membership",
            obj=found,
            at=now(),
            reason=REASON,
            organisation=found,
        )
    return found


@pytest.fixture
def sealed(organisation):
    checkpoint_make(at=now())
    timestamp_make()
    return organisation


@pytest.fixture
def administrator(client, organisation):
    user = make_member(organisation, "org_admin")
    client.force_login(user)
    return user


def keys() -> list[verifier.Key]:
    return [verifier.Key.read(Checkpoint.objects.first().verifier_key)]


def shown_json(page: str) -> dict:
    """The proof that the page shows."""
    text = re.search(r'aria-label="Preuve">(.*?)</pre>', page, re.DOTALL).group(1)
    return json.loads(text.replace("&quot;", '"'))


def test_anyone_reads_the_last_checkpoint_and_its_key(client, sealed) -> None:
    checkpoint = Checkpoint.objects.get()
    page = client.get("/preuves/").content.decode()
    assert checkpoint.verifier_key.split("+")[1] in page
    assert "5 lignes" in page
    assert "horodatage de développement, non qualifié" in page
    assert "clé de développement" in page
    assert client.get(reverse("journal:note", args=[checkpoint.pk])).content.decode() == checkpoint.note


def test_public_proofs_say_nothing_of_anyone(client, sealed) -> None:
    checkpoint = Checkpoint.objects.get()
    addresses = [
        "/preuves/?index=3&first=1",
        "/preuves/?first=2&second=5",
        checkpoint.get_absolute_url(),
        "/api/v1/journal/checkpoints/",
        f"/api/v1/journal/checkpoints/{checkpoint.pk}/inclusion/?index=3",
        f"/api/v1/journal/checkpoints/{checkpoint.pk}/consistency/?first=2",
        "/api/v1/journal/checkpoints/keys/",
        "/api/v1/journal/checkpoints/latest/",
    ]
    line = Link.objects.get(index=3).line
    personal = ["Quintefeuille", REASON, sealed.name, json.loads(line)["salt"], "add_membership"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not [words for words in personal if words in answer.content.decode()], address


def test_the_page_gives_a_proof_of_inclusion_that_holds(client, sealed) -> None:
    proof = shown_json(client.get("/preuves/?index=3").content.decode())
    checkpoint = verifier.Checkpoint.read(Checkpoint.objects.get().note, keys())
    steps = [bytes.fromhex(step) for step in proof["inclusion"]]
    leaf = bytes.fromhex(proof["leaf_hash"])
    assert verifier.root_of_inclusion(leaf, 3, 5, steps) == checkpoint.root


def test_the_page_and_the_api_give_the_same_proof_of_growth(client, sealed) -> None:
    proof = shown_json(client.get("/preuves/?first=3&second=5").content.decode())
    pk = Checkpoint.objects.get().pk
    assert client.get(f"/api/v1/journal/checkpoints/{pk}/consistency/?first=3").json() == proof


@pytest.mark.parametrize(
    "asked",
    ["index=5", "index=-1", "index=abc", f"index={2**80}", "first=9&second=3", "first=1&second=6", "first=0"],
)
def test_what_cannot_be_proven_is_said(client, sealed, asked: str) -> None:
    answer = client.get(f"/preuves/?{asked}")
    assert answer.status_code == 200
    assert "fr-error-text" in answer.content.decode() or "erreur" in answer.content.decode()
    pk = Checkpoint.objects.get().pk
    way = "inclusion" if asked.startswith("index") else "consistency"
    first = asked.split("&", maxsplit=1)[0]
    if asked != "first=1&second=6":
        assert client.get(f"/api/v1/journal/checkpoints/{pk}/{way}/?{first}").status_code == 422


def test_the_page_stands_without_anything_signed(client) -> None:
    page = client.get("/preuves/?index=0")
    assert page.status_code == 200
    assert "Aucun point de contrôle" in page.content.decode()
    assert client.get("/api/v1/journal/checkpoints/latest/").status_code == 404


def test_the_verifier_that_is_given_is_the_one_whose_digest_is_shown(client, sealed) -> None:
    given = client.get("/preuves/jalon_verify.py").content
    assert hashlib.sha256(given).hexdigest() in client.get("/preuves/").content.decode()
    compile(given, "jalon_verify.py", "exec")


def test_a_line_waits_for_its_seal_or_is_sealed_on_demand(
    client, organisation, administrator, monkeypatch
) -> None:
    page = client.get("/preuves/lignes/2/")
    assert REASON in page.content.decode()
    assert "Sceller maintenant" in page.content.decode()
    with monkeypatch.context() as signer_away:
        signer_away.setattr(tasks.make_checkpoint, "apply_async", lambda **options: None)
        assert client.get("/preuves/lignes/2/recu.json").status_code == 302
        waiting = client.post("/preuves/lignes/2/sceller/", follow=True)
        assert "La signature est demandée" in waiting.content.decode()
    client.post("/preuves/lignes/2/sceller/")
    assert "Télécharger le reçu" in client.get("/preuves/lignes/2/").content.decode()


@pytest.mark.parametrize(("name", "count"), [("recu", 1), ("extrait", 5)])
def test_receipts_and_extracts_hold_away_from_the_platform(
    client, sealed, administrator, name, count
) -> None:
    answer = client.get(f"/preuves/lignes/2/{name}.json")
    receipt = json.loads(answer.content)
    assert len(receipt["entries"]) == count
    said = verifier.check_receipt(receipt, keys(), authority.certificates())
    assert len(said) == 1 + count + 1
    assert answer["Content-Disposition"].startswith("attachment")
    if name == "recu":
        assert client.get("/api/v1/journal/entries/2/").json() == receipt


def test_a_role_taken_back_closes_the_line_at_once(client, sealed, administrator) -> None:
    assert client.get("/preuves/lignes/2/").status_code == 200
    administrator.memberships.all().delete()
    assert client.get("/preuves/lignes/2/").status_code == 404
    assert client.get("/api/v1/journal/entries/2/").status_code == 404


def test_lines_about_what_nobody_shows_are_read_by_nobody(client, sealed, administrator) -> None:
    record(by=None, action="accounts.add_membership", obj=Checkpoint.objects.get(), at=now())
    assert client.get("/preuves/lignes/5/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/preuves/?index=3",
        "/preuves/?first=2&second=5",
        "/preuves/lignes/2/",
        "/preuves/lignes/2/extrait.json",
    ],
)
def test_pages_ask_little_of_the_database(client, sealed, administrator, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 12
