"""The pages of custodians, evaluators, buyers and signatories after the deadline."""

from html import unescape

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders import services
from tenders.enums import TenderState
from tenders.models import CustodianKey, Score, SealedPart
from tests.accounts.factories import make_buyer_org, make_member
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    custodians_of,
    make_bid,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
    score_all,
)

pytestmark = pytest.mark.django_db

NO_INTEREST = {"interet-has_interest": "non"}


def address(name, *args):
    return reverse(f"tenders:{name}", args=args)


def text(answer) -> str:
    told = unescape(answer.content.decode())
    assert "variable inconnue" not in told
    return told


@pytest.fixture
def opened():
    """Two opened bids on one lot: the second is dearer."""
    tender = make_published()
    make_bid(tender)
    make_bid(tender, prices={"UO-1": "3000", "UO-2": "4000"})
    return open_bids(tender)


# Keys


def test_a_custodian_makes_a_key(client):
    client.force_login(make_member(make_buyer_org(), Role.CUSTODIAN))
    assert "Personne ne peut retrouver votre phrase" in text(client.get(address("custodian_key")))
    data = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "understood": "on"}
    client.post(address("custodian_key"), data)
    assert CustodianKey.objects.count() == 1
    assert "Votre clé est prête" in text(client.get(address("custodian_key")))


@pytest.mark.parametrize(
    ("passphrase", "again", "words"),
    [
        ("trop court", "trop court", "au moins quatre mots différents"),
        (PASSPHRASE, "autre chose", "ne sont pas identiques"),
    ],
)
def test_a_wrong_passphrase_is_explained_and_never_sent_back(client, passphrase, again, words):
    client.force_login(make_member(make_buyer_org(), Role.CUSTODIAN))
    data = {"passphrase": passphrase, "again": again, "understood": "on"}
    told = text(client.post(address("custodian_key"), data))
    assert words in told
    assert f'value="{passphrase}"' not in told


def test_only_custodians_have_a_key(client):
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    assert client.get(address("custodian_key")).status_code == 404


# Opening


def test_nothing_opens_before_the_deadline(client):
    tender = make_published()
    custodian = custodians_of(tender)[0]
    client.force_login(custodian)
    told = text(client.get(address("opening", tender.pk)))
    assert "Trop tôt pour ouvrir" in told
    assert "passphrase" not in told
    services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
    told = text(client.post(address("opening", tender.pk), {"passphrase": PASSPHRASE}))
    assert "restent scellés" in told
    tender.refresh_from_db()
    assert tender.state == TenderState.PUBLISHED


def test_two_custodians_open_together(client):
    tender = make_published()
    make_bid(tender)
    pass_deadline(tender)
    first, second, _third = custodians_of(tender)
    for custodian in (first, second):
        client.force_login(custodian)
        assert "Déclarer vos intérêts" in text(client.get(address("opening", tender.pk)))
        client.post(address("opening", tender.pk), NO_INTEREST)
        answer = client.post(address("opening", tender.pk), {"passphrase": PASSPHRASE}, follow=True)
    assert "Les plis sont ouverts" in text(answer)
    tender.refresh_from_db()
    assert tender.state == TenderState.OPENED


def test_one_custodian_alone_sees_who_is_still_expected(client):
    tender = pass_deadline(make_published())
    client.force_login(custodians_of(tender)[0])
    client.post(address("opening", tender.pk), NO_INTEREST)
    told = text(client.post(address("opening", tender.pk), {"passphrase": PASSPHRASE}, follow=True))
    assert "Il manque encore 1 dépositaire" in told
    assert "Votre part est donnée" in told


def test_a_wrong_passphrase_is_refused_beside_its_field(client):
    tender = pass_deadline(make_published())
    client.force_login(custodians_of(tender)[0])
    client.post(address("opening", tender.pk), NO_INTEREST)
    told = text(client.post(address("opening", tender.pk), {"passphrase": "ce n'est pas la bonne"}))
    assert 'id="id_passphrase_error"' in told
    assert "n'ouvre pas votre clé" in told


