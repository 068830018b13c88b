"""Whoever writes in the database between publication and opening is found: nothing opens in silence.

Each attack plays somebody who holds the database, behind every trigger. The bids themselves cannot be read by him: each
has a key of its own, of which the platform keeps the public half and shares that only their custodians open.
"""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db.models import F

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.journal.models import Entry
from tenders import identities, manifests, sealing, selectors, services, shares
from tenders.enums import BidState, Finding, PartKind
from tenders.envelopes import binding_of, share_binding
from tenders.models import Bid, BidKey, BidShare, CustodianKey, OpeningAlarm, Round, SealedPart, Tender
from tenders.reconciliation import findings_of
from tenders.services.unsealing import key_binding
from tests.accounts.factories import make_member
from tests.owner import behind_the_triggers
from tests.tenders.factories import (
    PASSPHRASE,
    custodians_of,
    make_bid,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
)

pytestmark = pytest.mark.django_db


def reseal(bid: Bid, price: str) -> None:
    """Replace the prices of a bid by others, sealed for its own public key, which is no secret, digests included."""
    part = bid.parts.get(kind=PartKind.PRICES)
    place = sealing.Binding(
        "prices",
        tender=str(bid.tender_id),
        round=str(bid.round_id),
        lot=str(part.lot_id),
        bidder=str(bid.bidder_id),
        bid=str(bid.pk),
        part=str(part.pk),
    )
    sealed = sealing.seal_facts({"prices": {"UO-1": price, "UO-2": price}}, bid.key.public_key, place)
    SealedPart.objects.filter(pk=part.pk).update(
        sealed_data=sealed, sealed_sha256=hashlib.sha256(sealed).hexdigest()
    )


def forge_the_price(victim, other):
    reseal(victim, "99999.00")


def forge_the_price_and_the_manifest(victim, other):
    reseal(victim, "99999.00")
    remade = manifests.manifest_sha256(
        victim, victim.key, victim.shares.all(), SealedPart.objects.filter(bid=victim)
    )
    Bid.objects.filter(pk=victim.pk).update(manifest_sha256=remade)


def forge_the_receipt_too(victim, other):
    forge_the_price_and_the_manifest(victim, other)
    receipt = Document.objects.get(kind="tenders.receipt", object_id=str(victim.pk))
    facts = receipt.facts | {"manifest_sha256": Bid.objects.get(pk=victim.pk).manifest_sha256}
    Document.objects.filter(pk=receipt.pk).update(facts=facts)


def delete(victim, other):
    SealedPart.objects.filter(bid=victim).delete()
    BidShare.objects.filter(bid=victim).delete()
    BidKey.objects.filter(bid=victim).delete()
    Bid.objects.filter(pk=victim.pk)._raw_delete("default")


def add(victim, other):
    """A bid that no firm sent, made like a true one, without its line."""
    by, firm = make_supplier()
    bid = make_bid(Tender.objects.get(pk=victim.tender_id), by=by, bidder=firm)
    Entry.objects.filter(object_id=str(bid.pk))._raw_delete("default")


def swap(victim, other):
    mine, yours = (bid.parts.get(kind=PartKind.PRICES) for bid in (victim, other))
    for part, given in ((mine, yours), (yours, mine)):
        SealedPart.objects.filter(pk=part.pk).update(
            sealed_data=bytes(given.sealed_data), sealed_sha256=given.sealed_sha256
        )


def move_to_another_lot(victim, other):
    elsewhere = victim.tender.lots.get(number=2)
    SealedPart.objects.filter(bid=victim, kind=PartKind.PRICES).update(lot=elsewhere)


def move_to_another_consultation(victim, other):
    elsewhere = selectors.round_in_force(make_published(lots=2))
    Bid.objects.filter(pk=victim.pk).update(tender=elsewhere.tender, round=elsewhere)


def give_to_another_firm(victim, other):
    Bid.objects.filter(pk=victim.pk).update(bidder=make_supplier()[1])


def withdraw_in_silence(victim, other):
    Bid.objects.filter(pk=victim.pk).update(state=BidState.WITHDRAWN, withdrawn_at=now())


def call_it_late(victim, other):
    Bid.objects.filter(pk=victim.pk).update(state=BidState.LATE)


def change_the_instant(victim, other):
    Bid.objects.filter(pk=victim.pk).update(deposited_at=F("deposited_at") - timedelta(minutes=1))


