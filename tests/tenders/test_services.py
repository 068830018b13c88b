"""Drafting, publishing, answering: what the services do and what they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import registry, services
from tenders.checklist import publication_checklist
from tenders.enums import BidState, CriterionKind, Procedure, TenderState
from tenders.models import Bid, SealedPart, Tender
from tests.accounts.factories import make_member
from tests.needs.factories import make_project
from tests.owner import as_owner
from tests.tenders.factories import (
    CRITERIA,
    LINES,
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    pass_deadline,
)

pytestmark = pytest.mark.django_db
DECLARED = services.CandidatureDraft(is_declared=True)


def refusal_of(call, *args, **kwargs) -> Refusal:
    """The refusal that a call meets."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


# Drafting


def test_references_have_no_gap(at):
    project = make_project()
    buyer = project.created_by
    notice = {"title": "Un service", "procedure": Procedure.OPEN}
    first = services.tender_create(project=project, by=buyer, at=at, **notice)
    with pytest.raises(Refusal):
        services.tender_create(project=project, by=buyer, at=at, title="", procedure=Procedure.OPEN)
    second = services.tender_create(project=project, by=buyer, at=at, **notice)
    numbers = [int(tender.reference.split("-")[1]) for tender in (first, second)]
    assert numbers[1] == numbers[0] + 1


def test_only_a_buyer_of_the_organisation_drafts(at):
    project = make_project()
    evaluator = make_member(project.organisation, Role.EVALUATOR)
    refusal = refusal_of(services.tender_create, project=project, by=evaluator, at=at, title="Un service")
    assert refusal.code == "forbidden"


def test_weights_that_do_not_make_100_are_refused_with_their_sum(at):
    tender = make_draft()
    criteria = [
        {"label": "Prix", "kind": CriterionKind.PRICE, "weight": Decimal("59.5")},
        CRITERIA[1] | {"weight": 40},
    ]
    refusal = refusal_of(
        services.criteria_set, lot=tender.lots.get(), criteria=criteria, by=tender.created_by, at=at
    )
    assert "99,5 % au lieu de 100 %" in str(refusal)
    assert refusal.reasons[0].field == "criteria"
    assert tender.lots.get().criteria.count() == 3, "the former criteria are kept"


def test_a_catalogue_loads_lots_and_lines(at):
    template = registry.PriceTemplate(
        "test", "Catalogue de test", [(1, "Lot A", [("UO-A", "Une", "forfait")])]
    )
    registry.register_price_template(template)
    tender = make_draft(lots=0)
    [lot] = services.price_template_load(tender=tender, code="test", by=tender.created_by, at=at)
    assert [line.code for line in lot.price_lines.all()] == ["UO-A"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("virus.exe", b"MZ", "n'est pas d'un type accepté"),
        ("memoire.pdf.exe", b"MZ", "n'est pas d'un type accepté"),
        ("memoire.exe.pdf", b"%PDF-1.7", "deux extensions"),
        ("memoire.pdf", b"MZ\x90\x00", "ne correspond pas à son extension"),
        ("notes.txt", b"\x00\x01\x02", "ne correspond pas à son extension"),
        ("gros.txt", b"a" * (20 * 1024 * 1024 + 1), "dépasse 20 Mo"),
    ],
)
def test_a_document_that_is_not_accepted_is_refused(name, content, words, at):
    tender = make_draft()
    upload = SimpleUploadedFile(name, content)
    refusal = refusal_of(
        services.document_add, tender=tender, title="RC", upload=upload, by=tender.created_by, at=at
    )
    assert words in str(refusal)
    assert refusal.reasons[0].field == "file"


# Publication


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"cpv_code": ""}, "cpv_code", "CPV"),
        ({"department_codes": []}, "department_codes", "département"),
        ({"maximum_value_excl_tax": None}, "maximum_value_excl_tax", "R2162-4"),
        ({"maximum_value_excl_tax": Decimal(10)}, "maximum_value_excl_tax", "inférieur"),
        ({"estimated_value_excl_tax": None}, "estimated_value_excl_tax", "R2121-1"),
        ({"duration_months": 60}, "duration_months", "L2125-1"),
        ({"procedure": Procedure.ADAPTED}, "procedure", "216"),
        ({"submission_due_at": None}, "submission_due_at", "Fixez la date"),
    ],
)
def test_publication_is_refused_beside_the_field(change, field, words, at):
    tender = make_draft(**change)
    refusal = refusal_of(services.tender_publish, tender=tender, by=tender.created_by, at=at)
    found = [reason for reason in refusal.reasons if reason.field == field]
    assert found and words in str(found[0])
    tender.refresh_from_db()
    assert tender.state == TenderState.DRAFT


