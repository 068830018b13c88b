"""After the award: the wait (J3), the documents, the signature, the judge, the reasons, the next in the ranking."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction

from foundation.accounts.approvals import services as approvals
from foundation.accounts.enums import Role
from foundation.accounts.models import Approval
from foundation.clock import now
from foundation.errors import Refusal
from foundation.notifications.models import OutboxEmail
from tenders import legal, selectors, services
from tenders.enums import BidState, TenderState
from tenders.models import Award, Contract, Offer
from tenders.ranking import ranking
from tenders.signatures import signatures_of
from tests.accounts.factories import make_member
from tests.tenders.factories import (
    PDF,
    make_bid,
    make_candidature,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
    score_all,
)
from tests.tenders.signed_pdf import plain_pdf, signed_pdf
from tests.tenders.test_award import price

pytestmark = pytest.mark.django_db


def paris(*parts) -> datetime:
    return datetime(*parts, tzinfo=legal.PARIS)


@pytest.mark.parametrize(
    ("sent", "first_day"),
    [
        (paris(2026, 1, 5, 9), date(2026, 1, 16)),
        (paris(2026, 1, 5, 23, 59), date(2026, 1, 16)),
        (paris(2026, 3, 20, 9), date(2026, 3, 31)),  # the hour changes in between
        (paris(2024, 2, 20, 9), date(2024, 3, 2)),  # 29 February counts
        (paris(2026, 12, 24, 9), date(2027, 1, 4)),
        (paris(2026, 10, 21, 0, 0), date(2026, 11, 1)),  # a holiday: the wait is not in « francs » days
    ],
)
def test_the_wait_counts_the_day_of_sending(sent, first_day):
    """J3, L41: sent on D by electronic means, signable from D+11, in a formal procedure."""
    assert legal.earliest_signature_date("open", sent) == first_day
    assert legal.earliest_signature_date("adapted", sent) == sent.date()


def test_the_published_vector_of_sixteen_days():
    """L41: sent on 28/12/2010, sixteen days end on 12/01/2011 in the evening (notices on paper)."""
    assert date(2010, 12, 28) + timedelta(days=16) == date(2011, 1, 13)


def decided(*amounts, holders=1, procedure="open", **fields):
    """An awarded consultation: the tender, the firms' people in order of price, its signatory."""
    tender = make_published(procedure=procedure, **fields)
    people = []
    for amount in amounts:
        person, firm = make_supplier()
        make_bid(tender, by=person, bidder=firm, prices=price(amount))
        people.append(person)
    tender = open_bids(tender)
    score_all(tender)
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    lot = tender.lots.get()
    best = [row.offer for row in ranking(lot)][:holders]
    services.lot_award(lot=lot, offers=best, strengths="Équipe complète.", by=tender.created_by, at=now())
    return services.tender_award(tender=tender, by=signatory, at=now()), people, signatory


def act(*names) -> SimpleUploadedFile:
    content = signed_pdf(*names) if names else plain_pdf()
    return SimpleUploadedFile("acte-signe.pdf", content, content_type="application/pdf")


def the_contract() -> Contract:
    return Contract.objects.select_related("award__lot__tender__buyer", "award__offer__bid").get(
        cancelled_at=None
    )


def test_what_a_signed_pdf_says():
    one, two = signatures_of(io.BytesIO(signed_pdf("Anne Signataire", "Paul Titulaire")))
    assert ("Anne Signataire" in one.signer, "Paul Titulaire" in two.signer) == (True, True)
    assert (one.is_intact, two.is_intact, one.claims_qualified, one.is_self_signed) == (
        True,
        True,
        False,
        True,
    )
    assert signatures_of(io.BytesIO(plain_pdf())) == []
    changed = bytearray(signed_pdf("Anne Signataire"))
    place = changed.index(b"engagement")
    changed[place : place + 3] = b"dEg"
    assert [row.is_intact for row in signatures_of(io.BytesIO(bytes(changed)))] == [False]
    with pytest.raises(ValueError, match="readable"):
        signatures_of(io.BytesIO(b"not a pdf"))


def test_nothing_is_signed_before_the_end_of_the_wait_nor_by_the_database():
    tender, _people, signatory = decided("100", "200")
    contract = the_contract()
    assert contract.signable_at.astimezone(legal.PARIS).date() == tender.earliest_signature_date
    assert (tender.earliest_signature_date - tender.awarded_at.astimezone(legal.PARIS).date()).days == 11
    with pytest.raises(Refusal, match="délai de suspension") as caught:
        services.contract_sign(contract=contract, upload=act("Anne"), by=signatory, at=now())
    assert caught.value.code == "too_early"
    early = {"state": "signed", "signed_at": now(), "signed_by": signatory}
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**early)


