"""The papers written in the tool: chosen, adapted for a reason, completed, laid out, compared."""

import io
import zipfile

import openpyxl
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.documents.models import Document
from foundation.documents.services import document_render
from foundation.errors import Refusal
from tenders import library, selectors, services
from tenders.comparison import compare_words
from tenders.enums import PaperKind, Technique
from tenders.library import variables
from tenders.library.tables import TABLES
from tenders.models import PaperClause, PaperVersion
from tests.accounts.factories import make_member
from tests.owner import as_owner
from tests.tenders.factories import make_draft, publish

pytestmark = pytest.mark.django_db
MOST = 24
VALUES = {
    "probleme": "Un tiers abandonne.",
    "usagers": "12 000 gestionnaires.",
    "indicateurs": "le taux d'abandon",
    "tribunal": "tribunal administratif de Paris",
}


@pytest.fixture
def draft():
    return make_draft(custodians=3)


@pytest.fixture
def composed(draft, at):
    services.papers_compose(tender=draft, by=draft.created_by, at=at)
    return draft


def completed(tender, at, **more):
    services.paper_values_set(tender=tender, values={**VALUES, **more}, by=tender.created_by, at=at)
    return tender


def paper(tender, kind):
    return next(one for one in selectors.papers_of(tender) if one.kind == kind)


class TestLibrary:
    """What ships with the platform."""

    def test_each_clause_is_whole(self):
        clauses = library.all_clauses()
        assert len(clauses) >= 40 and len({clause.code for clause in clauses}) == len(clauses)
        for clause in clauses:
            assert clause.title and clause.text and clause.article and clause.advice, clause.code
            assert not variables.unknown_in(clause.text), clause.code
            assert clause.table in ("", *TABLES) and clause.only in ("", "framework", "negotiates")

    @pytest.mark.parametrize(
        "word",
        ["RGAA", "Syntec", "EUPL", "réversibilité", "sous-trait", "avance", "pénalité", "unité d'œuvre"],
    )
    def test_digital_services_find_their_words(self, word):
        texts = " ".join(f"{clause.text} {clause.title}" for clause in library.all_clauses())
        known = texts + " ".join(str(asked.default) for asked in variables.ASKED)
        assert word.casefold() in known.casefold()

    def test_every_variable_is_used(self):
        used = {name for clause in library.all_clauses() for name in variables.used_in(clause.text)}
        assert used == set(variables.BY_NAME)


def test_papers_are_composed_from_what_the_draft_is(at):
    framework, contract = (
        make_draft(custodians=0),
        make_draft(custodians=0, technique=Technique.CONTRACT, maximum_value_excl_tax=None),
    )
    for tender in (framework, contract):
        services.papers_compose(tender=tender, by=tender.created_by, at=at)
    codes = [{clause.code for clause in paper(one, "ccap").clauses.all()} for one in (framework, contract)]
    assert "ccap-commandes" in codes[0] and "ccap-commandes" not in codes[1]
    assert "rc-negociation" not in {clause.code for clause in paper(framework, "rc").clauses.all()}
    facts = selectors.paper_facts(paper(framework, "rc"), selectors.values_for(framework))
    tables = [clause["table"] for chapter in facts["chapters"] for clause in chapter["clauses"]]
    assert "Valeur technique" in str(tables) and framework.title in facts["values"]["intitule"]


def test_what_is_missing_is_told_and_blocks_the_publication(composed, at):
    missing = selectors.missing_values(selectors.papers_of(composed), selectors.values_for(composed))
    assert "tribunal" in missing and "delaipaiement" not in missing
    with pytest.raises(Refusal, match="Tribunal"):
        publish(composed, at=at)


def test_an_adapted_clause_says_why(composed, at):
    clause = paper(composed, "ccap").clauses.get(code="ccap-garantie")
    write = {"clause": clause, "title": clause.title, "by": composed.created_by, "at": at}
    with pytest.raises(Refusal) as caught:
        services.paper_clause_write(text="Garantie d'un an.", reason=" ", **write)
    assert caught.value.reasons[0].field == "reason"
    written = services.paper_clause_write(text="Garantie d'un an.", reason="Service critique.", **write)
    assert written.is_adapted
    original = library.clause("ccap-garantie").text
    assert not services.paper_clause_write(text=original, reason="", **write).is_adapted
    with pytest.raises(Refusal, match="inventee"):
        services.paper_clause_write(text="{{ inventee }}", reason="Essai.", **write)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperClause.objects.filter(pk=clause.pk).update(is_adapted=True, reason="")


