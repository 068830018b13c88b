"""Files of consultations and bids: the one service at every door (U1, U5, X7), nothing of a bid in clear."""

import logging

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.files.enums import Verdict
from foundation.files.models import Inspection
from foundation.files.selectors import inspection_of
from tenders import services
from tenders.models import Bid, SealedPart, TenderDocument
from tests.accounts.factories import make_member, make_supplier_org
from tests.files.packages import pdf
from tests.tenders.factories import make_bid, make_draft, make_published, make_supplier, open_bids, publish

pytestmark = pytest.mark.django_db
ACTIVE = b"%PDF-1.7\n1 0 obj << /S /GoToR /F (x) >> endobj\ntrailer << >>\n%%EOF\n"
"""Refused by the whole check, not by what can be seen while it passes by."""
NASTY = [
    '"><img src=x onerror=alert(1)>.pdf',
    "<script>alert(1)</script>.pdf",
    "{{ 7*7 }}{% debug %}.pdf",
    "a\r\nX-Injected: 1.pdf",
    "=cmd|' /C calc'!A0.pdf",
    "../../../etc/cron.d/a.pdf",
    "javascript:alert(1).pdf",
]


def add(tender, name="cctp.pdf", content=None):
    upload = SimpleUploadedFile(name, content or pdf())
    upload._name = name  # as a client that does not clean it sends it
    return services.document_add(tender=tender, title="", upload=upload, by=tender.created_by, at=now())


def text(response) -> str:
    return response.content.decode()


def test_a_consultation_takes_no_active_file():
    tender = make_draft()
    with pytest.raises(Refusal) as refused:
        add(tender, content=ACTIVE)
    assert "contenu actif" in str(refused.value)
    assert not TenderDocument.objects.exists()


def test_the_draft_of_others_is_behind_a_link_and_a_published_file_is_open(client):
    tender = make_draft()
    document = add(tender)
    address = reverse("tenders:document", args=[tender.pk, document.pk])
    assert client.get(address).status_code == 404
    client.force_login(tender.created_by)
    assert client.get(address).url.startswith("/fichiers/")
    publish(tender)
    client.logout()
    answer = client.get(address, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"%PDF")
    assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_name_harms_no_page_no_header_no_disk(client, name):
    """U5: where the buyer, the public and the disk meet the name."""
    tender = make_draft()
    document = add(tender, name)
    assert default_storage.exists(document.file.name)
    assert ".." not in document.file.name
    client.force_login(tender.created_by)
    shown = text(client.get(reverse("tenders:files", args=[tender.pk])))
    publish(tender)
    client.logout()
    shown += text(client.get(reverse("tenders:detail", args=[tender.pk])))
    assert "<img src=x" not in shown
    assert "<script>alert" not in shown
    assert "49" not in document.name
    answer = client.get(reverse("tenders:document", args=[tender.pk, document.pk]))
    assert "X-Injected" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", '" onmouseover="alert(1)', "</title><svg onload=alert(1)>"]
)
def test_hostile_words_are_shown_as_words_on_every_page(client, title):
    """U5: titles typed by a buyer, read by the public, in lists, search and pages."""
    tender = make_published(title=title, description=title)
    pages = [reverse("tenders:list"), reverse("tenders:detail", args=[tender.pk]), "/", "/recherche/?q=alert"]
    for address in pages:
        shown = text(client.get(address))
        assert "<script>alert" not in shown and "<svg onload" not in shown, address
        assert '" onmouseover="alert' not in shown, address


