"""G1, Q9: whoever owns the tables changes, adds or deletes a row behind every trigger; the journal's lines tell it.

The demonstration is told once for the whole file; each test changes it and puts it back.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from foundation.clock import now
from foundation.documents.models import Document
from foundation.documents.services import document_render
from foundation.journal import commitments, registry, selectors, services, verifier
from foundation.journal.models import Entry
from framework_agreements.models import Ceiling, ConsumptionEntry, PurchaseOrder
from tenders import services as tenders
from tenders.enums import BidState, PartKind
from tenders.models import Bid, CustodianKey, OfferPrice, Round, SealedPart, Tender, TenderDocument
from tests.journal.changes import AGREEMENT, BID, CHANGES, DOCUMENT, ORDER, TENDER, Change
from tests.journal.tampering import add_like, tamper
from tests.tenders.factories import PDF, make_draft, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demonstration, a consultation with a file, two printed documents."""
    told = {"JALON_DEMO": True, "JALON_DEMO_PASSWORD": "une-phrase-de-demonstration"}
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**told):
            call_command("demo", verbosity=0)
        draft = make_draft()
        plan = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
        tenders.document_add(tender=draft, title="Plan", upload=plan, by=draft.created_by, at=now())
        publish(draft)
        for document in Document.objects.filter(kind="tenders.receipt")[:2]:
            document_render(document_id=document.pk, at=now())
        with connection.cursor() as cursor:  # what a commit does: deferred checks pass, the chain is written
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET CONSTRAINTS journal_chain IMMEDIATE")
        yield
        transaction.set_rollback(True)


def findings() -> list[str]:
    return list(selectors.altered_objects(selectors.Tally()))


def lines_hold() -> bool:
    """What the verification of lines alone says."""
    return not [*verifier.findings(selectors.export()), *selectors.altered_entries()]


def named(kind: str, key) -> re.Pattern:
    return re.compile(rf"\({re.escape(kind)} {key}\)")


def test_an_untouched_story_holds() -> None:
    """Negative control, on every kind of commitment."""
    tally = selectors.Tally()
    assert list(selectors.altered_objects(tally)) == []
    assert tally.objects > 1000 and tally.files > 50
    assert lines_hold()
    empty = [one.name for one in commitments.every() if not one.rows.exists()]
    assert empty == ["purged"], "each kind is tried"


def test_acts_that_commit_are_declared() -> None:
    acts = {act for one in commitments.every() for act in one.actions | one.ended_by}
    assert [act for act in acts if not registry.is_declared(act)] == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.table}: {change.what[:40]}")
def test_one_value_changed_is_found_and_named(change: Change) -> None:
    key = change.make()
    found = findings()
    assert [line for line in found if change.label in line], found
    assert all(named(change.kind, key).search(line) for line in found), "and nothing else"
    assert lines_hold(), "the lines alone see nothing"


def test_an_amount_of_the_ledger_is_found_by_its_order_and_by_its_ceiling() -> None:
    written = ConsumptionEntry.objects.select_related("order").first()
    tamper(
        "UPDATE framework_agreements_consumptionentry SET amount_excl_tax = 0.01 WHERE id = %s", written.pk
    )
    found = findings()
    assert [line for line in found if named(ORDER, written.order_id).search(line)], found
    assert [line for line in found if named(AGREEMENT, written.order.agreement_id).search(line)], found


