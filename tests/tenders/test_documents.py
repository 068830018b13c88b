"""The price schedule, the analysis report and the letters of a consultation, in their formats; its dossier."""

import io

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.documents import printing
from foundation.documents import services as documents
from foundation.documents.models import Batch, Document, Retention
from foundation.money import format_euros, format_number
from tenders import services
from tenders.ranking import ranking
from tenders.selectors import pieces_of
from tests.accounts.factories import make_member
from tests.tenders.factories import make_bid, make_published, open_bids, score_all

pytestmark = pytest.mark.django_db


def content_of(document, form: str) -> bytes:
    document.refresh_from_db()
    printed = printing.print_document(document)
    return next(one.content for one in printed if one.form == form)


@pytest.fixture
def opened():
    tender = make_published()
    make_bid(tender, prices={"UO-1": "100", "UO-2": "100"})
    make_bid(tender, prices={"UO-1": "200", "UO-2": "200"})
    return open_bids(tender)


def award(tender):
    score_all(tender)
    lot = tender.lots.get()
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=tender.created_by, at=now())
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    return services.tender_award(tender=tender, by=signatory, at=now())


def test_publication_gives_the_price_schedule_as_a_spreadsheet(client):
    tender = make_published(lots=2)
    schedule = Document.objects.get(kind="tenders.price_schedule")
    book = openpyxl.load_workbook(io.BytesIO(content_of(schedule, "xlsx")))
    assert len(book.worksheets) == 2
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert ["UO-1", "Investigation", "forfait", 2, None] in rows
    documents.document_render(document_id=schedule.pk, at=now())
    page = client.get(reverse("tenders:detail", args=[tender.pk])).content.decode()
    assert schedule.title in page, "anyone reads it"
    download = client.get(reverse("documents:download", args=[schedule.pk]), follow=True)
    assert download["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_report_is_a_draft_until_the_award(client, opened):
    buyer = opened.created_by
    client.force_login(buyer)
    client.post(reverse("tenders:analysis_report", args=[opened.pk]))
    draft = Document.objects.get(kind="tenders.analysis_report")
    assert draft.is_draft
    assert draft.organisation == opened.buyer
    tender = award(opened)
    client.post(reverse("tenders:analysis_report", args=[tender.pk]))
    report = Document.objects.get(kind="tenders.analysis_report", is_draft=False)
    words = docx.Document(io.BytesIO(content_of(report, "docx")))
    table = words.tables[0]
    assert [row.cells[0].text for row in table.rows] == ["Rang", "1", "2"]
    holder = tender.lots.get().awards.get().bidder.name
    assert any(holder in paragraph.text for paragraph in words.paragraphs)
    assert content_of(report, "pdf").startswith(b"%PDF-")


def test_letters_are_asked_for_in_one_batch(client, opened):
    tender = award(opened)
    client.force_login(tender.created_by)
    answer = client.post(reverse("tenders:letters", args=[tender.pk]))
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    letters = list(batch.documents.order_by("pk"))
    assert [letter.is_draft for letter in letters] == [False, False]
    texts = [
        "\n".join(p.text for p in docx.Document(io.BytesIO(content_of(one, "docx"))).paragraphs)
        for one in letters
    ]
    assert sum("n’est pas retenue" in text for text in texts) == 1
    assert all("R2182-1" in text for text in texts)


def test_a_letter_is_read_by_its_firm_once_final(client, opened):
    row = ranking(opened.lots.get())
    assert row
    score_all(opened)
    supplier = make_member(row[0].offer.bidder, Role.SUPPLIER)
    client.force_login(opened.created_by)
    client.post(reverse("tenders:letters", args=[opened.pk]))
    draft = Document.objects.get(kind="tenders.result_letter", object_id=str(row[0].offer.pk))
    client.force_login(supplier)
    assert draft.is_draft
    assert client.get(draft.get_absolute_url()).status_code == 404
    lot = opened.lots.get()
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=opened.created_by, at=now())
    signatory = make_member(opened.buyer, Role.SIGNATORY)
    tender = services.tender_award(tender=opened, by=signatory, at=now())
    client.force_login(tender.created_by)
    client.post(reverse("tenders:letters", args=[tender.pk]))
    own, other = (
        Document.objects.get(kind="tenders.result_letter", object_id=str(one.offer.pk), is_draft=False)
        for one in row
    )
    client.force_login(supplier)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert row[1].offer.bidder.name not in str(own.facts), "nothing of the others but the holders' names"