def test_an_interest_must_be_explained_then_puts_aside(client):
    tender = pass_deadline(make_published())
    client.force_login(custodians_of(tender)[0])
    told = text(client.post(address("opening", tender.pk), {"interet-has_interest": "oui"}))
    assert "Décrivez l'intérêt" in told
    data = {"interet-has_interest": "oui", "interet-statement": "Ancien salarié."}
    told = text(client.post(address("opening", tender.pk), data, follow=True))
    assert "Vous ne pouvez pas ouvrir ces plis" in told


def test_the_opening_is_for_the_buyers_people_and_its_act_for_the_named_custodians(client):
    tender = pass_deadline(make_published())
    client.force_login(make_supplier()[0])
    assert client.get(address("opening", tender.pk)).status_code == 404
    client.force_login(make_member(tender.buyer, Role.CUSTODIAN))
    assert client.get(address("opening", tender.pk)).status_code == 200
    assert client.post(address("opening", tender.pk), NO_INTEREST).status_code == 404


# Analysis


def test_offers_stand_side_by_side_with_their_files(client, opened):
    client.force_login(opened.created_by)
    lot = opened.lots.get()
    assert "Analyse des offres" in text(client.get(address("analysis", opened.pk)))
    told = text(client.get(address("lot_analysis", opened.pk, lot.pk)))
    for offer in lot.offers.all():
        assert offer.bidder.name in told
    assert "memoire.pdf" in told
    assert "40,00" in told


def test_an_opened_file_is_downloaded_by_those_who_read_offers_only(client, opened):
    part = SealedPart.objects.filter(kind="file").first()
    client.force_login(opened.created_by)
    services.opened_files_inspect(at=now())
    answer = client.get(address("opened_file", opened.pk, part.pk), follow=True)
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    client.force_login(make_supplier()[0])
    assert client.get(address("opened_file", opened.pk, part.pk)).status_code == 404
    client.force_login(make_member(opened.buyer, Role.PRESCRIBER))
    assert client.get(address("opened_file", opened.pk, part.pk)).status_code == 404


def test_an_evaluator_declares_marks_then_submits_for_good(client, opened):
    evaluator = make_member(opened.buyer, Role.EVALUATOR)
    client.force_login(evaluator)
    lot = opened.lots.get()
    criteria = [found for found in lot.criteria.all() if not found.is_scored_by_formula]
    for offer in lot.offers.all():
        client.post(address("score", opened.pk, offer.pk), NO_INTEREST)
        data = {f"points-{found.pk}": "3,5" for found in criteria}
        data |= {f"comment-{found.pk}": "Réponse précise." for found in criteria}
        client.post(address("score", opened.pk, offer.pk), data)
    client.post(address("scores_submit", opened.pk, lot.pk))
    assert Score.objects.filter(submitted_at__isnull=False).count() == 4
    told = text(client.get(address("score", opened.pk, offer.pk)))
    assert "Elles ne changent plus" in told
    client.post(address("score", opened.pk, offer.pk), data | {f"points-{criteria[0].pk}": "5"})
    assert set(Score.objects.values_list("points", flat=True)) == {3.5}


def test_marks_out_of_range_or_without_a_word_are_refused_and_kept(client, opened):
    evaluator = make_member(opened.buyer, Role.EVALUATOR)
    client.force_login(evaluator)
    services.interest_declare(tender=opened, has_interest=False, by=evaluator, at=now())
    lot = opened.lots.get()
    offer, criterion = lot.offers.first(), lot.criteria.filter(kind="quality").first()
    data = {f"points-{criterion.pk}": "7", f"comment-{criterion.pk}": "Très bien."}
    told = text(client.post(address("score", opened.pk, offer.pk), data))
    assert f'id="id_points-{criterion.pk}_error"' in told
    assert "Très bien." in told
    assert not Score.objects.exists()


def test_marks_are_not_submitted_while_some_are_missing(client, opened):
    client.force_login(make_member(opened.buyer, Role.EVALUATOR))
    lot = opened.lots.get()
    answer = client.post(address("scores_submit", opened.pk, lot.pk), follow=True)
    assert "Il manque des notes" in text(answer)