def test_a_firm_alone_on_its_lot_waits_for_nothing():
    _tender, _people, signatory = decided("100")
    services.contract_sign(contract=the_contract(), upload=act("Anne"), by=signatory, at=now())


@pytest.mark.parametrize("lots", [(1,), (2,)])
def test_a_firm_whose_rival_came_late_waits(lots):
    """L41, R2182-2: the only firm that took part; a late bid took part, on the lots that it answered."""
    tender, (by, firm) = make_published(lots=2), make_supplier()
    make_bid(tender, by=by, bidder=firm)
    pass_deadline(tender)
    assert make_bid(tender, lots=lots).state == BidState.LATE
    open_bids(tender)
    first, _second = tender.lots.order_by("number")
    assert selectors.others_took_part(first, firm) == (lots == (1,))


def test_a_candidate_put_aside_before_the_offers_took_part():
    tender = make_published(procedure="restricted")
    people = [make_supplier(), make_supplier()]
    for by, firm in people:
        make_candidature(tender, by=by, bidder=firm)
    open_bids(tender)
    assert selectors.others_took_part(tender.lots.get(), people[0][1])


def test_pieces_then_signature_then_service_then_notice():
    tender, [holder, _other], signatory = decided("100", "200", procedure="open")
    buyer, contract = tender.created_by, the_contract()
    due = now() + timedelta(days=7)
    [piece] = services.pieces_ask(
        contract=contract, labels=["Attestation", " "], due_at=due, by=buyer, at=now()
    )
    after = contract.signable_at + timedelta(hours=9)
    with pytest.raises(Refusal, match="Attestation"):
        services.contract_sign(contract=contract, upload=act("Anne"), by=signatory, at=after)
    upload = SimpleUploadedFile("attestation.pdf", PDF, content_type="application/pdf")
    piece = services.piece_send(piece=piece, upload=upload, by=holder, at=now())
    with pytest.raises(Refusal, match="ne va pas"):
        services.piece_check(piece=piece, is_accepted=False, reason=" ", by=buyer, at=now())
    services.piece_check(piece=piece, is_accepted=False, reason="Trop ancienne.", by=buyer, at=now())
    upload.seek(0)
    services.piece_send(piece=piece, upload=upload, by=holder, at=now())
    services.piece_check(piece=piece, is_accepted=True, by=buyer, at=now())
    with pytest.raises(Refusal, match="aucune signature"):
        services.contract_sign(contract=contract, upload=act(), by=signatory, at=after)
    with pytest.raises(Refusal) as caught:
        services.contract_sign(contract=contract, upload=act("Anne"), by=buyer, at=after)
    assert caught.value.code == "forbidden"
    contract = services.contract_sign(contract=contract, upload=act("Anne", "Paul"), by=signatory, at=after)
    deed = contract.deeds.get()
    assert [row["is_intact"] for row in deed.report] == [True, True]
    assert contract.notice_due_date == after.astimezone(legal.PARIS).date() + timedelta(days=30)
    contract = services.contract_serve(contract=contract, by=buyer, at=after)
    assert contract.served_at == after
    services.award_notice_publish(tender=tender, by=buyer, at=after)
    kinds = set(OutboxEmail.objects.filter(recipient=holder).values_list("kind", flat=True))
    assert {"tenders.pieces_asked", "tenders.piece_refused", "tenders.served"} <= kinds
    with pytest.raises(Refusal, match="notifié"):
        services.award_reverse_ask(
            award=contract.award, ground="error", reason="Trop tard.", by=buyer, at=after
        )


def test_a_challenge_freezes_the_signature_even_in_the_database():
    tender, _people, signatory = decided("100", "200")
    buyer, contract = tender.created_by, the_contract()
    challenge = services.challenge_record(
        tender=tender,
        court="Tribunal administratif de Paris",
        case_number="2600001",
        claimant="Atelier évincé",
        filed_at=now(),
        by=buyer,
        at=now(),
    )
    after = contract.signable_at + timedelta(hours=9)
    with pytest.raises(Refusal, match="L551-4"):
        services.contract_sign(contract=contract, upload=act("Anne"), by=signatory, at=after)
    signed = {"state": "signed", "signed_at": after, "signed_by": signatory}
    with pytest.raises(InternalError, match="challenge"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**signed)
    services.challenge_end(challenge=challenge, outcome="Désistement.", by=buyer, at=now())
    services.contract_sign(contract=contract, upload=act("Anne"), by=signatory, at=after)