def test_a_deadline_too_short_names_the_article_and_the_earliest_date(at):
    refusal = refusal_of(make_draft, at=at, submission_due_at=at + timedelta(days=20))
    [reason] = refusal.reasons
    assert reason.field == "submission_due_at"
    assert "30 jours francs" in str(reason) and "R2161-2" in str(reason)


def test_a_draft_that_waited_is_checked_again_when_it_is_published(at):
    tender = make_draft(at=at - timedelta(days=20), submission_due_at=at + timedelta(days=20))
    refusal = refusal_of(services.tender_publish, tender=tender, by=tender.created_by, at=at)
    assert [reason.field for reason in refusal.reasons] == ["submission_due_at"]


def test_a_missing_environmental_criterion_is_refused(at):
    tender = make_draft()
    criteria = [CRITERIA[0] | {"weight": Decimal(50)}, CRITERIA[1]]
    services.criteria_set(lot=tender.lots.get(), criteria=criteria, by=tender.created_by, at=at)
    refusal = refusal_of(services.tender_publish, tender=tender, by=tender.created_by, at=at)
    assert "L2152-7" in str(refusal) and "environnement" in str(refusal)


def test_publication_needs_custodians_with_their_keys(at):
    tender = make_draft(custodians=2)
    late = make_member(tender.buyer, Role.CUSTODIAN)
    people = [*tender.custodians.all(), late]
    services.custodians_set(tender=tender, custodians=people, by=tender.created_by, at=at)
    refusal = refusal_of(services.tender_publish, tender=tender, by=tender.created_by, at=at)
    assert late.full_name in str(refusal)


def test_a_publication_names_custodians_and_draws_no_key(at):
    custody = make_published().rounds.get().custody
    assert (custody.threshold, custody.seats.count()) == (2, 3)


def test_the_check_list_is_live_on_an_empty_draft(at):
    tender = services.tender_create(
        project=(p := make_project()), by=p.created_by, at=at, title="Un service", procedure=Procedure.OPEN
    )
    checks = {check.code: check.is_done for check in publication_checklist(tender, at)}
    assert not any(checks[code] for code in ("description", "value", "deadline", "lots", "custodians"))


def test_nothing_of_a_published_consultation_is_edited(at):
    tender = make_published()
    lot = tender.lots.get()
    for call, given in (
        (services.tender_update, {"tender": tender, "title": "Autre"}),
        (services.lot_add, {"tender": tender, "title": "Autre"}),
        (services.criteria_set, {"lot": lot, "criteria": CRITERIA}),
        (services.price_lines_set, {"lot": lot, "lines": LINES}),
    ):
        assert refusal_of(call, **given, by=tender.created_by, at=at).code == "conflict"