def test_clauses_are_taken_out_and_put_back_in_their_chapter(composed, at):
    rc = paper(composed, "rc")
    services.paper_clause_remove(clause=rc.clauses.get(code="rc-sauvegarde"), by=composed.created_by, at=at)
    add = {"paper": rc, "code": "rc-sauvegarde", "by": composed.created_by, "at": at}
    with pytest.raises(Refusal):
        services.paper_clause_add(reason="", **add)
    services.paper_clause_add(reason="Fichiers lourds.", **add)
    rows = list(rc.clauses.order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    chapters = [row.chapter for row in rows]
    assert chapters == sorted(chapters, key=chapters.index)
    with pytest.raises(Refusal, match="déjà"):
        services.paper_clause_add(reason="Encore.", **add)


def test_versions_are_laid_out_in_pdf_and_word_and_compared(composed, at, client):
    completed(composed, at)
    made = services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    assert [version.kind for version in made] == list(PaperKind)
    with pytest.raises(Refusal, match="Rien n'a changé"):
        services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    completed(composed, at, penalitejour="250 €")
    [second] = services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    assert (second.kind, second.number) == ("ccap", 2)
    client.force_login(composed.created_by)
    page = client.get(reverse("tenders:paper_compare", args=[composed.pk, "ccap"])).content.decode()
    assert "<ins>" in page and "250" in page and "[retiré :" in page
    document = Document.objects.get(object_id=str(second.pk), object_type="tenders.PaperVersion")
    assert document.is_draft
    document_render(document_id=document.pk, at=at)
    document.refresh_from_db()
    assert document.state == "ready" and document.pages >= 3
    word = document.renditions.get(form="docx")
    with word.file.open("rb") as stored:
        text = zipfile.ZipFile(io.BytesIO(stored.read())).read("word/document.xml").decode()
    assert "250" in text and "Pénalités" in text


def test_published_papers_are_everybody_s_and_frozen_then_follow_the_deadline(composed, at, client):
    completed(composed, at)
    tender = publish(composed, at=at)
    assert {version.kind for version in selectors.public_papers(tender)} == set(PaperKind)
    page = client.get(reverse("tenders:detail", args=[tender.pk])).content.decode()
    assert "Règlement de la consultation (RC), version 1" in page
    with pytest.raises(InternalError, match="frozen"), transaction.atomic():
        PaperClause.objects.filter(paper__tender=tender).update(text="Autre")
    services.corrigendum_publish(
        tender=tender, reason="Coquille.", fields={"department_codes": ["29"]}, by=tender.created_by, at=at
    )
    after = {version.kind: version.number for version in selectors.public_papers(tender)}
    assert after["rc"] == 2 and after["ccap"] == after["bpu"] == 1
    with as_owner(), pytest.raises(InternalError), transaction.atomic():
        PaperVersion.objects.filter(tender=tender).update(facts={})


def test_the_price_schedule_is_a_spreadsheet_with_its_simulation(composed, at):
    services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    lot = composed.lots.get()
    lines = [{"code": "UO-1", "label": "Une", "unit": "mois", "simulated_quantity": 7}]
    services.price_lines_set(lot=lot, lines=lines, by=composed.created_by, at=at)
    made = services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    assert {version.kind for version in made} == {"bpu", "cctp"}
    version = next(version for version in made if version.kind == "bpu")
    document = Document.objects.get(object_id=str(version.pk), object_type="tenders.PaperVersion")
    document_render(document_id=document.pk, at=at)
    document.refresh_from_db()
    with document.file.open("rb") as stored:
        book = openpyxl.load_workbook(stored)
    assert [sheet.title[:6] for sheet in book.worksheets] == ["1. BPU", "2. DQE"]
    assert 7 in [cell.value for row in book.worksheets[-1].iter_rows() for cell in row]


def test_a_draft_version_is_not_everybody_s(composed, at, client):
    completed(composed, at)
    services.paper_versions_make(tender=composed, by=composed.created_by, at=at)
    version = composed.paper_versions.first()
    [shown] = selectors.with_documents(make_member(composed.buyer, Role.AUDITOR), [version])
    assert shown.document
    [hidden] = selectors.with_documents(make_draft(custodians=0).created_by, [version])
    assert hidden.document is None


def test_an_organisation_writes_its_own_version_for_its_next_papers(draft, at, client):
    client.force_login(draft.created_by)
    address = reverse("tenders:clause", args=["ccap-paiement"])
    posted = {"title": "Paiement", "text": "Vingt jours.", "article": "", "advice": ""}
    assert client.post(address, posted).status_code == 302
    assert "Vingt" in client.get(address).content.decode()
    found = selectors.library_clause(draft.buyer, "ccap-paiement")
    assert (found.text, found.origin) == ("Vingt jours.", "Organisation v1")
    other = make_draft(custodians=0)
    assert selectors.library_clause(other.buyer, "ccap-paiement").origin == "Jalon v1"
    services.papers_compose(tender=draft, by=draft.created_by, at=at)
    clause = paper(draft, "ccap").clauses.get(code="ccap-paiement")
    assert (clause.text, clause.origin) == ("Vingt jours.", "Organisation v1")


def test_a_word_comparison_gives_both_texts_back():
    before, after = "Le délai est de trente jours.", "Le délai est de vingt jours ouvrés."
    pieces = compare_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert [piece.kind for piece in pieces] == ["same", "removed", "added", "same"]


def test_a_value_never_becomes_markup(composed, at, client):
    completed(composed, at, penalitejour="<b>1</b> **2**")
    client.force_login(composed.created_by)
    page = client.get(reverse("tenders:paper", args=[composed.pk, "ccap"])).content.decode()
    assert "&lt;b&gt;1&lt;/b&gt; **2**" in page


@pytest.mark.parametrize("page", [["papers"], ["paper", "ccap"], ["paper_values"]])
def test_pages_of_the_papers_ask_the_database_few_times(composed, at, client, page):
    """The same number of queries however many clauses a paper has."""
    completed(composed, at)
    client.force_login(composed.created_by)
    address = reverse(f"tenders:{page[0]}", args=[composed.pk, *page[1:]])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    for rank in range(5):
        clause = paper(composed, "ccap").clauses.first()
        clause.pk, clause.code = None, f"ccap-{rank}"
        clause.save()
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(few) == len(more) <= MOST
