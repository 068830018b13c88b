"""S2, S3, S5, S6 of the trust file: who opens, when, what opens, and what the record says."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InternalError, transaction

from foundation.accounts.enums import Role
from foundation.accounts.models import Membership
from foundation.accounts.selectors import forget_roles
from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal.models import Entry
from tenders import services
from tenders.enums import BidState, PartKind, TenderState
from tenders.models import BidKey, Contribution, Offer, OpenedFile, SealedPart
from tenders.services import bids
from tests.accounts.factories import make_member, make_platform_admin
from tests.owner import as_owner
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    custodians_of,
    make_bid,
    make_custodian,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
)

pytestmark = pytest.mark.django_db


def declare(tender, custodian, has_interest=False):
    """The declaration that comes before any passphrase."""
    statement = "J'ai des parts dans une des entreprises." if has_interest else ""
    services.interest_declare(
        tender=tender, has_interest=has_interest, statement=statement, by=custodian, at=now()
    )


def contribute(tender, custodian, passphrase=PASSPHRASE):
    """Give a passphrase."""
    return services.opening_contribute(tender=tender, passphrase=passphrase, by=custodian)


def assert_refused(tender, custodian, words, code=None, passphrase=PASSPHRASE):
    """The opening is refused with these words, nothing opens, and the journal tells it."""
    before = Entry.objects.filter(action="tenders.opening_refused").count()
    with pytest.raises(Refusal) as caught:
        contribute(tender, custodian, passphrase)
    assert words in str(caught.value)
    if code:
        assert caught.value.code == code
    assert Entry.objects.filter(action="tenders.opening_refused").count() == before + 1
    tender.refresh_from_db()
    assert tender.state == TenderState.PUBLISHED
    assert not BidKey.objects.filter(bid__tender=tender, kept_private_key__isnull=False).exists()
    assert not Offer.objects.exists()


def test_nothing_opens_before_the_deadline():
    tender = make_published()
    make_bid(tender)
    custodian = custodians_of(tender)[0]
    declare(tender, custodian)
    assert_refused(tender, custodian, "scellés jusqu'à la date limite", "too_early")


def test_the_database_refuses_a_private_key_before_the_deadline():
    bid = make_bid(make_published())
    with pytest.raises(InternalError, match="before the deadline"), transaction.atomic():
        BidKey.objects.filter(bid=bid).update(kept_private_key=b"cle", opened_at=now())


def test_one_custodian_alone_opens_nothing():
    tender = pass_deadline(make_published())
    one = custodians_of(tender)[0]
    declare(tender, one)
    opening = contribute(tender, one)
    assert (opening.is_open, opening.still_needed) == (False, 1)
    assert_refused(tender, one, "déjà donné votre part", "conflict")


def test_two_custodians_open_together():
    tender = make_published()
    bid = make_bid(tender, prices={"UO-1": "1 000,00".replace(" ", ""), "UO-2": "2000"})
    tender = open_bids(tender)
    bid.refresh_from_db()
    assert (tender.state, bid.state) == (TenderState.OPENED, BidState.OPENED)
    offer = Offer.objects.get(bid=bid)
    assert offer.total_excl_tax == 2 * 1000 + 10 * 2000
    assert OpenedFile.objects.get(part__bid=bid).name == "memoire.pdf"
    assert not Contribution.objects.exists(), "nothing of the shares is left"


def test_any_two_of_three_custodians_open():
    tender = pass_deadline(make_published())
    _first, second, third = custodians_of(tender)
    for custodian in (second, third):
        declare(tender, custodian)
        opening = contribute(tender, custodian)
    assert opening.is_open


def test_a_custodian_declares_his_interests_first():
    tender = pass_deadline(make_published())
    one = custodians_of(tender)[0]
    assert_refused(tender, one, "L2141-10")
    declare(tender, one, has_interest=True)
    assert_refused(tender, one, "un autre dépositaire", "forbidden")


def test_a_wrong_passphrase_opens_nothing():
    tender = pass_deadline(make_published())
    one = custodians_of(tender)[0]
    declare(tender, one)
    assert_refused(tender, one, "n'ouvre pas votre clé", passphrase="une autre phrase de passe")


def test_only_the_named_custodians_open():
    tender = pass_deadline(make_published())
    other_tender = make_published()
    strangers = [
        make_custodian(tender.buyer),
        custodians_of(other_tender)[0],
        make_member(tender.buyer, Role.BUYER, Role.SIGNATORY),
        make_platform_admin(),
        make_supplier()[0],
    ]
    for stranger in strangers:
        assert_refused(tender, stranger, "dépositaires désignés", "forbidden")


def test_a_custodian_who_left_opens_nothing():
    tender = pass_deadline(make_published())
    one = custodians_of(tender)[0]
    declare(tender, one)
    Membership.objects.filter(user=one).delete()
    forget_roles(one)
    assert_refused(tender, one, "dépositaires désignés", "forbidden")


def test_a_contribution_is_forgotten_after_half_an_hour():
    tender = pass_deadline(make_published())
    one, two, _three = custodians_of(tender)
    declare(tender, one), declare(tender, two)
    contribute(tender, one)
    earlier = now() - timedelta(minutes=31)
    with as_owner():
        Contribution.objects.update(contributed_at=earlier, expires_at=earlier + timedelta(minutes=30))
    opening = contribute(tender, two)
    assert (opening.is_open, opening.still_needed) == (False, 1)
    assert services.contributions_forget(at=now()) == 0
    assert services.contributions_forget(at=now() + timedelta(minutes=31)) == 1
    assert not contribute(tender, one).is_open
    assert contribute(tender, two).is_open


def test_a_contribution_replayed_on_another_tender_is_worth_nothing():
    tender, other = make_published(), make_published()
    make_bid(tender), make_bid(other)
    pass_deadline(tender), pass_deadline(other)
    [one, *_], [two, *_] = custodians_of(tender), custodians_of(other)
    for target, custodian in ((tender, one), (other, two)):
        declare(target, custodian)
        contribute(target, custodian)
    stolen = Contribution.objects.get(seat__custodian=two)
    with as_owner():
        Contribution.objects.filter(seat__custodian=one).update(kept_shares=bytes(stolen.kept_shares))
    second = custodians_of(tender)[1]
    declare(tender, second)
    assert_refused(tender, second, "n'est pas celle de son dépositaire")


def test_an_opened_consultation_is_not_opened_again():
    tender = open_bids(make_published())
    last = custodians_of(tender)[2]
    declare(tender, last)
    with pytest.raises(Refusal) as caught:
        contribute(tender, last)
    assert caught.value.code == "conflict"


def test_the_record_carries_the_digests_of_the_receipts():
    tender = make_published(lots=2)
    bids = [
        make_bid(tender, lots=(1, 2), files=[("a.pdf", PDF), ("b.txt", b"texte")]) for _number in range(3)
    ]
    open_bids(tender)
    record = Document.objects.get(kind="tenders.opening_record")
    told = {bid["bid"]: [part["sealed_sha256"] for part in bid["parts"]] for bid in record.facts["bids"]}
    for bid in bids:
        receipt = Document.objects.get(kind="tenders.receipt", object_id=str(bid.pk))
        assert told[str(bid.pk)] == [part["sealed_sha256"] for part in receipt.facts["parts"]]
    assert len(record.facts["custodians"]) == 2
    assert record.number.startswith("PVO-")


def test_only_the_last_bid_in_time_opens():
    tender = make_published()
    by, bidder = make_supplier()
    first, second, last = (
        make_bid(tender, by=by, bidder=bidder, prices={"UO-1": price, "UO-2": price})
        for price in ("1", "2", "3")
    )
    gone_by, gone_bidder = make_supplier()
    gone = services.bid_withdraw(bid=make_bid(tender, by=gone_by, bidder=gone_bidder), by=gone_by)
    pass_deadline(tender)
    late = make_bid(tender, by=by, bidder=bidder, prices={"UO-1": "4", "UO-2": "4"})
    open_bids(tender)
    states = {}
    for bid in (first, second, last, gone, late):
        bid.refresh_from_db()
        states[bid.pk] = bid.state
    assert list(states.values()) == [
        BidState.REPLACED,
        BidState.REPLACED,
        BidState.OPENED,
        BidState.WITHDRAWN,
        BidState.LATE,
    ]
    assert [offer.bid_id for offer in Offer.objects.all()] == [last.pk]
    assert len(Document.objects.get(kind="tenders.opening_record").facts["bids"]) == 5, "all are listed"


@pytest.mark.parametrize(
    "facts", [{"prices": {"UO-1": "abc", "UO-2": "1"}}, {"prices": ["1"]}, ["prices"], {"prices": None}, {}]
)
def test_facts_that_the_platform_would_not_have_sealed_stop_their_bid_not_the_others(facts):
    """Sealed by somebody who writes in the database: the opening of all is not held back by one."""
    tender, (by, firm) = make_published(), make_supplier()
    honest = make_bid(tender)
    envelope = services.envelope_for(tender=tender, bidder=firm, by=by)
    envelope._seal_facts(PartKind.PRICES, tender.lots.get(), facts)
    envelope.seal_contents()
    strange = bids.commit_deposit(envelope, {}, by)
    open_bids(tender)
    honest.refresh_from_db(), strange.refresh_from_db()
    assert (honest.state, strange.state) == (BidState.OPENED, BidState.UNREADABLE)


@pytest.mark.parametrize("harm", ["truncated", "swapped", "flipped", "missing"])
def test_a_file_harmed_in_the_storage_is_found_at_the_opening(harm):
    tender = make_published()
    bid = make_bid(tender, files=[("a.txt", b"a" * 3_000_000), ("b.txt", b"b" * 3_000_000)])
    one, two = SealedPart.objects.filter(bid=bid, kind=PartKind.FILE)
    content = default_storage.open(one.file.name).read()
    harmed = {
        "truncated": content[: len(content) // 2],
        "swapped": default_storage.open(two.file.name).read(),
        "flipped": content[:-1] + bytes([content[-1] ^ 1]),
    }
    default_storage.delete(one.file.name)
    if harm != "missing":
        default_storage.save(one.file.name, ContentFile(harmed[harm]))
    open_bids(tender)
    bid.refresh_from_db()
    assert bid.state == BidState.UNREADABLE
    assert not OpenedFile.objects.exists() and not Offer.objects.exists()


def test_files_are_read_by_the_buyers_people_after_the_opening_only():
    tender = make_published()
    by, bidder = make_supplier()
    bid = make_bid(tender, by=by, bidder=bidder, files=[("memoire.txt", b"contenu " * 300_000)])
    part = bid.parts.get(kind=PartKind.FILE)
    buyer = tender.created_by
    with pytest.raises(Refusal):
        services.bid_file_read(part=part, by=buyer, at=now())
    open_bids(tender)
    content = services.bid_file_read(part=part, by=buyer, at=now())
    assert content.name == "memoire.txt"
    assert b"".join(content.chunks) == b"contenu " * 300_000
    assert Entry.objects.filter(action="tenders.file_read", actor=buyer).count() == 1
    for stranger in (
        make_platform_admin(),
        make_supplier()[0],
        make_member(make_published().buyer, Role.BUYER),
    ):
        with pytest.raises(Refusal):
            services.bid_file_read(part=part, by=stranger, at=now())


def test_an_opened_price_is_immutable():
    make_bid(tender := make_published())
    open_bids(tender)
    for broken in (
        lambda: Offer.objects.update(total_excl_tax=1),
        lambda: Offer.objects.get().prices.update(unit_price_excl_tax=1),
    ):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            broken()
