"""What anyone reads: the list, a consultation, its files."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders import services
from tenders.views.doors import CappedPaginator
from tests.accounts.factories import make_member
from tests.tenders.factories import (
    PDF,
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    open_bids,
    publish,
    score_all,
)

pytestmark = pytest.mark.django_db


def page(client, name, *args, **query):
    return client.get(reverse(f"tenders:{name}", args=args), query)


def text(answer) -> str:
    told = unescape(answer.content.decode())
    assert "variable inconnue" not in told
    return told


def test_the_list_shows_published_consultations_to_anyone(client):
    published, draft = make_published(), make_draft()
    told = text(page(client, "list"))
    assert published.title in told
    assert draft.title not in told
    assert "1 consultation" in told


def test_the_list_says_what_to_do_when_nothing_answers(client):
    assert "Aucune consultation publiée" in text(page(client, "list"))
    make_published()
    told = text(page(client, "list", q="introuvable"))
    assert "Aucune consultation ne répond à ces critères" in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "numérique"}, True),
        ({"q": "chauffage"}, False),
        ({"department": "93"}, True),
        ({"department": "13"}, False),
        ({"cpv": "72"}, True),
        ({"cpv": "45"}, False),
        ({"phase": "receiving"}, True),
        ({"phase": "awarded"}, False),
        ({"sort": "due"}, True),
    ],
)
def test_each_filter_narrows(client, query, found):
    tender = make_published()
    assert (tender.title in text(page(client, "list", **query))) is found


def test_the_deadline_filter_counts_the_whole_day(client):
    tender = make_published()
    day = tender.submission_due_at.date()
    assert tender.title in text(page(client, "list", due_before=(day + timedelta(days=1)).isoformat()))
    assert tender.title not in text(page(client, "list", due_before=(day - timedelta(days=1)).isoformat()))


def test_a_wrong_filter_is_said_and_the_others_still_apply(client):
    tender = make_published()
    told = text(page(client, "list", cpv="abc", department="93"))
    assert "deux à huit chiffres" in told
    assert tender.title in told
    assert 'value="abc"' in told


def test_the_list_costs_the_same_for_three_and_for_fifteen_rows(client, django_assert_num_queries):
    for _number in range(3):
        make_published(custodians=2)
    with django_assert_num_queries(2):
        page(client, "list")
    for _number in range(12):
        make_published(custodians=2)
    with django_assert_num_queries(2):
        page(client, "list")


def test_a_notice_is_read_in_five_queries_by_page_and_by_program(client, django_assert_num_queries):
    tender = make_published(custodians=2, lots=2)
    for address in (reverse("tenders:detail", args=[tender.pk]), f"/api/v1/tenders/{tender.pk}/"):
        with django_assert_num_queries(5):
            assert client.get(address).status_code == 200


def test_a_count_stops_at_its_cap():
    tender = make_published(custodians=2)
    rows = type(tender).objects.all()
    make_published(custodians=2)
    paginator = CappedPaginator(rows, 1)
    paginator.cap = 1
    assert paginator.count == 1
    assert paginator.is_capped


def test_anyone_reads_a_consultation_with_its_lots_criteria_and_weights(client):
    tender = make_published(lots=2)
    told = text(page(client, "detail", tender.pk))
    for words in (tender.title, "Lot de test 2", "Valeur technique", "UO-2", "Se connecter pour répondre"):
        assert words in told
    assert "50" in told


def test_a_draft_is_not_found_by_the_public_nor_by_another_buyer(client):
    draft = make_draft()
    assert page(client, "detail", draft.pk).status_code == 404
    client.force_login(make_draft().created_by)
    assert page(client, "detail", draft.pk).status_code == 404
    client.force_login(draft.created_by)
    assert page(client, "detail", draft.pk).status_code == 200


def test_files_are_downloaded_without_an_account_and_never_shown_in_place(client):
    draft = make_draft()
    upload = SimpleUploadedFile("cctp.pdf", PDF)
    services.document_add(tender=draft, title="CCTP", upload=upload, by=draft.created_by, at=now())
    document = draft.documents.get()
    assert page(client, "document", draft.pk, document.pk).status_code == 404
    publish(draft)
    answer = page(client, "document", draft.pk, document.pk)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cctp.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert document.sha256 in text(page(client, "detail", draft.pk))


def test_a_supplier_is_led_to_answer(client):
    tender = make_published()
    supplier, firm = make_supplier()
    client.force_login(supplier)
    assert "Répondre en ligne" in text(page(client, "detail", tender.pk))
    make_bid(tender, by=supplier, bidder=firm)
    assert "Remplacer ma réponse" in text(page(client, "detail", tender.pk))


def test_nothing_of_a_bid_shows_before_the_opening(client):
    tender = make_published()
    supplier, firm = make_supplier()
    make_bid(tender, by=supplier, bidder=firm, files=[("canari-memoire.pdf", PDF)])
    watchers = [
        tender.created_by,
        *[make_member(tender.buyer, role) for role in (Role.EVALUATOR, Role.SIGNATORY)],
    ]
    for watcher in watchers:
        client.force_login(watcher)
        for name in ("detail", "manage", "opening"):
            told = text(page(client, name, tender.pk))
            assert firm.name not in told
            assert "canari" not in told
        assert page(client, "analysis", tender.pk).status_code == 404


def test_the_results_are_public_once_decided(client):
    tender = make_published()
    supplier, firm = make_supplier()
    make_bid(tender, by=supplier, bidder=firm)
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    services.lot_award(lot=lot, offers=list(lot.offers.all()), by=tender.created_by, at=now())
    assert firm.name not in text(page(client, "detail", tender.pk))
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    services.tender_award(tender=tender, by=signatory, at=now())
    told = text(page(client, "detail", tender.pk))
    assert firm.name in told
    assert "Résultats" in told
