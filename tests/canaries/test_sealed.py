"""S1 of the trust file: nothing of a sealed bid is anywhere before the opening; all of it is there after."""

import logging
import secrets
import tempfile
from pathlib import Path

import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from foundation.api.models import AccessToken
from foundation.documents.models import Document
from procurement.operations.logs import configuration
from tenders import sealing
from tenders.models import Bid, Offer, SealedPart
from tests.accounts.factories import make_member, make_platform_admin
from tests.canaries import sinks
from tests.tenders import without_script
from tests.tenders.factories import custodians_of, make_published, make_supplier, open_bids

BIDS = 20
BIG = 3 * 1024 * 1024
"""Above FILE_UPLOAD_MAX_MEMORY_SIZE: Django's own handlers would write it to a temporary file."""


class Canary:
    """What one bidder writes and nobody may read: a price, a phrase, a file and its name."""

    RUN = secrets.token_hex(6)
    DIGITS = secrets.randbelow(9 * 10**5) + 10**5

    def __init__(self, number: int) -> None:
        self.supplier, self.firm = make_supplier()
        self.price = f"31{self.DIGITS}{10 + number}.53"
        self.other_price = f"27{self.DIGITS}{10 + number}.41"
        self.phrase = f"canari-{self.RUN}-{number:02d}"
        self.name = f"offre-{self.RUN}-{number:02d}"
        filler = b"." * (BIG if number % 5 == 0 else 1000)
        self.content = b"Notre secret : " + self.phrase.encode() + filler + self.phrase.encode()

    @property
    def words(self) -> list[str]:
        """Everything to search for."""
        return [self.price, self.other_price, self.phrase, self.name]

    @staticmethod
    def hunt(canaries) -> sinks.Hunt:
        """The search for everything that these bidders wrote."""
        return sinks.Hunt(*zip(*(canary.words for canary in canaries), strict=True))

    @property
    def file(self) -> SimpleUploadedFile:
        """The file as it is sent."""
        return SimpleUploadedFile(f"{self.name}.txt", self.content)


def deposit_by_page(tender, canary: Canary) -> None:
    """Answer with a browser."""
    one, two = tender.lots.get().price_lines.all()
    client = Client()
    client.force_login(canary.supplier)
    body = {
        "declared": "on",
        f"prix-{one.pk}": canary.price.replace(".", ","),
        f"prix-{two.pk}": canary.other_price,
        "lot-1-files": [canary.file],
    }
    answer = without_script.answer(client, tender, body)
    assert answer.status_code == 200 and Bid.objects.filter(bidder=canary.firm).exists(), (
        answer.content.decode()
    )


