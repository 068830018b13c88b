"""The page of an answer: candidature, rows added, prices from a spreadsheet, nothing kept in clear."""

import io

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.clock import now
from foundation.files.checks.signatures import EICAR
from tenders import selectors, services
from tenders.models import Candidature, OpenedFacts
from tenders.spreadsheets import schedule_book
from tests.accounts.factories import make_siret
from tests.concierge.factories import make_certificate
from tests.tenders import without_script
from tests.tenders.factories import PDF, make_draft, make_published, make_supplier, open_bids, publish

pytestmark = pytest.mark.django_db
ONES = {1: {"UO-1": "1", "UO-2": "1"}}
DECLARED = services.CandidatureDraft(is_declared=True)


@pytest.fixture
def tender():
    return make_published()


@pytest.fixture
def firm():
    return make_supplier()


@pytest.fixture
def browser(firm):
    client = Client()
    client.force_login(firm[0])
    return client


def prices(tender, amount="1250,00") -> dict:
    return {f"prix-{line.pk}": amount for lot in tender.lots.all() for line in lot.price_lines.all()}


def filled(tender, *amounts, name="bordereau.xlsx") -> SimpleUploadedFile:
    book = openpyxl.load_workbook(io.BytesIO(schedule_book(tender.lots.get())))
    for rank, amount in enumerate(amounts, start=5):
        book.active[f"D{rank}"] = amount
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def post(browser, tender, **data):
    return browser.post(reverse("tenders:answer", args=[tender.pk]), data)


def test_the_page_takes_the_file_of_the_firm_again(tender, firm, browser):
    page = browser.get(reverse("tenders:answer", args=[tender.pk])).content.decode()
    assert "Votre dossier fournisseur est vide" in page and "L2141-1" in page
    assert "rien de ce que vous écrivez n'est gardé avant le dépôt" in page.replace("&#x27;", "'")
    paper = make_certificate(firm[1], firm[0], now())
    page = browser.get(reverse("tenders:answer", args=[tender.pk]))
    assert page.context["form"]["certificates"].initial == [str(paper.pk)]
    assert "est repris" in page.content.decode()


def test_an_answer_without_declaration_is_refused_beside_the_box(tender, browser):
    page = post(browser, tender, **prices(tender), grouping="alone")
    assert "Cochez la déclaration sur l" in page.content.decode() and not tender.bids.exists()
    assert page.context["form"].errors["declared"] and "1250,00" in page.content.decode()


def test_a_whole_answer_with_a_consortium_is_deposited(tender, firm, browser):
    siret = make_siret()
    data = {
        **prices(tender),
        "declared": "on",
        "declared_quality": "Gérante",
        "grouping": "joint",
        "membre-1-siret": f"{siret[:3]} {siret[3:]}",
        "membre-1-name": "Deuxième ligne",
        "soustraitant-0-siret": make_siret(),
        "soustraitant-0-name": "Hébergeur",
        "soustraitant-0-services": "Hébergement",
        "soustraitant-0-amount_excl_tax": "1 000,50",
        "lot-1-files": [SimpleUploadedFile("memoire.pdf", PDF)],
    }
    page = without_script.answer(browser, tender, data)
    assert "Votre pli est déposé" in page.content.decode(), page.context["form"].errors
    open_bids(tender)
    found = Candidature.objects.get()
    assert (found.members.get().siret, found.declared_quality) == (siret, "Gérante")
    assert str(found.subcontractors.get().amount_excl_tax) == "1000.50"


def test_a_wrong_partner_is_told_on_its_own_row(tender, browser):
    data = {"declared": "on", "grouping": "joint", "membre-1-siret": "123", "membre-1-name": "X"}
    page = post(browser, tender, **prices(tender), **data)
    assert list(page.context["form"].errors) == ["membre-1-siret"]


def test_rows_are_added_without_losing_what_was_typed(tender, browser):
    data = {"ajouter": "membre", "membres": "2", "membre-0-name": "Déjà écrit", "grouping": "joint"}
    page = post(browser, tender, **prices(tender, "77,70"), **data)
    assert len(page.context["form"].member_rows) == 4 and not page.context["form"].errors
    text = page.content.decode()
    assert "Déjà écrit" in text and "77,70" in text and not tender.bids.exists()