def test_hostile_names_of_people_and_firms_are_shown_as_words(client):
    """U5: the names of a person and of an organisation, on the pages that greet and list them."""
    firm = make_supplier_org(name="<script>alert(1)</script> & Fils")
    person = make_member(firm, Role.SUPPLIER, Role.ORG_ADMIN)
    person.full_name = '"><svg onload=alert(1)>'
    person.save(update_fields=["full_name"])
    tender = make_published()
    make_bid(tender, by=person, bidder=firm)
    client.force_login(person)
    addresses = ["/tableau-de-bord/", "/compte/profil/", "/recherche/?q=alert", reverse("tenders:answers")]
    addresses += [
        reverse("accounts:organisation_detail", args=[firm.pk]),
        reverse("tenders:answer", args=[tender.pk]),
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<script>alert" not in text(answer) and "<svg onload" not in text(answer), address


def test_a_hostile_name_writes_no_line_in_the_log(client, caplog):
    """U5: log injection, by a name and by an address."""
    caplog.set_level(logging.DEBUG)
    tender = make_draft()
    add(tender, "a\nWARNING forged\x1b[31m.pdf")
    client.get("/recherche/?q=%0AWARNING%20forged%1b[31m")
    client.get("/fichiers/%0AWARNING%20forged/")
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [r for r in ours if "\nWARNING forged" in r.getMessage() or "\x1b[31m" in r.getMessage()]


class TestBids:
    def test_a_signature_is_refused_while_it_arrives_and_nothing_is_kept(self):
        tender = make_published()
        by, firm = make_supplier()
        with pytest.raises(Refusal) as refused:
            make_bid(tender, by=by, bidder=firm, files=[("note.txt", b"a" * 2_000_000 + EICAR)])
        assert "programme malveillant" in str(refused.value)
        assert not Bid.objects.exists()

    def test_an_opened_file_is_checked_whole_and_read_with_a_warning(self, client):
        tender = make_published()
        make_bid(tender, files=[("note.pdf", ACTIVE)])
        tender = open_bids(tender)
        assert services.opened_files_inspect(at=now()) == 1
        assert services.opened_files_inspect(at=now()) == 0
        part = SealedPart.objects.get(kind="file")
        assert inspection_of(part).verdict == Verdict.DOUBTFUL
        client.force_login(make_member(tender.buyer, Role.BUYER))
        shown = text(client.get(reverse("tenders:lot_analysis", args=[tender.pk, tender.lots.get().pk])))
        assert "À ouvrir avec prudence" in shown
        assert "contenu actif" in shown
        answer = client.get(reverse("tenders:opened_file", args=[tender.pk, part.pk]), follow=True)
        assert b"".join(answer.streaming_content) == ACTIVE

    def test_a_malicious_file_is_told_and_never_handed_over(self, client, monkeypatch):
        """Received before its signature was known: here, past the check of the deposit."""
        tender = make_published()
        with monkeypatch.context() as blind:
            blind.setattr(
                "foundation.files.streaming.StreamCheck.take", lambda self, chunk: setattr(self, "size", 1)
            )
            blind.setattr("foundation.files.streaming.StreamCheck.close", lambda self: None)
            make_bid(tender, files=[("note.txt", EICAR)])
        tender = open_bids(tender)
        part = SealedPart.objects.get(kind="file")
        buyer = make_member(tender.buyer, Role.BUYER)
        client.force_login(buyer)
        address = reverse("tenders:opened_file", args=[tender.pk, part.pk])
        services.opened_files_inspect(at=now())
        assert client.get(address).status_code == 404
        assert Inspection.objects.get().verdict == Verdict.DANGEROUS
        with pytest.raises(Refusal):
            services.bid_file_download(part=part, by=buyer, at=now())
        shown = text(client.get(reverse("tenders:lot_analysis", args=[tender.pk, tender.lots.get().pk])))
        assert "Non remis" in shown
        assert address not in shown

    def test_nothing_is_written_in_clear_neither_before_nor_after_the_opening(self):
        canary = b"phrase canari 31415926"
        tender = make_published()
        make_bid(tender, files=[("note.txt", canary * 100_000)])
        tender = open_bids(tender)
        services.opened_files_inspect(at=now())
        part = SealedPart.objects.get(kind="file")
        with part.file.open("rb") as sealed:
            assert canary not in sealed.read()
        assert inspection_of(part).verdict == Verdict.CLEAN
        assert canary.decode() not in str(Inspection.objects.values())