def replace_the_key(victim, other):
    BidKey.objects.filter(bid=victim).update(public_key=sealing.new_key_pair()[1])


def corrupt_a_share(victim, other):
    share = victim.shares.first()
    BidShare.objects.filter(pk=share.pk).update(sealed_share=bytes(share.sealed_share)[:-1] + b"\0")


def forge_the_commitment(victim, other):
    BidKey.objects.filter(bid=victim).update(commitment="0" * 64)


def lower_the_threshold(victim, other):
    BidKey.objects.filter(bid=victim).update(threshold=1)


def move_the_deadline(victim, other):
    earlier = victim.round.due_at - timedelta(days=1)
    Round.objects.filter(pk=victim.round_id).update(due_at=earlier)
    Tender.objects.filter(pk=victim.tender_id).update(submission_due_at=earlier)


def replace_a_custodian_key(victim, other):
    seat = selectors.seats_of(victim.round)[0]
    CustodianKey.objects.filter(pk=seat.custodian_key_id).update(public_key=sealing.new_key_pair()[1])


def change_the_quorum(victim, other):
    type(victim.round.custody).objects.filter(round=victim.round).update(threshold=3)


def change_the_line(victim, other):
    line = Entry.objects.get(object_id=str(victim.pk), action="tenders.bid_deposit")
    Entry.objects.filter(pk=line.pk).update(facts=line.facts | {"manifest": "0" * 64})


ATTACKS = {
    forge_the_price: Finding.ALTERED,
    forge_the_price_and_the_manifest: Finding.ALTERED,
    forge_the_receipt_too: Finding.ALTERED,
    delete: Finding.MISSING,
    add: Finding.UNKNOWN,
    swap: Finding.ALTERED,
    move_to_another_lot: Finding.ALTERED,
    move_to_another_consultation: Finding.MISSING,
    give_to_another_firm: Finding.ALTERED,
    withdraw_in_silence: Finding.STATE,
    call_it_late: Finding.STATE,
    change_the_instant: Finding.ALTERED,
    replace_the_key: Finding.ALTERED,
    corrupt_a_share: Finding.ALTERED,
    forge_the_commitment: Finding.ALTERED,
    lower_the_threshold: Finding.ALTERED,
    move_the_deadline: Finding.DEADLINE,
    replace_a_custodian_key: Finding.CUSTODY,
    change_the_quorum: Finding.CUSTODY,
    change_the_line: Finding.ALTERED,
}


@pytest.fixture
def two_bids():
    """A consultation of two lots and two bids, its deadline past: (tender, victim, other)."""
    tender = make_published(lots=2)
    victim, other = make_bid(tender), make_bid(tender)
    pass_deadline(tender)
    return tender, Bid.objects.get(pk=victim.pk), Bid.objects.get(pk=other.pk)


def contribute(tender):
    """Two custodians give their passphrases."""
    for custodian in custodians_of(tender)[:2]:
        if selectors.interest_declaration(tender, custodian) is None:
            services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        opening = services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
    return opening


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_what_was_changed_in_the_base_stops_the_opening_and_is_named(two_bids, attack):
    tender, victim, other = two_bids
    with behind_the_triggers():
        attack(victim, other)
    with pytest.raises(Refusal):
        contribute(tender)
    tender.refresh_from_db()
    assert tender.opened_at is None and not Bid.objects.filter(state=BidState.OPENED).exists()
    round = Round.objects.get(pk=other.round_id)
    round.tender = tender
    assert str(ATTACKS[attack]) in {finding["kind"] for finding in findings_of(round)}


def test_nothing_changed_is_nothing_found(two_bids):
    tender, victim, _other = two_bids
    assert findings_of(victim.round) == []
    assert contribute(tender).is_open


def test_the_alarm_is_kept_told_and_written_in_the_journal(two_bids, mailoutbox):
    tender, victim, other = two_bids
    with behind_the_triggers():
        forge_the_price(victim, other)
    with pytest.raises(services.Altered):
        contribute(tender)
    alarm = OpeningAlarm.objects.get()
    assert alarm.findings == [{"kind": "altered", "bid": str(victim.pk), "bidder": str(victim.bidder_id)}]
    assert Entry.objects.filter(action="tenders.opening_alarm").count() == 1
    with pytest.raises(services.Altered):
        contribute(tender)
    assert OpeningAlarm.objects.count() == 1, "the same findings ring once"