def test_an_evaluator_does_not_read_the_marks_of_another_before_they_are_submitted(client, opened):
    first, second = (make_member(opened.buyer, Role.EVALUATOR) for _number in range(2))
    lot = opened.lots.get()
    criterion = lot.criteria.filter(kind="quality").first()
    services.score_save(
        offer=lot.offers.first(),
        criterion=criterion,
        points=4,
        comment="Secret d'évaluateur.",
        by=first,
        at=now(),
    )
    client.force_login(second)
    assert "Secret d'évaluateur." not in text(client.get(address("lot_analysis", opened.pk, lot.pk)))
    client.force_login(first)
    assert "Secret d'évaluateur." in text(client.get(address("lot_analysis", opened.pk, lot.pk)))


def test_only_evaluators_mark(client, opened):
    offer = opened.lots.get().offers.first()
    client.force_login(opened.created_by)
    assert client.get(address("score", opened.pk, offer.pk)).status_code == 404
    assert client.post(address("scores_submit", opened.pk, offer.lot_id)).status_code == 404


# Award


def test_the_buyer_proposes_and_the_signatory_decides(client, opened):
    score_all(opened)
    lot = opened.lots.get()
    client.force_login(opened.created_by)
    assert "Proposer l'attribution" in text(client.get(address("award", opened.pk, lot.pk)))
    client.post(address("award", opened.pk, lot.pk), {"holders": "1", "reason": ""})
    assert [award.rank for award in lot.awards.all()] == [1]
    assert client.get(address("decide", opened.pk)).status_code == 404
    client.force_login(make_member(opened.buyer, Role.SIGNATORY))
    told = text(client.get(address("decide", opened.pk)))
    assert lot.awards.get().bidder.name in told
    client.post(address("decide", opened.pk), {"understood": "on"})
    opened.refresh_from_db()
    assert opened.state == TenderState.AWARDED
    assert "Résultats" in text(client.get(address("manage", opened.pk)))


def test_an_award_before_the_marks_is_refused(client, opened):
    client.force_login(opened.created_by)
    lot = opened.lots.get()
    told = text(client.post(address("award", opened.pk, lot.pk), {"holders": "1", "reason": ""}))
    assert "Toutes les offres ne sont pas notées" in told


def test_a_lot_left_without_holder_needs_its_reason(client, opened):
    client.force_login(opened.created_by)
    lot = opened.lots.get()
    told = text(client.post(address("award", opened.pk, lot.pk), {"holders": "0", "reason": ""}))
    assert 'id="id_reason_error"' in told
    client.post(address("award", opened.pk, lot.pk), {"holders": "0", "reason": "Offres inacceptables."})
    lot.refresh_from_db()
    assert lot.unawarded_reason == "Offres inacceptables."


def test_a_decision_without_proposal_says_which_lot(client, opened):
    client.force_login(make_member(opened.buyer, Role.SIGNATORY))
    told = text(client.post(address("decide", opened.pk), {"understood": "on"}))
    assert "Lot 1 : proposez un titulaire" in told


def test_every_page_of_the_analysis_is_closed_to_others(client, opened):
    lot = opened.lots.get()
    offer = lot.offers.first()
    pages = [
        address("analysis", opened.pk),
        address("lot_analysis", opened.pk, lot.pk),
        address("score", opened.pk, offer.pk),
        address("award", opened.pk, lot.pk),
        address("decide", opened.pk),
        address("manage", opened.pk),
    ]
    client.force_login(offer.bid.deposited_by)
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(make_published().created_by)
    assert {client.get(page).status_code for page in pages} == {404}


# Dashboards


def test_each_person_finds_what_waits_on_the_dashboard(client, opened):
    told = {}
    people = {
        "buyer": opened.created_by,
        "evaluator": make_member(opened.buyer, Role.EVALUATOR),
        "custodian": custodians_of(opened)[0],
        "supplier": opened.bids.first().deposited_by,
    }
    for name, person in people.items():
        client.force_login(person)
        told[name] = text(client.get(reverse("screens:dashboard")))
    assert "Nos consultations" in told["buyer"]
    assert opened.title in told["evaluator"]
    assert "Aucun pli n'attend votre part" in told["custodian"]
    assert "Vos réponses" in told["supplier"]


def test_the_public_home_shows_open_calls(client):
    tender = make_published()
    assert tender.title in text(client.get("/"))


def test_the_page_of_a_project_leads_to_its_consultations(client):
    tender = make_published()
    client.force_login(tender.created_by)
    told = text(client.get(reverse("needs:detail", args=[tender.project_id])))
    assert tender.title in told
    assert "Préparer une consultation" in told