FILES = {
    "bid": (lambda: SealedPart.objects.filter(kind=PartKind.FILE).first(), BID, "bid_id"),
    "document": (lambda: Document.objects.filter(state="ready").first(), DOCUMENT, "pk"),
    "tender": (TenderDocument.objects.first, TENDER, "tender_id"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_stored_file_that_is_no_longer_the_same_is_found(name: str, harm: str) -> None:
    find, kind, key = FILES[name]
    row = find()
    storage, path = row.file.storage, row.file.name
    with storage.open(path, "rb") as stored:
        content = stored.read()
    storage.delete(path)
    if harm == "changed":
        storage.save(path, ContentFile(content[:-1] + bytes([content[-1] ^ 1])))
    try:
        found = findings()
    finally:
        storage.delete(path)
        storage.save(path, ContentFile(content))
    assert found and all(named(kind, getattr(row, key)).search(line) and path in line for line in found), (
        found
    )
    assert findings() == []


def test_a_row_that_the_journal_never_knew_is_found() -> None:
    late, key = Bid.objects.get(state=BidState.LATE), uuid.uuid4()
    add_like(late, id=key)
    order = PurchaseOrder.objects.filter(number__isnull=False).first()
    add_like(order, id=999_999, number=9_999, creation_key=None)
    custodian = CustodianKey.objects.first()
    add_like(custodian, id=999_999, retired_at=now().isoformat())
    document, unasked = Document.objects.filter(number="").first(), uuid.uuid4()
    add_like(document, id=unasked)
    found = findings()
    unknown = [line for line in found if "aucune ligne du journal ne le connaît" in line]
    assert len(found) == len(unknown), found
    for kind, added in ((BID, key), (ORDER, 999_999), ("tenders.CustodianKey", 999_999), (DOCUMENT, unasked)):
        assert [line for line in unknown if named(kind, added).search(line)], (kind, found)
    assert lines_hold()


def test_a_part_that_the_journal_never_knew_is_found() -> None:
    part = SealedPart.objects.filter(kind=PartKind.FILE).first()
    add_like(part, id=uuid.uuid4(), position=99)
    written = ConsumptionEntry.objects.first()
    other = Ceiling.objects.exclude(entries__order=written.order_id).first()
    add_like(written, id=999_999, ceiling_id=other.pk)
    found = findings()
    assert [line for line in found if named(BID, part.bid_id).search(line)], found
    assert [line for line in found if named(ORDER, written.order_id).search(line)], found


def test_a_row_deleted_is_found_by_its_line() -> None:
    bid, order = (
        Bid.objects.get(state=BidState.LATE),
        PurchaseOrder.objects.filter(number__isnull=False).first(),
    )
    document, custodian = Document.objects.first(), CustodianKey.objects.first()
    tamper("DELETE FROM tenders_sealedpart WHERE bid_id = %s", bid.pk)
    for row in (bid, order, document, custodian):
        tamper(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)  # noqa: S608
    found = [line for line in findings() if "il n'y est plus" in line]
    for row in (bid, order, document, custodian):
        assert [line for line in found if named(row._meta.label, row.pk).search(line)], (row, found)
    assert lines_hold()


def test_a_part_deleted_is_found() -> None:
    price = OfferPrice.objects.select_related("offer").first()
    written = ConsumptionEntry.objects.first()
    tamper("DELETE FROM tenders_offerprice WHERE id = %s", price.pk)
    tamper("DELETE FROM framework_agreements_consumptionentry WHERE id = %s", written.pk)
    found = findings()
    assert [line for line in found if named(BID, price.offer.bid_id).search(line)], found
    assert [line for line in found if named(ORDER, written.order_id).search(line)], found


def test_a_consultation_taken_out_of_sight_is_found() -> None:
    tender = Tender.objects.filter(state="cancelled", published_at__isnull=False).first()
    tamper("UPDATE tenders_tender SET published_at = NULL WHERE id = %s", tender.pk)
    found = findings()
    assert found and all(named(TENDER, tender.pk).search(line) for line in found), found


def test_a_later_line_does_not_cover_what_was_settled() -> None:
    """Whoever changes a bid and has a new line written about it contradicts the line of the deposit."""
    part = SealedPart.objects.filter(kind=PartKind.PRICES).select_related("bid").first()
    tamper("UPDATE tenders_sealedpart SET sealed_data = '\\x00' WHERE id = %s", part.pk)
    services.record(by=None, action="tenders.demonstration", obj=part.bid, at=now())
    found = findings()
    assert len(found) == 1 and "contredit" in found[0] and named(BID, part.bid_id).search(found[0]), found


def test_the_opening_does_not_vouch_for_the_deadline_nor_for_the_envelope() -> None:
    """Changed before the opening, they are still told after it."""
    round = Round.objects.filter(state="opened", bids__state=BidState.OPENED).first()
    bid = round.bids.filter(state=BidState.OPENED).first()
    tamper("UPDATE tenders_round SET due_at = due_at - interval '1 day' WHERE id = %s", round.pk)
    tamper("UPDATE tenders_bid SET manifest_sha256 = repeat('0', 64) WHERE id = %s", bid.pk)
    services.record(by=None, action="tenders.open", obj=round.tender, at=now())
    services.record(by=None, action="tenders.bid_open", obj=bid, at=now())
    found = findings()
    assert [line for line in found if "Dates limites" in line and named(TENDER, round.tender_id).search(line)]
    assert [line for line in found if "Pli scellé" in line and named(BID, bid.pk).search(line)]


def test_the_digests_of_a_line_are_part_of_the_line() -> None:
    """A digest changed in the readable column alone is told by the lines."""
    entry = Entry.objects.filter(action="tenders.bid_deposit").first()
    tamper('UPDATE journal_entry SET rows = rows || \'{"sealed": "0"}\' WHERE id = %s', entry.pk)
    assert list(selectors.altered_entries()) == [entry.pk]


def test_it_asks_the_same_statements_for_more_rows(django_assert_max_num_queries) -> None:
    """Five for each commitment and its parts at most, whatever the rows."""
    with django_assert_max_num_queries(8 * len(commitments.every())):
        findings()