@pytest.mark.parametrize("count", ["-1", "9999", "²", "x"])
def test_an_odd_count_of_rows_is_bounded(tender, browser, count):
    page = post(browser, tender, ajouter="membre", membres=count)
    assert 2 <= len(page.context["form"].member_rows) <= 20


def test_the_schedule_is_downloaded_by_anyone(tender):
    answer = Client().get(reverse("tenders:schedule", args=[tender.pk, 1]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active["A5"].value == "UO-1"
    assert Client().get(reverse("tenders:schedule", args=[tender.pk, 9])).status_code == 404


def test_imported_prices_are_shown_to_be_confirmed_and_kept_nowhere(tender, browser):
    """S1: prices read in a spreadsheet are in the answer of the server, and nowhere else."""
    before = set(Session.objects.values_list("session_data", flat=True))
    page = post(browser, tender, importer="1", **{"bordereau-1": filled(tender, 31415926.53, "deux")})
    text = page.content.decode()
    assert "31415926,53" in text and "1 prix lu" in text and "Écrivez un nombre en chiffres" in text
    assert not tender.bids.exists()
    assert set(Session.objects.values_list("session_data", flat=True)) == before
    assert "31415926" not in str(browser.cookies)
    again = browser.get(reverse("tenders:answer", args=[tender.pk])).content.decode()
    assert "31415926" not in again


def test_a_schedule_sent_with_the_deposit_is_read_before_anything_is_deposited(tender, browser):
    sheet = filled(tender, 10, 20)
    page = post(browser, tender, declared="on", grouping="alone", **prices(tender), **{"bordereau-1": sheet})
    assert not tender.bids.exists() and "2 prix lus" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.xlsx", EICAR, "malveillant"),
        ("b.pdf", PDF, "type accepté"),
        ("b.xlsx", b"x" * (2 * 1024 * 1024 + 1), "dépasse 2 Mo"),
    ],
)
def test_a_schedule_that_hurts_is_told_and_what_was_typed_stays(tender, browser, name, content, words):
    sheet = SimpleUploadedFile(name, content)
    page = post(browser, tender, **prices(tender, "88,80"), **{"bordereau-1": sheet})
    assert words in page.content.decode() and "88,80" in page.content.decode()


def test_a_file_is_still_sealed_beside_a_schedule(tender, browser):
    """The two ways of an upload do not mix: the memoir is sealed, the schedule is read."""
    files = {"bordereau-1": filled(tender, 1, 2), "lot-1-files": SimpleUploadedFile("m.pdf", PDF)}
    page = post(browser, tender, **files)
    assert "2 prix lus" in page.content.decode()


def test_the_firm_follows_its_candidature_and_completes_it(tender, firm, browser):
    by, bidder = firm
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    bid = services.bid_deposit(envelope=envelope, prices=ONES, candidature=DECLARED, by=by)
    opened = open_bids(tender)
    buyer = Client()
    buyer.force_login(tender.created_by)
    candidature = Candidature.objects.get()
    url = reverse("tenders:candidatures_complete", args=[opened.pk])
    form = buyer.get(url).context["form"]
    data = {box.html_name: "on" for group in form.groups for box, _words in group.fields if box.initial}
    data |= {w.html_name: w.initial for group in form.groups for _box, w in group.fields if w.initial}
    page = buyer.post(url, {**data, "due_at": "2001-01-01T12:00"})
    assert "au moins 24 heures" in page.content.decode()
    buyer.post(url, {**data, "due_at": "2099-01-01T12:00"})
    candidature.refresh_from_db()
    assert candidature.state == "to_complete"
    receipt = browser.get(reverse("tenders:bid", args=[bid.pk])).content.decode()
    complements = reverse("tenders:complements", args=[bid.pk])
    assert complements in receipt
    item = candidature.asked.first()
    page = browser.post(complements, {"item": item.pk, "upload": SimpleUploadedFile("v.pdf", EICAR)})
    assert "malveillant" in page.content.decode()
    browser.post(
        complements, {"item": item.pk, "upload": SimpleUploadedFile("bon.pdf", PDF), "words": "Voici"}
    )
    page = buyer.get(reverse("tenders:candidature", args=[opened.pk, candidature.pk])).content.decode()
    assert "bon.pdf" in page and "Voici" in page
    assert "bon.pdf" in browser.get(complements).content.decode()