def test_a_signatory_decides_to_open_what_is_intact_and_the_record_says_why(two_bids):
    tender, victim, other = two_bids
    with behind_the_triggers():
        forge_the_price(victim, other)
    with pytest.raises(services.Altered):
        contribute(tender)
    alarm = OpeningAlarm.objects.get()
    with pytest.raises(Refusal) as refused:
        services.alarm_decide(alarm=alarm, reason="Ouvrons.", by=tender.created_by, at=now())
    assert refused.value.code == "forbidden"
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    with pytest.raises(Refusal, match="pourquoi"):
        services.alarm_decide(alarm=alarm, reason=" ", by=signatory, at=now())
    services.alarm_decide(alarm=alarm, reason="Sauvegarde comparée.", by=signatory, at=now())
    with pytest.raises(Refusal, match="déjà décidée"):
        services.alarm_decide(alarm=alarm, reason="Encore.", by=signatory, at=now())
    assert contribute(tender).is_open
    victim.refresh_from_db(), other.refresh_from_db()
    assert (victim.state, other.state) == (BidState.UNREADABLE, BidState.OPENED)
    record = Document.objects.get(kind="tenders.opening_record")
    [told] = record.facts["alarms"]
    assert told["reason"] == "Sauvegarde comparée." and told["findings"][0]["bid"] == str(victim.pk)


def test_a_decision_covers_what_it_read_and_nothing_found_since(two_bids):
    tender, victim, other = two_bids
    with behind_the_triggers():
        forge_the_price(victim, other)
    with pytest.raises(services.Altered):
        contribute(tender)
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    services.alarm_decide(alarm=OpeningAlarm.objects.get(), reason="Vu.", by=signatory, at=now())
    with behind_the_triggers():
        forge_the_commitment(other, victim)
    with pytest.raises(services.Altered):
        contribute(tender)
    assert OpeningAlarm.objects.filter(decided_at=None).count() == 1


def test_nobody_decides_away_a_deadline_or_custodians_that_were_changed(two_bids):
    tender, victim, other = two_bids
    with behind_the_triggers():
        replace_a_custodian_key(victim, other)
    with pytest.raises(services.Altered):
        contribute(tender)
    with pytest.raises(Refusal, match="rétablit d'abord"):
        services.alarm_decide(
            alarm=OpeningAlarm.objects.get(),
            reason="Ouvrons.",
            by=make_member(tender.buyer, Role.SIGNATORY),
            at=now(),
        )


def test_the_sweep_at_the_deadline_rings_at_once_and_closes_the_others(two_bids):
    _tender, victim, other = two_bids
    make_bid(quiet := make_published())
    pass_deadline(quiet)
    with behind_the_triggers():
        forge_the_price(victim, other)
    assert services.rounds_close(at=now()) == 1
    assert OpeningAlarm.objects.get().round_id == victim.round_id
    assert selectors.round_in_force(quiet).closed_at is not None


def test_a_key_put_in_the_place_of_a_custodian_s_receives_no_bid():
    """Whoever reads bids as they arrive must first have them sealed to himself."""
    tender = make_published()
    with behind_the_triggers():
        replace_a_custodian_key(make_bid(tender), None)
    with pytest.raises(Refusal, match="ne sont plus celles qui ont été publiées"):
        make_bid(tender)
    assert Bid.objects.filter(tender=tender).count() == 1


def test_a_deposit_written_after_the_end_is_no_bid(two_bids):
    """Row and line forged together once the round is closed: the signed state of the journal does not hold them."""
    tender, victim, _other = two_bids
    services.round_close(round=victim.round, at=now())
    with behind_the_triggers():
        later = now() + timedelta(hours=1)
        Round.objects.filter(pk=victim.round_id).update(due_at=later, closed_at=later)
        Tender.objects.filter(pk=tender.pk).update(submission_due_at=later)
        forged = make_bid(Tender.objects.get(pk=tender.pk), lots=(1,))
        Round.objects.filter(pk=victim.round_id).update(due_at=victim.round.due_at)
        Tender.objects.filter(pk=tender.pk).update(submission_due_at=victim.round.due_at)
    found = findings_of(Round.objects.get(pk=victim.round_id))
    assert {"kind": "unknown", "bid": str(forged.pk), "bidder": str(forged.bidder_id)} in found


