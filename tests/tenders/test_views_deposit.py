"""The pages of firms: answer, receipt, replacement, withdrawal, result."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.money import format_euros
from tenders import manifests, services
from tenders.enums import BidState, PartKind
from tenders.models import Bid, Tender
from tenders.profiles import BID_FILE
from tenders.views import deposit
from tests.accounts.factories import make_member
from tests.tenders import without_script
from tests.tenders.factories import (
    PDF,
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
    publish,
    score_all,
)

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"tenders:{name}", args=args)


def text(answer) -> str:
    told = unescape(answer.content.decode())
    assert "variable inconnue" not in told
    return told


@pytest.fixture
def firm(client):
    supplier, organisation = make_supplier()
    client.force_login(supplier)
    organisation.person = supplier
    return organisation


def answer_to(tender, *lots, files=("memoire.pdf",), amount="1 250,50") -> dict:
    """What a browser sends for these lots of the consultation."""
    data = {"declared": "on"}
    for lot in tender.lots.filter(number__in=lots or [1]):
        data[f"answered-{lot.number}"] = "on"
        data |= {f"prix-{line.pk}": amount for line in lot.price_lines.all()}
        data[f"lot-{lot.number}-files"] = [SimpleUploadedFile(name, PDF) for name in files]
    return data


def test_the_page_names_sizes_and_types_before_anything_is_sent(client, firm):
    told = text(client.get(address("answer", make_published().pk)))
    assert "200,0" in told
    assert BID_FILE.words in told
    assert firm.name in told


def test_an_answer_is_sealed_and_its_receipt_shown_at_once(client, firm):
    tender = make_published(lots=2)
    told = text(without_script.answer(client, tender, answer_to(tender, 1, 2)))
    bid = Bid.objects.get()
    assert bid.state == BidState.DEPOSITED
    for words in (
        "Votre pli est déposé",
        tender.reference,
        firm.name,
        firm.person.full_name,
        bid.manifest_sha256,
    ):
        assert words in told
    for part in bid.parts.all():
        assert part.sealed_sha256 in told
    assert told.count("memoire.pdf") == 2


def test_the_names_of_the_files_are_not_found_again_before_the_opening(client, firm):
    tender = make_published()
    without_script.answer(client, tender, answer_to(tender))
    bid = Bid.objects.get()
    elsewhere = Client()
    elsewhere.force_login(firm.person)
    assert "memoire.pdf" in text(client.get(address("bid", bid.pk)))
    told = text(elsewhere.get(address("bid", bid.pk)))
    assert "memoire.pdf" not in told
    assert bid.manifest_sha256 in told
    open_bids(tender)
    assert "memoire.pdf" in text(client.get(address("bid", bid.pk)))


def test_what_was_typed_is_kept_when_a_price_is_missing(client, firm):
    tender = make_published(lots=2)
    data = answer_to(tender, 1)
    lines = list(tender.lots.get(number=1).price_lines.all())
    data[f"prix-{lines[0].pk}"] = ""
    told = text(client.post(address("answer", tender.pk), data))
    assert f'id="id_prix-{lines[0].pk}_error"' in told
    assert 'value="1 250,50"' in told
    assert "vos fichiers déjà reçus sont gardés, scellés" in told
    assert not Bid.objects.exists()


def test_a_lot_filled_but_not_ticked_is_said(client, firm):
    tender = make_published(lots=2)
    data = answer_to(tender, 1, 2)
    del data["answered-2"]
    assert "Vous avez rempli ce lot sans le cocher" in text(client.post(address("answer", tender.pk), data))


def test_no_lot_at_all_is_said(client, firm):
    tender = make_published(lots=2)
    assert "Cochez au moins un lot" in text(client.post(address("answer", tender.pk), {}))


def test_a_file_of_a_forbidden_type_is_refused_beside_its_field(client, firm):
    tender = make_published()
    told = text(client.post(address("answer", tender.pk), answer_to(tender, files=("macro.docm",))))
    assert 'id="id_lot-1-files_error"' in told
    assert "« macro.docm » n'est pas d'un type accepté" in told
    assert not Bid.objects.exists()


def test_a_file_too_large_is_refused_beside_its_field(client, firm):
    draft = make_draft()
    Tender.objects.filter(pk=draft.pk).update(file_limit_mib=1)
    tender = publish(draft)
    data = answer_to(tender)
    data["lot-1-files"] = [SimpleUploadedFile("gros.pdf", PDF + b"0" * 1024 * 1024)]
    told = text(client.post(address("answer", tender.pk), data))
    assert 'id="id_lot-1-files_error"' in told
    assert "« gros.pdf » dépasse 1 Mo" in told
    assert not Bid.objects.exists()


def test_prices_alone_are_taken_with_a_warning(client, firm):
    tender = make_published()
    told = text(without_script.answer(client, tender, answer_to(tender, files=())))
    assert "Aucun fichier joint" in told
    assert Bid.objects.get().state == BidState.DEPOSITED


def test_a_second_answer_replaces_the_first(client, firm):
    tender = make_published()
    without_script.answer(client, tender, answer_to(tender))
    assert "Ce dépôt remplacera le précédent" in text(client.get(address("answer", tender.pk)))
    without_script.answer(client, tender, answer_to(tender))
    assert sorted(Bid.objects.values_list("state", flat=True)) == [BidState.DEPOSITED, BidState.REPLACED]
    first, second = Bid.objects.order_by("deposited_at")
    assert address("bid", second.pk) in text(client.get(address("bid", first.pk)))
    assert "Voir le pli qui le remplace" not in text(client.get(address("bid", second.pk)))


def test_a_late_answer_is_kept_closed_and_says_so(client, firm):
    tender = pass_deadline(make_published())
    assert "La date limite est passée" in text(client.get(address("answer", tender.pk)))
    told = text(without_script.answer(client, tender, answer_to(tender)))
    assert "Reçu hors délai" in told
    assert "R2151-5" in told
    assert Bid.objects.get().state == BidState.LATE


def test_a_bid_is_withdrawn_before_the_deadline_only(client, firm):
    tender = make_published()
    bid = make_bid(tender, by=firm.person, bidder=firm)
    assert client.post(address("withdraw", bid.pk), {}).status_code == 200
    client.post(address("withdraw", bid.pk), {"understood": "on"})
    bid.refresh_from_db()
    assert bid.state == BidState.WITHDRAWN
    other = make_bid(tender, by=firm.person, bidder=firm)
    pass_deadline(tender)
    assert client.get(address("withdraw", other.pk)).status_code == 404
    assert client.post(address("withdraw", other.pk), {"understood": "on"}).status_code == 404


@pytest.mark.parametrize("is_backup", [False, True])
def test_the_page_withdraws_what_the_service_withdraws(client, firm, monkeypatch, is_backup):
    """D4: by the clock of the database, even on a web server a year ahead; a backup copy as well as a bid."""
    bid = make_bid(make_published(), by=firm.person, bidder=firm, is_backup=is_backup)
    real = timezone.now
    monkeypatch.setattr(deposit, "now", lambda: real() + timedelta(days=365))
    assert address("withdraw", bid.pk) in text(client.get(address("bid", bid.pk)))
    client.post(address("withdraw", bid.pk), {"understood": "on"})
    bid.refresh_from_db()
    assert bid.state == BidState.WITHDRAWN


def test_a_bid_is_seen_by_its_own_firm_only(client, firm):
    tender = make_published()
    bid = make_bid(tender)
    assert client.get(address("bid", bid.pk)).status_code == 404
    assert client.post(address("withdraw", bid.pk), {"understood": "on"}).status_code == 404
    client.force_login(tender.created_by)
    assert client.get(address("bid", bid.pk)).status_code == 404


def test_only_a_supplier_answers(client):
    tender = make_published()
    assert client.get(address("answer", tender.pk)).status_code == 302
    client.force_login(tender.created_by)
    assert client.get(address("answer", tender.pk)).status_code == 404


def test_a_draft_and_a_consultation_given_up_take_no_answer(client, firm):
    draft = make_draft()
    assert client.get(address("answer", draft.pk)).status_code == 404
    tender = make_published()
    services.tender_cancel(tender=tender, reason="Le besoin a changé.", by=tender.created_by, at=now())
    answer = client.get(address("answer", tender.pk), follow=True)
    assert "Cette consultation ne reçoit pas de réponse" in text(answer)


def test_an_answer_without_its_csrf_token_is_refused(firm):
    tender = make_published()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(firm.person)
    assert strict.post(address("answer", tender.pk), answer_to(tender)).status_code == 403
    page = strict.get(address("answer", tender.pk)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    data = answer_to(tender) | {"csrfmiddlewaretoken": token}
    recap = strict.post(address("answer", tender.pk), data)
    assert recap.status_code == 200
    data = {"csrfmiddlewaretoken": token} | data
    assert without_script.deposit(strict, tender, recap, data, follow=False).status_code == 302
    assert Bid.objects.count() == 1


def test_own_answers_are_listed_with_the_public_stage_only(client, firm):
    tender = make_published()
    make_bid(tender, by=firm.person, bidder=firm)
    make_bid(tender)
    told = text(client.get(address("answers")))
    assert told.count(tender.title) == 1
    tender = open_bids(tender)
    score_all(tender)
    told = text(client.get(address("answers")))
    assert "Analyse des offres" in told
    bid = Bid.objects.get(bidder=firm)
    told = text(client.get(address("bid", bid.pk)))
    assert "Plis ouverts" in told
    assert "Résultat" not in told
    assert "/ 100" not in told


def test_a_loser_reads_his_reasons_once_decided(client, firm):
    tender = make_published()
    bid = make_bid(tender, by=firm.person, bidder=firm, prices={"UO-1": "3000", "UO-2": "4000"})
    winner = make_bid(tender).bidder
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    best = [offer for offer in lot.offers.all() if offer.bidder == winner]
    services.lot_award(lot=lot, offers=best, by=tender.created_by, at=now())
    services.tender_award(tender=tender, by=make_member(tender.buyer, Role.SIGNATORY), at=now())
    told = text(client.get(address("bid", bid.pk)))
    for words in (winner.name, "rang 2", "Motif.", "Valeur technique", "R2182-1"):
        assert words in told


def test_the_list_of_answers_costs_the_same_for_more_rows(client, firm, django_assert_num_queries):
    make_bid(make_published(custodians=2), by=firm.person, bidder=firm)
    with django_assert_num_queries(5):
        client.get(address("answers"))
    for _number in range(4):
        make_bid(make_published(custodians=2), by=firm.person, bidder=firm)
    with django_assert_num_queries(5):
        client.get(address("answers"))


class TestOneDepositForOneForm:
    """What a person saw is what is deposited, once."""

    def test_nothing_is_deposited_before_the_recap_was_read(self, client, firm):
        tender = make_published(lots=2)
        told = text(without_script.verify(client, tender, answer_to(tender, 1)))
        assert "Vérifiez avant de déposer" in told
        assert "Vous ne répondez pas à" in told
        assert "memoire.pdf" in told
        lines = tender.lots.get(number=1).price_lines.all()
        total = sum(line.simulated_quantity for line in lines) * Decimal("1250.50")
        assert format_euros(total) in told
        assert not Bid.objects.exists()

    def test_a_schedule_that_was_not_chosen_is_sent_empty_by_every_browser(self, client, firm):
        tender = make_published()
        data = answer_to(tender) | {"bordereau-1": ""}
        assert "Vérifiez avant de déposer" in text(without_script.verify(client, tender, data))

    def test_the_post_redirects_and_reloading_deposits_nothing(self, client, firm):
        tender = make_published()
        data = answer_to(tender)
        recap = without_script.verify(client, tender, data)
        first = without_script.deposit(client, tender, recap, data, follow=False)
        again = without_script.deposit(client, tender, recap, data, follow=False)
        assert first.status_code == again.status_code == 302
        assert first.url.split("?")[0] == again.url.split("?")[0]
        assert "Cet envoi était déjà déposé" in text(client.get(again.url))
        assert "Votre pli est déposé" in text(client.get(first.url))
        client.get(first.url)
        assert Bid.objects.get().parts.filter(kind=PartKind.FILE).count() == 1

    def test_a_form_changed_after_the_recap_is_shown_again(self, client, firm):
        tender = make_published()
        data = answer_to(tender)
        recap = without_script.verify(client, tender, data)
        changed = answer_to(tender, amount="9 999")
        told = text(without_script.deposit(client, tender, recap, changed))
        assert format_euros(Decimal(9999)) in told
        assert "Vérifiez avant de déposer" in told
        assert not Bid.objects.exists()

    def test_two_tabs_the_second_is_told_that_its_page_is_out_of_date(self, client, firm):
        tender = make_published()
        data = answer_to(tender)
        other = without_script.verify(client, tender, data | {"lot-1-files": []})
        one = without_script.verify(client, tender, data)
        stale = without_script.deposit(client, tender, other, data)
        assert stale.status_code == 409
        assert "Ce que vous voyez n'est plus à jour" in text(stale)
        assert "1 250,50" in text(stale)
        assert not Bid.objects.exists()
        without_script.deposit(client, tender, one, data)
        assert Bid.objects.get().parts.filter(kind=PartKind.FILE).count() == 1
        told = text(without_script.deposit(client, tender, stale, data))
        assert "Cet envoi était déjà déposé" in told
        assert Bid.objects.count() == 1

    def test_a_form_sent_again_does_not_double_its_files(self, client, firm):
        tender = make_published()
        page = client.get(address("answer", tender.pk))
        for name in ("un.pdf", "deux.pdf"):
            data = without_script.hidden(page) | answer_to(tender, files=(name,))
            recap = client.post(without_script.action(tender, page), data)
        assert "Vérifiez avant de déposer" in text(recap)
        without_script.deposit(client, tender, recap, answer_to(tender))
        assert Bid.objects.get().parts.filter(kind=PartKind.FILE).count() == 1

    def test_the_firm_takes_its_own_copy_which_opens_the_commitment(self, client, firm):
        tender = make_published()
        told = text(without_script.answer(client, tender, answer_to(tender)))
        bid = Bid.objects.get()
        assert address("own_copy", bid.pk) in told
        assert "le serveur, à mesure de l'envoi" in told
        copy = client.get(address("own_copy", bid.pk)).json()
        assert manifests.commitment(copy) == bid.key.commitment
        [file] = [part for part in copy["parts"] if part["kind"] == "file"]
        assert (file["name"], file["sha256"]) == ("memoire.pdf", hashlib.sha256(PDF).hexdigest())
        elsewhere = Client()
        elsewhere.force_login(firm.person)
        assert elsewhere.get(address("own_copy", bid.pk)).status_code == 404
        assert bid.key.commitment in text(elsewhere.get(address("bid", bid.pk)))

    def test_a_bid_with_files_is_not_replaced_by_one_without_before_asking(self, client, firm):
        tender = make_published()
        without_script.answer(client, tender, answer_to(tender))
        bare = answer_to(tender, files=())
        recap = without_script.verify(client, tender, bare)
        assert "Je remplace un pli qui portait des fichiers" in text(recap)
        assert "Cochez la case" in text(without_script.deposit(client, tender, recap, bare))
        assert Bid.objects.count() == 1
        without_script.deposit(client, tender, recap, bare | {"sans-fichier": "1"})
        assert Bid.objects.count() == 2

    def test_after_the_deadline_the_bid_in_time_is_said_to_stand(self, client, firm):
        tender = make_published()
        without_script.answer(client, tender, answer_to(tender))
        pass_deadline(tender)
        assert "reçu à temps, reste valable" in text(client.get(address("answer", tender.pk)))
        assert "reçu à temps, reste valable" in text(without_script.answer(client, tender, answer_to(tender)))
        assert sorted(Bid.objects.values_list("state", flat=True)) == [BidState.DEPOSITED, BidState.LATE]