def test_the_buyer_decides_on_the_pages_and_the_firm_reads_it_once_settled(tender, firm, browser):
    by, bidder = firm
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    bid = services.bid_deposit(envelope=envelope, prices=ONES, candidature=DECLARED, by=by)
    open_bids(tender)
    buyer = Client()
    buyer.force_login(tender.created_by)
    pk = Candidature.objects.get().pk
    url = reverse("tenders:candidature_exclude", args=[tender.pk, pk])
    page = buyer.post(url, {"ground": "capacity"})
    assert page.context["form"].errors["reason"]
    buyer.post(url, {"ground": "capacity", "reason": "Aucune référence comparable."})
    own = reverse("tenders:bid", args=[bid.pk])
    assert "Aucune référence" not in browser.get(own).content.decode()
    table = buyer.get(reverse("tenders:candidatures", args=[tender.pk])).content.decode()
    assert "Arrêter la liste" in table
    buyer.post(reverse("tenders:candidatures_settle", args=[tender.pk]))
    assert "Aucune référence comparable." in browser.get(own).content.decode()


def asked():
    """A published consultation whose lot asks two impact questions, one of them with its evidence."""
    draft = make_draft()
    lot = draft.lots.get()
    questions = [
        {
            "theme": "environment",
            "text": "Quel poids font vos pages ?",
            "evidence": "Une mesure",
            "is_required": True,
        },
        {"theme": "environment", "text": "Et ensuite ?", "evidence": "", "is_required": False},
    ]
    services.impact_questions_set(lot=lot, questions=questions, by=draft.created_by, at=now())
    return publish(draft)


def test_impact_answers_are_sealed_with_their_evidence_and_read_after_the_opening(firm, browser):
    tender = asked()
    first, second = tender.lots.get().impact_questions.all()
    page = browser.get(reverse("tenders:answer", args=[tender.pk])).content.decode()
    assert "Quel poids font vos pages ?" in page and "Preuve attendue : Une mesure" in page
    data = {**prices(tender), "declared": "on"}
    page = post(browser, tender, **data)
    assert list(page.context["form"].errors) == [f"impact-{first.pk}"]
    page = post(browser, tender, **data, **{f"impact-{first.pk}": "200 ko"})
    assert list(page.context["form"].errors) == [f"preuve-{first.pk}"]
    told = {f"impact-{first.pk}": "200 ko", f"preuve-{first.pk}": "mesure.pdf"}
    without_script.answer(browser, tender, data | told)
    assert not OpenedFacts.objects.exists()
    open_bids(tender)
    told = selectors.impact_answers(tender.lots.get().offers.get())
    assert [(one.question, one.words, one.evidence) for one in told] == [
        (first, "200 ko", "mesure.pdf"),
        (second, "", ""),
    ]


def test_a_call_for_candidatures_asks_no_price_and_takes_the_lots(firm, browser):
    """Restricted: the candidature comes first, alone."""
    tender = make_published(procedure="restricted", lots=2)
    page = browser.get(reverse("tenders:answer", args=[tender.pk]))
    assert "prix-" not in page.content.decode()
    page = post(browser, tender, declared="on")
    assert list(page.context["form"].errors) == ["lot_numbers"]
    data = {"declared": "on", "lot_numbers": ["2"], "files": [SimpleUploadedFile("m.pdf", PDF)]}
    page = without_script.answer(browser, tender, data)
    assert "Votre pli est déposé" in page.content.decode(), page.context["form"].errors
    open_bids(tender)
    assert Candidature.objects.get().lot_numbers == [2]