def test_what_custodians_gave_for_others_opens_neither_late_nor_withdrawn_nor_replaced_bids():
    """By mathematics, not by a rule: with all that the server holds and two custodians gave, no key of theirs is."""
    tender, (by, firm), (gone_by, gone) = make_published(), make_supplier(), make_supplier()
    replaced, kept = make_bid(tender, by=by, bidder=firm), make_bid(tender, by=by, bidder=firm)
    withdrawn = services.bid_withdraw(bid=make_bid(tender, by=gone_by, bidder=gone), by=gone_by)
    pass_deadline(tender)
    late = make_bid(tender, by=by, bidder=firm)
    given = {}
    for custodian in custodians_of(tender)[:2]:
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        seat, rows = services.sealed_shares(tender=tender, by=custodian)
        key = seat.custodian_key
        own = identities.unlock(key.locked_seed, PASSPHRASE, key.lock_parameters, str(custodian.pk))
        unsealed = {
            row.bid_id: shares.open_share(
                row.sealed_share, own.share_key, share_binding(row.bid, custodian.pk), row.commitment
            )
            for row in rows
        }
        given[custodian.pk] = unsealed
        opening = services.opening_contribute(tender=tender, shares=unsealed, by=custodian)
    assert opening.is_open
    for unsealed in given.values():
        assert set(unsealed) == {kept.pk}, "no share of the others was ever asked for"
    held = BidKey.objects.exclude(kept_private_key=None).values_list("bid_id", flat=True)
    assert set(held) == {kept.pk}
    private = sealing.unkeep(BidKey.objects.get(bid=kept).kept_private_key, key_binding(kept))
    for closed in (replaced, withdrawn, late):
        part = closed.parts.get(kind=PartKind.PRICES)
        with pytest.raises(sealing.SealBroken):
            sealing.unseal_facts(part.sealed_data, private, binding_of(part, PartKind.PRICES))
    part = kept.parts.get(kind=PartKind.PRICES)
    assert "prices" in sealing.unseal_facts(part.sealed_data, private, binding_of(part, PartKind.PRICES)), (
        "the control"
    )


def test_a_custodian_whose_share_was_badly_dealt_is_replaced_by_another_one():
    """One share corrupted by who dealt it, one custodian still there: the bid opens with the two others."""
    tender = make_published()
    bid = make_bid(tender)
    seat = bid.shares.order_by("seat_id").first()
    with behind_the_triggers():
        _deal_badly(bid, seat)
    pass_deadline(tender)
    first, second, third = custodians_of(tender)
    for custodian in (first, second, third):
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
    for custodian in (first, second):
        opening = services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
        assert not opening.is_open, "a third one can still make up for the share that does not open"
    assert services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=third).is_open
    bid.refresh_from_db()
    assert bid.state == BidState.OPENED


def test_with_the_third_lost_a_badly_dealt_bid_is_told_broken_and_the_others_open():
    tender = make_published()
    honest, bid = make_bid(tender), make_bid(tender)
    with behind_the_triggers():
        _deal_badly(bid, bid.shares.order_by("seat_id").first())
    pass_deadline(tender)
    first, second, third = custodians_of(tender)
    lost = next(seat for seat in selectors.seats_of(bid.round) if seat.custodian_id == third.pk)
    services.share_declare_lost(seat=lost, reason="Clé égarée.", by=third, at=now())
    for custodian in (first, second):
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        opening = services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
    assert opening.is_open
    honest.refresh_from_db(), bid.refresh_from_db()
    assert (honest.state, bid.state) == (BidState.OPENED, BidState.UNREADABLE)


def test_bids_of_which_no_share_opens_are_told_broken_even_alone():
    """A bidder who deals badly to everybody closes his own bid, not the opening."""
    tender = make_published()
    bid = make_bid(tender)
    with behind_the_triggers():
        for share in bid.shares.all():
            _deal_badly(bid, share)
    pass_deadline(tender)
    for custodian in custodians_of(tender):
        services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        opening = services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=custodian)
    assert opening.is_open
    bid.refresh_from_db()
    assert bid.state == BidState.UNREADABLE