def test_a_letter_says_why_the_holder_was_preferred_and_nothing_secret_of_the_others(client):
    """L2132-1 (L34 of the law file): names of holders and criteria, no price, no mark, no other loser."""
    tender = make_published()
    for price in ("100", "211", "377"):
        make_bid(tender, prices={"UO-1": price, "UO-2": price})
    tender = award(open_bids(tender))
    client.force_login(tender.created_by)
    client.post(reverse("tenders:letters", args=[tender.pk]))
    rows = ranking(tender.lots.get())
    for row in rows:
        letter = Document.objects.get(kind="tenders.result_letter", object_id=str(row.offer.pk))
        said = str(letter.facts)
        others = [other for other in rows if other is not row]
        for other in others:
            assert (other.offer.bidder.name in said) == (other.rank == 1)
            assert format_euros(other.offer.total_excl_tax) not in said
            assert str(other.offer.total_excl_tax) not in said
            assert format_number(other.score) not in said
    last = Document.objects.get(kind="tenders.result_letter", object_id=str(rows[2].offer.pk))
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(content_of(last, "docx"))).paragraphs)
    assert "classée au rang 1" in words
    assert "mieux notée que la vôtre sur : Prix" in words
    assert "L2132-1" in words
    first = Document.objects.get(kind="tenders.result_letter", object_id=str(rows[0].offer.pk))
    assert first.facts["preferred"] == []


def test_the_letters_are_kept_from_the_end_of_the_procedure(client, opened):
    """R2184-12 (L44): the term of the letters begins with that of the procedure."""
    tender = award(opened)
    client.force_login(tender.created_by)
    client.post(reverse("tenders:letters", args=[tender.pk]))
    terms = Retention.objects.filter(document__kind="tenders.result_letter")
    assert set(terms.values_list("starts_date", flat=True)) == {None}
    day = localdate(now())
    documents.term_start(objects=pieces_of(tender), starts_date=day, by=tender.created_by, at=now())
    assert set(terms.values_list("starts_date", flat=True)) == {day}


def test_no_letter_before_any_rank(client, opened):
    client.force_login(opened.created_by)
    answer = client.post(reverse("tenders:letters", args=[opened.pk]), follow=True)
    assert "Aucun document" in answer.content.decode()
    assert not Batch.objects.exists()


def test_the_dossier_shows_each_reader_his_own(client, opened):
    address = reverse("documents:dossier", args=["consultation", opened.pk])
    anonymous = client.get(address).content.decode()
    assert "Bordereau des prix" in anonymous
    assert "Accusé de réception" not in anonymous
    assert "Procès-verbal" not in anonymous
    client.force_login(opened.created_by)
    buyer = client.get(address).content.decode()
    assert buyer.count("Accusé de réception : ") >= 2
    assert "Procès-verbal d&#x27;ouverture" in buyer


def test_the_dossier_costs_the_same_whatever_the_number_of_bids(client, django_assert_max_num_queries):
    tender = make_published()
    for _bid in range(6):
        make_bid(tender)
    tender = open_bids(tender)
    client.force_login(tender.created_by)
    with django_assert_max_num_queries(13):
        client.get(reverse("documents:dossier", args=["consultation", tender.pk]))


def test_giving_up_starts_the_five_years(opened):
    tender = make_published()
    services.tender_cancel(tender=tender, reason="Besoin disparu.", by=tender.created_by, at=now())
    (document,) = Document.objects.filter(object_type="tenders.Tender", object_id=str(tender.pk))
    term = document.retention
    assert term.keep_until_date.year == now().year + 5
    assert "R2184-12" in str(term.rule.article)