def deposit_by_api(tender, canary: Canary) -> None:
    """Answer from another portal."""
    client = APIClient(headers={"If-Match": "*"})
    _row, token = AccessToken.objects.create(user=canary.supplier, scopes=["read", "bids:write"])
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    prices = f'{{"1": {{"UO-1": "{canary.price}", "UO-2": {canary.other_price}}}}}'
    body = {"prices": prices, "files": canary.file, "candidature": '{"is_declared": true}'}
    answer = client.post(f"/api/v1/tenders/{tender.pk}/deposit/", body, format="multipart")
    assert answer.status_code == 201, answer.data


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Folders of this test alone for the logs (at their most talkative) and the temporary files."""
    logs, temporary = tmp_path / "logs", tmp_path / "tmp"
    logs.mkdir(), temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    raw, written = logging.FileHandler(logs / "all.log"), logging.FileHandler(logs / "production.json")
    written.setFormatter(_as_production_writes())
    root = logging.getLogger()
    root.addHandler(raw)
    root.addHandler(written)
    former = root.level
    root.setLevel(logging.DEBUG)
    yield logs, temporary
    root.setLevel(former)
    root.removeHandler(raw)
    root.removeHandler(written)


def _as_production_writes() -> logging.Formatter:
    how = configuration(machine=True, level="DEBUG", with_messages=False)["formatters"]["event"]
    return structlog.stdlib.ProcessorFormatter(
        processors=how["processors"], foreign_pre_chain=how["foreign_pre_chain"]
    )


@pytest.fixture
def spooled(monkeypatch):
    """The files open in this process at the end of each upload, when a spooled copy would be whole."""
    seen: list[tuple[str, bytes]] = []
    finish = sealing.Sealer.finish

    def watched(sealer):
        sealed = finish(sealer)
        if sealer.plain_size >= BIG:
            seen.extend(sinks.open_files())
        return sealed

    monkeypatch.setattr(sealing.Sealer, "finish", watched)
    return seen


def found(sink, hunt: sinks.Hunt) -> list[tuple[str, list[str]]]:
    """Where canaries are found in a sink."""
    return [(place, hits) for place, content in sink if (hits := hunt.hits(content))]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_sealed_bid_is_anywhere_before_the_opening(kept, spooled):
    tender = make_published()
    canaries = [Canary(number) for number in range(BIDS)]
    for number, canary in enumerate(canaries):
        (deposit_by_page if number % 2 else deposit_by_api)(tender, canary)
    hunt = Canary.hunt(canaries)
    assert Bid.objects.count() == BIDS

    assert len(spooled) > 0 and found(spooled, hunt) == []
    assert found(sinks.everything_kept(*kept), hunt) == []
    users = _users(tender, canaries)
    assert found(sinks.pages(users, _values(tender, canaries)), hunt) == []

    _open_and_look(tender, canaries, users)


def _users(tender, canaries) -> dict:
    return {
        "anyone": None,
        "buyer": tender.created_by,
        "custodian": custodians_of(tender)[0],
        "signatory": make_member(tender.buyer, Role.SIGNATORY),
        "evaluator": make_member(tender.buyer, Role.EVALUATOR),
        "auditor": make_member(tender.buyer, Role.AUDITOR),
        "bidder": canaries[0].supplier,
        "competitor": canaries[1].supplier,
        "platform": make_platform_admin(),
    }


def _values(tender, canaries) -> dict:
    bid = Bid.objects.get(bidder=canaries[0].firm)
    part = SealedPart.objects.get(bid=bid, kind="file")
    receipt = Document.objects.get(kind="tenders.receipt", object_id=str(bid.pk))
    lot = tender.lots.get()
    offers = list(Offer.objects.filter(bid=bid).values_list("pk", flat=True))
    return {
        "pk": [tender.pk, bid.pk, receipt.pk, *offers],
        "bid_pk": [bid.pk],
        "part_pk": [part.pk],
        "lot_pk": [lot.pk],
        "other_pk": [lot.pk],
        "offer_pk": offers or [1],
        "project_pk": [tender.project_id],
    }


def _open_and_look(tender, canaries, users) -> None:
    """The positive control: after the opening the same search finds everything, for those who may."""
    open_bids(tender)
    values = _values(tender, canaries)
    hunt = Canary.hunt(canaries[:1])
    readers = {name: users[name] for name in ("buyer", "auditor")}
    for who, user in readers.items():
        seen = b"".join(
            content for _place, content in sinks.pages({who: user}, values, under="/consultations/")
        )
        assert set(hunt.hits(seen)) == set(canaries[0].words), who
    for who in ("anyone", "competitor", "platform"):
        assert found(sinks.pages({who: users[who]}, values, under="/consultations/"), hunt) == [], who
    told = sinks.dump()
    assert all(canary.name in told.decode() for canary in canaries)


def test_the_search_finds_what_is_there(tmp_path):
    """The control of the control: each spelling of a canary is recognised."""
    for spelling in ("31415926.53", "31415926,53", "31\u202f415\u202f926,53", b"31415926.53".hex()):
        (tmp_path / "trace").write_bytes(b"avant " + spelling.encode() + b" fin")
        assert found(sinks.files_under(Path(tmp_path)), sinks.Hunt(["31415926.53"]))


def test_the_search_sees_an_upload_that_is_not_sealed():
    """The same for what Django's own handler would have written."""
    with TemporaryUploadedFile("offre.txt", "text/plain", 0, None) as upload:
        upload.write(b"avant 31415926.53 fin")
        upload.flush()
        assert found(sinks.open_files(), sinks.Hunt(["31415926.53"]))