def _deal_badly(bid, share) -> None:
    """The bidder's own device sealed rubbish to one custodian, and its manifest, receipt and line say so."""
    sealed = sealing.seal(
        b"\1" * 33, share.seat.custodian_key.public_key, share_binding(bid, share.seat.custodian_id)
    )
    BidShare.objects.filter(pk=share.pk).update(sealed_share=sealed)
    remade = manifests.manifest_sha256(bid, bid.key, BidShare.objects.filter(bid=bid), bid.parts.all())
    Bid.objects.filter(pk=bid.pk).update(manifest_sha256=remade)
    receipt = Document.objects.get(kind="tenders.receipt", object_id=str(bid.pk))
    Document.objects.filter(pk=receipt.pk).update(facts=receipt.facts | {"manifest_sha256": remade})
    receipt.refresh_from_db()
    line = Entry.objects.get(object_id=str(bid.pk), action="tenders.bid_deposit")
    after = {"state": "deposited", "manifest": remade, "receipt": journal.digest(receipt.facts)}
    facts = line.facts | {"manifest": remade}
    told = json.loads(line.body) | {"facts": facts, "after_digest": journal.digest(after)}
    Entry.objects.filter(pk=line.pk).update(
        facts=facts, after_digest=told["after_digest"], body=journal.canonical(told)
    )


def test_the_end_of_a_round_is_told_to_the_journal_once_and_its_state_signed():
    tender = make_published()
    make_bid(tender)
    round = selectors.round_in_force(tender)
    with pytest.raises(Refusal) as early:
        services.round_close(round=round, at=now())
    assert early.value.code == "too_early"
    pass_deadline(tender)
    assert services.rounds_close(at=now()) == 1 and services.rounds_close(at=now()) == 0
    assert Entry.objects.filter(action="tenders.round_close").count() == 1
    open_bids(tender)


def test_a_file_of_a_storage_that_was_changed_is_still_found_as_its_bid_opens(two_bids):
    tender, victim, other = two_bids
    file = victim.parts.filter(kind=PartKind.FILE).first().file
    file.storage.delete(file.name)
    file.storage.save(file.name, ContentFile(b"\0" * 64))
    assert contribute(tender).is_open
    victim.refresh_from_db(), other.refresh_from_db()
    assert (victim.state, other.state) == (BidState.UNREADABLE, BidState.OPENED)


def test_a_deposit_after_the_deadline_is_not_in_time_because_the_deadline_had_been_moved(two_bids):
    """Moved later while a firm deposits, then put back: the lines tell no such deadline."""
    tender, victim, _other = two_bids
    due_at = Round.objects.get(pk=victim.round_id).due_at
    with behind_the_triggers():
        _move(victim, now() + timedelta(hours=1))
        friend = make_bid(Tender.objects.get(pk=tender.pk))
        _move(victim, due_at)
    found = findings_of(Round.objects.get(pk=victim.round_id))
    assert found == [{"kind": "state", "bid": str(friend.pk), "bidder": str(friend.bidder_id)}]


def _move(bid, due_at):
    Round.objects.filter(pk=bid.round_id).update(due_at=due_at)
    Tender.objects.filter(pk=bid.tender_id).update(submission_due_at=due_at)


def test_an_alarm_written_with_the_platform_s_role_sets_no_intact_bid_aside(two_bids):
    tender, victim, _other = two_bids
    OpeningAlarm.objects.create(
        round=victim.round,
        findings=[{"kind": "altered", "bid": str(victim.pk), "bidder": str(victim.bidder_id)}],
        raised_at=now(),
        decided_by=make_member(tender.buyer, Role.SIGNATORY),
        decided_at=now(),
        reason="Vu.",
    )
    assert contribute(tender).is_open
    victim.refresh_from_db()
    assert victim.state == BidState.OPENED


def test_an_end_written_before_its_hour_with_the_platform_s_role_still_gets_its_line():
    tender = make_published()
    bid = make_bid(tender)
    Round.objects.filter(pk=bid.round_id).update(closed_at=F("due_at"))
    pass_deadline(tender)
    assert contribute(tender).is_open
    assert Entry.objects.filter(action="tenders.round_close").count() == 1


def test_a_copy_that_was_changed_after_the_opening_is_found_before_it_opens():
    tender, (by, firm) = make_published(), make_supplier()
    bid = make_bid(tender, by=by, bidder=firm)
    copy = make_bid(tender, by=by, bidder=firm, is_backup=True)
    file = bid.parts.filter(kind=PartKind.FILE).first().file
    file.storage.delete(file.name)
    file.storage.save(file.name, ContentFile(b"\0" * 64))
    pass_deadline(tender)
    assert contribute(tender).is_open
    services.backup_ask(bid=copy, case="not_opened", reason="Pli illisible.", by=tender.created_by, at=now())
    with behind_the_triggers():
        forge_the_price(copy, None)
    with pytest.raises(services.Altered):
        contribute(tender)
    copy.refresh_from_db()
    assert copy.state == BidState.BACKUP
