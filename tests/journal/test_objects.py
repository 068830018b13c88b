"""G1, Q9: whoever owns the tables changes, adds or deletes a row behind every trigger; the journal's lines tell it.

The demonstration is told once for the whole file; each test changes it and puts it back.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

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
from tests.journal.tampering import add_like, tamper
from tests.tenders.factories import PDF, make_draft, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]
ONE_BIT = "{0} = set_byte({0}, 5, get_byte({0}, 5) # 1)"


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


@dataclass(frozen=True)
class Change:
    """A byte or a value changed in one row: of which object, found under which label."""

    table: str
    what: str
    label: str
    kind: str
    key: str = "id"
    among: str = "true"

    def make(self):
        """Change the first row, and give the key of the object that it is a part of."""
        (key,) = tamper(
            f"UPDATE {self.table} t SET {self.what} WHERE ctid ="  # noqa: S608
            f" (SELECT ctid FROM {self.table} WHERE {self.among} ORDER BY id LIMIT 1) RETURNING {self.key}"
        )
        return key


BID, TENDER, ORDER = "tenders.Bid", "tenders.Tender", "framework_agreements.PurchaseOrder"
AGREEMENT, DOCUMENT = "framework_agreements.FrameworkAgreement", "documents.Document"
OF_LOT = "(SELECT l.tender_id FROM tenders_lot l WHERE l.id = t.lot_id)"
OF_OFFER = (
    "(SELECT l.tender_id FROM tenders_lot l JOIN tenders_offer o ON o.lot_id = l.id WHERE o.id = t.offer_id)"
)
CHANGES = [
    Change("tenders_bid", "deposited_at = deposited_at - interval '1 microsecond'", "Pli scellé", BID),
    Change("tenders_bid", "manifest_sha256 = repeat('0', 64)", "Pli scellé", BID),
    Change("tenders_bid", "deposited_by_id = deposited_by_id + 1", "Pli scellé", BID),
    Change(
        "tenders_bid",
        "state = 'withdrawn', withdrawn_at = now()",
        "État d’un pli",
        BID,
        among="state = 'deposited'",
    ),
    Change(
        "tenders_sealedpart", ONE_BIT.format("sealed_data"), "Pli scellé", BID, "bid_id", "kind = 'prices'"
    ),
    Change(
        "tenders_sealedpart",
        "sealed_data = '\\x00', sealed_sha256 = encode(sha256('\\x00'), 'hex'), sealed_size = 1",
        "Pli scellé",
        BID,
        "bid_id",
        "kind = 'prices'",
    ),
    Change(
        "tenders_sealedpart", ONE_BIT.format("sealed_facts"), "Pli scellé", BID, "bid_id", "kind = 'file'"
    ),
    Change(
        "tenders_sealedpart", "sealed_sha256 = repeat('0', 64)", "Pli scellé", BID, "bid_id", "kind = 'file'"
    ),
    Change("tenders_offer", "total_excl_tax = total_excl_tax + 0.01", "Offres et prix", BID, "bid_id"),
    Change(
        "tenders_offerprice",
        "unit_price_excl_tax = unit_price_excl_tax + 0.01",
        "Offres et prix",
        BID,
        "(SELECT o.bid_id FROM tenders_offer o WHERE o.id = t.offer_id)",
    ),
    Change(
        "tenders_openedfacts",
        "facts = facts || '{\"is_declared\": false}'",
        "Offres et prix",
        BID,
        "(SELECT p.bid_id FROM tenders_sealedpart p WHERE p.id = t.part_id)",
    ),
    Change(
        "tenders_openedfile",
        "sha256 = repeat('0', 64)",
        "Offres et prix",
        BID,
        "(SELECT p.bid_id FROM tenders_sealedpart p WHERE p.id = t.part_id)",
    ),
    Change("tenders_round", "due_at = due_at - interval '1 second'", "Dates limites", TENDER, "tender_id"),
    Change(
        "tenders_round",
        "is_restricted = NOT is_restricted",
        "Dates limites",
        TENDER,
        "tender_id",
        "number = 1",
    ),
    Change(
        "tenders_tender",
        "submission_due_at = submission_due_at - interval '1 microsecond'",
        "Dates limites",
        TENDER,
        among="published_at IS NOT NULL",
    ),
    Change(
        "tenders_tenderkey",
        ONE_BIT.format("public_key"),
        "Dates limites et clés",
        TENDER,
        "(SELECT r.tender_id FROM tenders_round r WHERE r.id = t.round_id)",
    ),
    Change(
        "tenders_keyshare",
        ONE_BIT.format("sealed_share"),
        "Dates limites et clés",
        TENDER,
        "(SELECT r.tender_id FROM tenders_round r JOIN tenders_tenderkey k ON k.round_id = r.id"
        " WHERE k.id = t.tender_key_id)",
    ),
    Change(
        "tenders_custodiankey", ONE_BIT.format("public_key"), "Clé d’un dépositaire", "tenders.CustodianKey"
    ),
    Change(
        "tenders_tender",
        "state = 'awarded', awarded_at = now()",
        "État d’une consultation",
        TENDER,
        among="state = 'opened'",
    ),
    Change(
        "tenders_tender",
        "custodian_threshold = 3",
        "annoncés",
        TENDER,
        among="published_at IS NOT NULL AND custodian_threshold = 2",
    ),
    Change(
        "tenders_criterion",
        "weight = weight - 0.01",
        "annoncés",
        TENDER,
        OF_LOT,
        "lot_id IN (SELECT lot_id FROM tenders_offer)",
    ),
    Change(
        "tenders_priceline",
        "simulated_quantity = simulated_quantity + 0.01",
        "annoncés",
        TENDER,
        OF_LOT,
        "lot_id IN (SELECT lot_id FROM tenders_offer)",
    ),
    Change(
        "tenders_score", "points = 5 - points", "Notes des évaluateurs", TENDER, OF_OFFER, "points <> 2.5"
    ),
    Change("tenders_score", "comment = comment || '.'", "Notes des évaluateurs", TENDER, OF_OFFER),
    Change("tenders_consensusmark", "points = 5 - points", "ensemble", TENDER, OF_OFFER, "points <> 2.5"),
    Change("tenders_award", "score = score - 0.01", "Attributions", TENDER, OF_LOT, "decided_at IS NOT NULL"),
    Change("tenders_tenderdocument", "sha256 = repeat('0', 64)", "Pièces", TENDER, "tender_id"),
    Change(
        "framework_agreements_ceiling",
        "limit_excl_tax = limit_excl_tax + 0.01",
        "plafonds",
        AGREEMENT,
        "agreement_id",
        "limit_excl_tax IS NOT NULL",
    ),
    Change(
        "framework_agreements_ceiling",
        "consumed_excl_tax = consumed_excl_tax - 0.01",
        "plafonds",
        AGREEMENT,
        "agreement_id",
        "consumed_excl_tax > 0",
    ),
    Change(
        "framework_agreements_consumptionentry",
        "at = at + interval '1 second'",
        "écritures",
        ORDER,
        "order_id",
    ),
    Change(
        "framework_agreements_unitprice",
        "unit_price_excl_tax = unit_price_excl_tax + 0.01",
        "prix",
        AGREEMENT,
        "(SELECT l.agreement_id FROM framework_agreements_agreementlot l"
        " JOIN framework_agreements_holder h ON h.lot_id = l.id WHERE h.id = t.holder_id)",
    ),
    Change(
        "framework_agreements_frameworkagreement",
        "end_date = end_date + 1",
        "Accord-cadre",
        AGREEMENT,
        among="end_date IS NOT NULL",
    ),
    Change(
        "framework_agreements_purchaseorder",
        "total_excl_tax = total_excl_tax + 0.01",
        "montant",
        ORDER,
        among="number IS NOT NULL",
    ),
    Change(
        "framework_agreements_purchaseorder",
        "acknowledged_at = acknowledged_at + interval '1 second'",
        "État d’un bon de commande",
        ORDER,
        among="acknowledged_at IS NOT NULL",
    ),
    Change(
        "framework_agreements_orderline",
        "planned_days = planned_days + 0.01",
        "Lignes",
        ORDER,
        "order_id",
        "order_id IN (SELECT id FROM framework_agreements_purchaseorder WHERE number IS NOT NULL)",
    ),
    Change("documents_document", "facts = facts || '{\"a\": 1}'", "Faits d’un document", DOCUMENT),
    Change(
        "documents_document", "number = number || '0'", "Faits d’un document", DOCUMENT, among="number <> ''"
    ),
    Change(
        "documents_document",
        "sha256 = repeat('0', 64)",
        "Fichiers d’un document",
        DOCUMENT,
        among="state = 'ready'",
    ),
    Change(
        "documents_document",
        "facts = '{}', state = 'purged', purged_at = now()",
        "Document éliminé",
        DOCUMENT,
        among="state = 'ready'",
    ),
]


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