def test_the_database_itself_freezes_what_was_announced():
    tender = make_published()
    lot = tender.lots.get()
    for broken in (
        lambda: lot.criteria.update(weight=1),
        lambda: lot.price_lines.all().delete(),
        lambda: tender.lots.update(max_holders=9),
        lambda: Tender.objects.update(submission_due_at=now()),
        lambda: Tender.objects.update(maximum_value_excl_tax=1),
        lambda: Tender.objects.update(state="draft", published_at=None),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            broken()


def test_giving_up_needs_a_reason_and_tells_the_bidders(at):
    tender = make_published()
    make_bid(tender)
    refusal = refusal_of(services.tender_cancel, tender=tender, reason=" ", by=tender.created_by, at=at)
    assert refusal.reasons[0].field == "cancel_reason"
    services.tender_cancel(tender=tender, reason="Le besoin a changé.", by=tender.created_by, at=at)
    assert OutboxEmail.objects.filter(kind="tenders.cancelled").count() == 1


# Answering


def test_a_deposit_is_sealed_acknowledged_and_journalled():
    tender = make_published(lots=2)
    bid = make_bid(tender, lots=(1, 2), files=[("memoire.pdf", b"%PDF-1.7 secret"), ("notes.txt", b"secret")])
    assert bid.state == BidState.DEPOSITED
    assert bid.parts.count() == 6
    receipt = Document.objects.get(kind="tenders.receipt", object_id=str(bid.pk))
    assert receipt.facts["buyer"] if "buyer" in receipt.facts else receipt.facts["tender"]["buyer"]
    assert [part["sealed_sha256"] for part in receipt.facts["parts"]] == [
        part.sealed_sha256 for part in bid.parts.all()
    ]
    assert Entry.objects.filter(action="tenders.bid_deposit", object_id=str(bid.pk)).count() == 1
    assert OutboxEmail.objects.filter(kind="tenders.bid_deposited").exists()


def test_a_price_that_misses_is_named_and_nothing_is_stored():
    tender = make_published()
    by, bidder = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    given = {"prices": {1: {"UO-1": "12", "UO-2": ""}}, "candidature": DECLARED}
    refusal = refusal_of(services.bid_deposit, envelope=envelope, **given, by=by)
    assert "ligne UO-2" in str(refusal)
    assert not Bid.objects.exists()


@pytest.mark.parametrize("price", ["", "gratuit", "-1", "NaN", "Infinity", "1e400", None])
def test_a_price_that_is_no_amount_is_refused(price):
    tender = make_published()
    by, bidder = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    given = {"prices": {1: {"UO-1": "12", "UO-2": price}}, "candidature": DECLARED}
    refusal = refusal_of(services.bid_deposit, envelope=envelope, **given, by=by)
    assert "ligne UO-2" in str(refusal)


def test_nobody_answers_for_another_firm():
    tender = make_published()
    by, _firm = make_supplier()
    _other, firm = make_supplier()
    assert refusal_of(services.envelope_for, tender=tender, bidder=firm, by=by).code == "forbidden"


def test_a_second_deposit_replaces_the_first():
    tender = make_published()
    by, bidder = make_supplier()
    first = make_bid(tender, by=by, bidder=bidder)
    second = make_bid(tender, by=by, bidder=bidder)
    first.refresh_from_db()
    assert (first.state, second.state) == (BidState.REPLACED, BidState.DEPOSITED)


def test_the_clock_of_the_database_decides_that_a_bid_is_late():
    tender = make_published()
    by, bidder = make_supplier()
    in_time = make_bid(tender, by=by, bidder=bidder)
    pass_deadline(tender)
    late = make_bid(tender, by=by, bidder=bidder)
    in_time.refresh_from_db()
    assert late.state == BidState.LATE
    assert in_time.state == BidState.DEPOSITED, "a late deposit replaces nothing"
    assert Entry.objects.filter(action="tenders.bid_late").count() == 1


def test_the_database_refuses_a_deposit_with_another_clock():
    tender = make_published()
    by, bidder = make_supplier()
    facts = {
        "tender": tender,
        "round": tender.rounds.get(),
        "bidder": bidder,
        "deposited_by": by,
        "manifest_sha256": "0" * 64,
    }
    for instant, state in (
        (now() - timedelta(minutes=1), BidState.DEPOSITED),
        (now() + timedelta(minutes=1), BidState.DEPOSITED),
        (now(), BidState.LATE),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            Bid.objects.create(**facts, deposited_at=instant, state=state)


def test_a_bid_is_withdrawn_until_the_deadline_only():
    tender = make_published()
    by, bidder = make_supplier()
    bid = services.bid_withdraw(bid=make_bid(tender, by=by, bidder=bidder), by=by)
    assert bid.state == BidState.WITHDRAWN
    again = make_bid(tender, by=by, bidder=bidder)
    pass_deadline(tender)
    assert refusal_of(services.bid_withdraw, bid=again, by=by).code == "too_late"


def test_a_deposited_bid_is_immutable():
    bid = make_bid(make_published())
    for broken in (
        lambda: Bid.objects.update(deposited_at=now()),
        lambda: SealedPart.objects.update(sealed_size=1),
        lambda: SealedPart.objects.all().delete(),
        lambda: Bid.objects.filter(pk=bid.pk).update(state=BidState.LATE),
    ):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            broken()