def test_a_firm_asks_for_the_reasons_and_has_them_within_fifteen_days():
    """L40: fifteen days; L34: nothing of the others."""
    tender, [holder, loser], _signatory = decided("100", "200")
    offer = Offer.objects.select_related("bid__tender", "bid__bidder", "lot").get(bid__deposited_by=loser)
    kept = Offer.objects.select_related("bid__tender", "bid__bidder", "lot").get(bid__deposited_by=holder)
    with pytest.raises(Refusal):
        services.reasons_ask(offer=kept, by=holder, at=now())
    asked = services.reasons_ask(offer=offer, by=loser, at=paris(2026, 12, 1, 9))
    assert asked.due_date == date(2026, 12, 16)
    with pytest.raises(Refusal, match="déjà"):
        services.reasons_ask(offer=offer, by=loser, at=now())
    services.reasons_answer(request=asked, answer="Équipe sans designer.", by=tender.created_by, at=now())
    told = OutboxEmail.objects.filter(recipient=loser)
    assert {"tenders.lot_rejected", "tenders.reasons_answered"} <= set(told.values_list("kind", flat=True))


def test_a_defaulting_holder_gives_way_to_the_next_by_two_persons():
    """L03: in cascade, before the contract is served; the wait starts again."""
    tender, [first, _second, _third], signatory = decided("100", "150", "200")
    buyer, contract = tender.created_by, the_contract()
    award = contract.award
    services.award_reverse_ask(award=award, ground="prevented", reason="Liquidation.", by=buyer, at=now())
    approval = Approval.objects.get(action="tenders.award_reverse")
    with pytest.raises(Refusal):
        approvals.approval_confirm(approval=approval, digest=approval.digest, by=buyer, at=now())
    approvals.approval_confirm(approval=approval, digest=approval.digest, by=signatory, at=now())
    tender.refresh_from_db()
    contract.refresh_from_db()
    assert (tender.state, tender.awarded_at, contract.state) == (TenderState.OPENED, None, "cancelled")
    assert (Award.objects.count(), Award.every.count()) == (0, 1)
    with pytest.raises(InternalError), transaction.atomic():
        Award.every.update(reversal_reason="Autre.")
    assert OutboxEmail.objects.filter(kind="tenders.award_reversed", recipient=first).exists()
    lot = tender.lots.get()
    [second, *_rest] = ranking(lot)
    assert second.offer.total_excl_tax == Decimal(1800)
    services.lot_award(lot=lot, offers=[second.offer], by=buyer, at=now())
    tender = services.tender_award(tender=tender, by=signatory, at=now())
    assert tender.state == TenderState.AWARDED
    assert Contract.objects.filter(cancelled_at=None).get().award.offer == second.offer


def test_the_buyer_submits_and_the_signatory_confirms_what_he_read():
    tender = make_published()
    make_bid(tender, prices=price("100"))
    tender = open_bids(tender)
    score_all(tender)
    lot, buyer = tender.lots.get(), tender.created_by
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    with pytest.raises(Refusal, match="Lot 1"):
        services.award_submit(tender=tender, by=buyer, at=now())
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=buyer, at=now())
    approval = services.award_submit(tender=tender, by=buyer, at=now())
    services.lot_leave(lot=lot, reason="Budget supprimé.", by=buyer, at=now())
    with pytest.raises(Refusal, match="a changé"):
        approvals.approval_confirm(approval=approval, digest=approval.digest, by=signatory, at=now())
    approvals.approval_refuse(approval=approval, reason="À refaire.", by=signatory, at=now())
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=buyer, at=now())
    again = services.award_submit(tender=tender, by=buyer, at=now())
    approvals.approval_confirm(approval=again, digest=again.digest, by=signatory, at=now())
    tender.refresh_from_db()
    assert (tender.state, Award.objects.get().decided_by) == (TenderState.AWARDED, signatory)


def test_the_pages_after_the_award(client):
    tender, [holder, loser], signatory = decided("100", "200")
    contract, base = the_contract(), f"/consultations/{tender.pk}/contrats/"
    client.force_login(tender.created_by)
    assert client.get(base).status_code == 200
    assert "délai de suspension" in client.get(f"{base}{contract.pk}/").content.decode()
    due = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    asked = client.post(
        f"{base}{contract.pk}/pieces/", {"labels": [legal.HOLDER_PIECES[0]], "other": "RIB", "due_at": due}
    )
    assert asked.status_code == 302
    client.force_login(holder)
    own = f"/consultations/reponses/{contract.award.bid_id}/"
    assert "RIB" in client.get(own).content.decode()
    piece = contract.pieces.get(label="RIB")
    file = SimpleUploadedFile("rib.pdf", PDF, content_type="application/pdf")
    assert client.post(f"{own}pieces/{piece.pk}/", {"upload": file}).status_code == 302
    client.force_login(loser)
    offer = Offer.objects.get(bid__deposited_by=loser)
    other = f"/consultations/reponses/{offer.bid_id}/"
    page = client.get(other).content.decode()
    assert "Équipe complète." in page
    assert client.post(f"{other}motifs/{offer.pk}/").status_code == 302
    assert "Réponse due le" in client.get(other).content.decode()
    client.force_login(signatory)
    assert client.get(f"{base}{contract.pk}/").status_code == 200
