"""One value changed in one row, for each kind of row that the journal holds."""

from dataclasses import dataclass

from tests.journal.tampering import tamper

ONE_BIT = "{0} = set_byte({0}, 5, get_byte({0}, 5) # 1)"


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
        "tenders_custody",
        "threshold = threshold + 1",
        "Dates limites et dépositaires",
        TENDER,
        "(SELECT r.tender_id FROM tenders_round r WHERE r.id = t.round_id)",
    ),
    Change(
        "tenders_seat",
        "custodian_key_id = (SELECT max(k.id) + 1 FROM tenders_custodiankey k)",
        "Dates limites et dépositaires",
        TENDER,
        "(SELECT r.tender_id FROM tenders_round r JOIN tenders_custody c ON c.round_id = r.id"
        " WHERE c.id = t.custody_id)",
    ),
    Change("tenders_bidkey", ONE_BIT.format("public_key"), "Pli scellé", BID, "t.bid_id"),
    Change("tenders_bidshare", ONE_BIT.format("sealed_share"), "Pli scellé", BID, "t.bid_id"),
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
