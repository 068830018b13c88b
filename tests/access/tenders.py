"""Pages of consultations: public once published, sealed until opened, read by the buyer's people after."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders import negotiating, services
from tenders.models import Contract, Lot, Offer, SealedPart, Seat, Tender
from tenders.ranking import ranking
from tests.access.matrix import EVERYONE, NOBODY, Row, both
from tests.accounts.factories import make_member
from tests.needs.factories import make_project
from tests.tenders import factories
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    QUIET,
    make_bid,
    make_custodian,
    make_draft,
    open_bids,
    score_all,
)
from tests.tenders.signed_pdf import signed_pdf

BUYERS = frozenset({"buyer@own*"})
ANY_BUYER = BUYERS | {"buyer@other"}
DECIDERS = frozenset({"signatory@own*"})
EVALUATORS = frozenset({"evaluator@own*"})
OFFER_READERS = BUYERS | DECIDERS | EVALUATORS | {"custodian@own*", "auditor@own*"}
BUYERS_PEOPLE = OFFER_READERS | {"prescriber@own*", "reservist@own*"}
BUYERS_PEOPLE_ANYWHERE = BUYERS_PEOPLE | {pattern.replace("own*", "other") for pattern in BUYERS_PEOPLE}
SUPPLIERS = frozenset({"supplier@firm", "supplier@rival"})
BIDDER = frozenset({"supplier@firm"})


def project(world):
    """A project on which a consultation may start."""
    return {"project_pk": make_project(organisation=world.own, by=world.user("buyer@own"), at=world.at).pk}


def drafted(world, **fields):
    """A draft of the buyer, without custodians."""
    return make_draft(organisation=world.own, by=world.user("buyer@own"), custodians=0, at=world.at, **fields)


def draft(world):
    """A draft."""
    return {"pk": drafted(world).pk}


def by_invitation(world):
    """A draft that publishes no notice, with one firm invited."""
    tender = drafted(world, **QUIET)
    services.firm_invite(tender=tender, firm=world.firm, by=tender.created_by, at=world.at)
    return {"pk": tender.pk}


def with_a_firm(world):
    """The same, and a firm."""
    return {**by_invitation(world), "firm_pk": world.firm.pk}


def invited_round(world):
    """Published to the firm alone."""
    tender = make_draft(organisation=world.own, by=world.user("buyer@own"), at=world.at, **QUIET)
    services.firm_invite(tender=tender, firm=world.firm, by=tender.created_by, at=world.at)
    return {"pk": factories.publish(tender).pk}


def lot(world):
    """A lot of a draft."""
    tender = drafted(world)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def criterion(world):
    """A criterion of a draft."""
    tender = drafted(world)
    lot = tender.lots.get()
    return {"pk": tender.pk, "lot_pk": lot.pk, "criterion_pk": lot.criteria.first().pk}


def two_lots(world):
    """Two lots of a draft."""
    first, second = (tender := drafted(world, lots=2)).lots.all()
    return {"pk": tender.pk, "lot_pk": first.pk, "other_pk": second.pk}


def with_a_file(tender):
    """A file added to a draft."""
    upload = SimpleUploadedFile("cctp.pdf", PDF)
    return services.document_add(tender=tender, title="CCTP", upload=upload, by=tender.created_by, at=now())


def file_of_a_draft(world):
    """A file of a draft."""
    document = with_a_file(drafted(world))
    return {"pk": document.tender_id, "document_pk": document.pk}


def publish(world, tender):
    """Published, with the custodian of the matrix and another."""
    named = world.user("custodian@own")
    services.custodian_key_create(passphrase=PASSPHRASE, by=named, at=world.at)
    people = [named, make_custodian(world.own, at=world.at)]
    services.custodians_set(tender=tender, custodians=people, by=tender.created_by, at=world.at)
    return factories.publish(tender, at=world.at)


def published(world):
    """A consultation that receives answers."""
    return {"pk": publish(world, drafted(world)).pk}


def public_file(world):
    """A file of a published consultation."""
    document = with_a_file(drafted(world))
    publish(world, document.tender)
    return {"pk": document.tender_id, "document_pk": document.pk}


def sealed(world):
    """A bid of the firm, sealed."""
    tender = publish(world, drafted(world))
    return make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm)


def uploaded(world):
    """A file on its way, sent by the supplier of the firm."""
    tender, by = publish(world, drafted(world)), world.user("supplier@firm")
    session = services.upload_open(tender=tender, bidder=world.firm, by=by)
    return services.upload_add_file(session=session, name="memoire.pdf", size=10, by=by)


def sent_file(world):
    """The same, by its addresses."""
    file = uploaded(world)
    return {"pk": file.session.round.tender_id, "file_pk": file.pk}


def bid(world):
    """A sealed bid."""
    return {"bid_pk": sealed(world).pk}


def sealed_part(world):
    """A piece of it."""
    found = sealed(world)
    return {"bid_pk": found.pk, "part_pk": found.parts.first().pk}


def a_share(world):
    """The share of the custodian of the buyer."""
    tender = publish(world, drafted(world))
    return {"pk": tender.pk, "share_pk": Seat.objects.get(custodian=world.user("custodian@own")).pk}


def with_a_key(world):
    """The custodian of the buyer has made a key."""
    published(world)
    return {}


def alarmed(world):
    """An opening that an alarm stopped."""
    tender = publish(world, drafted(world))
    alarm = services.alarm_raise(
        round=tender.rounds.get(), findings=[{"kind": "missing", "bid": str(uuid.uuid4()), "bidder": ""}]
    )
    return {"pk": tender.pk, "alarm_pk": alarm.pk}


def own_sending(world):
    """A sending of the supplier of the firm."""
    session = uploaded(world).session
    return {"pk": session.round.tender_id, "session_pk": session.pk}


def a_backup(world):
    """A backup copy still closed, once the bids are opened."""
    tender = sealed(world).tender
    copy = make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm, is_backup=True)
    open_bids(tender)
    return {"pk": tender.pk, "bid_pk": copy.pk}


def opened_tender(world):
    """An opened consultation with the firm's bid."""
    return open_bids(sealed(world).tender)


def opened(world):
    """The same."""
    return {"pk": opened_tender(world).pk}


def opened_lot(world):
    """Its lot."""
    tender = opened_tender(world)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def opened_offer(world):
    """The firm's offer."""
    tender = opened_tender(world)
    return {"pk": tender.pk, "offer_pk": tender.lots.get().offers.get().pk}


def inspected(world):
    """An opened consultation whose files were checked."""
    found = opened(world)
    services.opened_files_inspect(at=now())
    return found


def opened_file(world):
    """A file of the firm's bid."""
    tender = opened_tender(world)
    part = SealedPart.objects.get(bid__tender=tender, kind="file")
    services.opened_files_inspect(at=now())
    return {"pk": tender.pk, "part_pk": part.pk}


def to_decide(world):
    """A consultation whose award is proposed."""
    tender = opened_tender(world)
    score_all(tender)
    lot = tender.lots.get()
    services.lot_award(lot=lot, offers=list(lot.offers.all()), by=tender.created_by, at=now())
    return {"pk": tender.pk}


def in_review(world):
    """A version under review, whose reviewers did not write it."""
    drafter = make_member(world.own, Role.BUYER)
    for reviewer in ("buyer@own", "signatory@own"):
        world.user(reviewer)
    tender = make_draft(organisation=world.own, by=drafter, at=world.at)
    services.review_ask(tender=tender, by=drafter, at=world.at)
    return {"pk": tender.pk}


def with_a_remark(world):
    """A remark on a version under review."""
    tender = Tender.objects.get(**in_review(world))
    review = tender.reviews.get()
    by = world.user("signatory@own")
    comment = services.review_comment(review=review, section="lots", text="À revoir.", by=by, at=world.at)
    return {"pk": tender.pk, "comment_pk": comment.pk}


def scored_by_two(world):
    """Two evaluators have marked, the one of the matrix is among them, and their session is open."""
    tender = opened_tender(world)
    one, two = world.user("evaluator@own"), make_member(world.own, Role.EVALUATOR)
    lot = tender.lots.get()
    for person in (one, two):
        score_all(tender, by=person)
    return tender, lot, one


def consensus(world):
    """A session under way."""
    tender, lot, one = scored_by_two(world)
    services.consensus_open(lot=lot, by=one, at=now())
    return {"pk": tender.pk, "lot_pk": lot.pk}


def before_consensus(world):
    """Marks submitted, no session yet."""
    tender, lot, _one = scored_by_two(world)
    return {"pk": tender.pk, "lot_pk": lot.pk}


def consensus_mark(world):
    """A criterion of an offer to settle."""
    kwargs = consensus(world)
    lot = Lot.objects.get(pk=kwargs["lot_pk"])
    return {**kwargs, "offer_pk": lot.offers.get().pk, "criterion_pk": lot.criteria.all()[1].pk}


def tied_lot(world):
    """Two offers of the same score."""
    tender = sealed(world).tender
    make_bid(tender)
    tender = open_bids(tender)
    score_all(tender)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def offer_with_costs(world):
    """An opened offer on a lot judged by its life-cycle cost."""
    tender = drafted(world)
    lot, by = tender.lots.get(), tender.created_by
    criteria = [
        {"label": "Coût", "kind": "cost", "weight": 60},
        {"label": "Sobriété", "kind": "quality", "weight": 40, "is_environmental": True},
    ]
    cost = services.criteria_set(lot=lot, criteria=criteria, by=by, at=world.at)[0]
    item = {"label": "Énergie", "unit": "kWh", "unit_cost_excl_tax": Decimal("0.2"), "multiplier": 1}
    services.criterion_notation_set(criterion=cost, cost_items=[item], by=by, at=world.at)
    publish(world, tender)
    tender.refresh_from_db()
    make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm)
    tender = open_bids(tender)
    return {"pk": tender.pk, "offer_pk": tender.lots.get().offers.get().pk}


def asked_offer(world):
    """An offer whose price is examined."""
    kwargs = opened_offer(world)
    offer = Offer.objects.get(pk=kwargs["offer_pk"])
    due = now() + timedelta(days=3)
    buyer = offer.bid.tender.created_by
    return services.low_offer_ask(offer=offer, question="Comment ?", due_at=due, by=buyer, at=now())


def asked_of_the_firm(world):
    """The request as the firm reads it."""
    review = asked_offer(world)
    return {"bid_pk": review.offer.bid_id, "review_pk": review.pk}


def awarded_tender(world):
    """The award is decided for the firm; a rival was not retained."""
    tender = publish(world, drafted(world))
    make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm)
    make_bid(
        tender,
        by=world.user("supplier@rival"),
        bidder=world.rival,
        prices={"UO-1": "9000", "UO-2": "9000"},
    )
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=tender.created_by, at=now())
    return services.tender_award(tender=tender, by=world.user("signatory@own"), at=now())


def awarded(world):
    """The same."""
    return {"pk": awarded_tender(world).pk}


def contract_of(tender):
    """Its only contract."""
    return Contract.objects.get(award__lot__tender=tender)


def contract(world):
    """A contract that waits for its signature."""
    tender = awarded_tender(world)
    return {"pk": tender.pk, "contract_pk": contract_of(tender).pk}


def signed_contract(world):
    """A contract signed after its wait."""
    tender = awarded_tender(world)
    found = contract_of(tender)
    upload = SimpleUploadedFile("acte.pdf", signed_pdf("Anne"), content_type="application/pdf")
    after = found.signable_at + timedelta(hours=1)
    return services.contract_sign(contract=found, upload=upload, by=world.user("signatory@own"), at=after)


def to_serve(world):
    """The same, as its address is written."""
    found = signed_contract(world)
    return {"pk": found.award.lot.tender_id, "contract_pk": found.pk}


def with_notice_due(world):
    """A consultation one contract of which is signed."""
    return {"pk": to_serve(world)["pk"]}


def deed(world):
    """A signed act."""
    return {"file_pk": signed_contract(world).deeds.get().pk}


def asked_piece(world):
    """A document asked from the firm."""
    tender = awarded_tender(world)
    due = now() + timedelta(days=3)
    asked = services.pieces_ask(
        contract=contract_of(tender), labels=["Attestation"], due_at=due, by=tender.created_by, at=now()
    )
    return asked[0]


def piece_of_firm(world):
    """As the firm reads it."""
    piece = asked_piece(world)
    return {"bid_pk": piece.contract.award.bid_id, "piece_pk": piece.pk}


def sent_piece(world):
    """A document that the firm has sent."""
    upload = SimpleUploadedFile("attestation.pdf", PDF, content_type="application/pdf")
    piece = asked_piece(world)
    return services.piece_send(piece=piece, upload=upload, by=world.user("supplier@firm"), at=now())


def piece_to_check(world):
    """The same, as the buyer checks it."""
    piece = sent_piece(world)
    return {"pk": piece.contract.award.lot.tender_id, "piece_pk": piece.pk}


def piece_file(world):
    """Its file."""
    return {"file_pk": sent_piece(world).pk}


def challenge(world):
    """A challenge under way."""
    tender = awarded_tender(world)
    found = services.challenge_record(
        tender=tender,
        court="TA de Paris",
        case_number="",
        claimant="Un évincé",
        filed_at=now(),
        by=tender.created_by,
        at=now(),
    )
    return {"pk": tender.pk, "challenge_pk": found.pk}


def rejected_offer(world):
    """The offer that was not retained."""
    tender = awarded_tender(world)
    offer = Offer.objects.get(bid__tender=tender, bid__bidder=world.rival)
    return {"bid_pk": offer.bid_id, "offer_pk": offer.pk}


def asked_reasons(world):
    """Its firm asks why."""
    offer = Offer.objects.get(pk=rejected_offer(world)["offer_pk"])
    asked = services.reasons_ask(offer=offer, by=world.user("supplier@rival"), at=now())
    return {"pk": offer.bid.tender_id, "request_pk": asked.pk}


def negotiable(world):
    """An opened consultation that negotiates, with the firm's offer."""
    tender = publish(
        world,
        drafted(world, procedure="adapted", estimated_value_excl_tax=Decimal(90_000), **SMALL),
    )
    make_bid(tender, by=world.user("supplier@firm"), bidder=world.firm)
    return open_bids(tender)


def negotiable_lot(world):
    """Its lot."""
    tender = negotiable(world)
    return {"pk": tender.pk, "lot_pk": tender.lots.get().pk}


def negotiation(world):
    """Its negotiation, prepared with a slot."""
    lot = negotiable(world).lots.select_related("tender").get()
    by = lot.tender.created_by
    topics = negotiating.topics_offered(lot)
    found = services.negotiation_start(lot=lot, topics=topics, minutes=60, by=by, at=now())
    slots = [now() + timedelta(days=3)]
    services.meeting_prepare(
        meeting=found.meetings.get(), place="Visio", slots=slots, prompts={}, by=by, at=now()
    )
    return found


def to_invite(world):
    """The same, as its address is written."""
    found = negotiation(world)
    return {"pk": found.lot.tender_id, "lot_pk": found.lot_id}


def meeting(world):
    """The meeting with the firm, in preparation."""
    found = negotiation(world)
    return {"pk": found.lot.tender_id, "meeting_pk": found.meetings.get().pk}


def invited_meeting(world):
    """The same, the firm being invited."""
    found = negotiation(world)
    services.negotiation_invite(negotiation=found, by=found.started_by, at=now())
    return found.meetings.get()


def own_meeting(world):
    """As the firm reads it."""
    found = invited_meeting(world)
    return {"bid_pk": found.offer.bid_id, "meeting_pk": found.pk}


def planned_meeting(world):
    """The firm has chosen its slot."""
    found = invited_meeting(world)
    by = world.user("supplier@firm")
    services.slot_choose(meeting=found, starts_at=found.slots[0], by=by, at=now())
    return {"pk": found.negotiation.lot.tender_id, "meeting_pk": found.pk}


SMALL = {"technique": "contract", "maximum_value_excl_tax": None, "duration_months": 12}
READ_AT_ONCE = OFFER_READERS - EVALUATORS
"""Evaluators read the ranking once their own marks are submitted."""


def with_papers(world):
    """The rules of a draft, written in the tool."""
    tender = drafted(world)
    services.papers_compose(tender=tender, by=tender.created_by, at=world.at)
    return {"pk": tender.pk, "kind": "rc"}


def a_clause(world):
    """A clause of these rules."""
    found = with_papers(world)
    clause = Tender.objects.get(pk=found["pk"]).papers.get(kind="rc").clauses.first()
    return {**found, "clause_pk": clause.pk}


def laid_out(world):
    """A version of these rules."""
    found = with_papers(world)
    tender = Tender.objects.get(pk=found["pk"])
    services.paper_versions_make(tender=tender, by=tender.created_by, at=world.at)
    return found


def library_clause(world):
    """A clause of the library."""
    return {"code": "ccap-paiement"}


ROWS = {
    "tenders:list": Row(allowed=EVERYONE),
    "tenders:mine": Row(allowed=BUYERS_PEOPLE_ANYWHERE),
    "tenders:start": Row(allowed=ANY_BUYER),
    "tenders:create": both(allowed=BUYERS, make=project),
    "tenders:own_key": Row(allowed={"custodian@own"}, make=with_a_key),
    "tenders:own_shares": Row(allowed={"custodian@own"}, make=published, ok={409}),
    "tenders:own_copy": Row(allowed=NOBODY, make=bid),
    "tenders:alarm_decide": Row(allowed={"signatory@own*"}, make=alarmed, method="post"),
    "tenders:sending_abandon": Row(allowed={"supplier@firm"}, make=own_sending, method="post"),
    "tenders:key_rehearsal": Row(allowed={"custodian@own*", "custodian@other"}, method="post"),
    "tenders:share_lost": both(allowed=BUYERS | {"custodian@own"}, make=a_share),
    "tenders:backup": both(allowed=BUYERS, make=a_backup),
    "tenders:custodian_key": both(allowed={"custodian@own*", "custodian@other"}),
    "tenders:answers": Row(allowed=SUPPLIERS),
    "tenders:bid": Row(allowed=BIDDER, make=bid),
    "tenders:bid_receipt": Row(allowed=BIDDER, make=bid, ok={200, 409}),
    "tenders:read_again": Row(allowed=BIDDER, make=bid, method="post"),
    "tenders:sealed_part": Row(allowed=BIDDER, make=sealed_part),
    "tenders:withdraw": both(allowed=BIDDER, make=bid),
    "tenders:detail": [
        Row(allowed=EVERYONE, make=published),
        Row(allowed=BUYERS_PEOPLE, make=draft),
        Row(allowed=BUYERS_PEOPLE | BIDDER, make=invited_round),
    ],
    "tenders:invited": Row(allowed=BUYERS, make=by_invitation),
    "tenders:invite": Row(allowed=BUYERS, method="post", make=with_a_firm),
    "tenders:uninvite": Row(allowed=BUYERS, method="post", make=with_a_firm),
    "tenders:document": [
        Row(allowed=EVERYONE, make=public_file),
        Row(allowed=BUYERS_PEOPLE, make=file_of_a_draft, ok={302}),
    ],
    "tenders:manage": Row(allowed=BUYERS_PEOPLE, make=published),
    "tenders:cancel": both(allowed=BUYERS | DECIDERS, make=published),
    "tenders:formulas": Row(allowed=EVERYONE),
    "tenders:scope": [
        Row(allowed=BUYERS, make=draft),
        Row(method="post", allowed=BUYERS, make=draft, data={"cpv": "72262000"}),
    ],
    "tenders:lot_limits": both(allowed=BUYERS, make=draft),
    "tenders:criterion_notation": both(allowed=BUYERS, make=criterion),
    "tenders:impact": Row(allowed=BUYERS, make=draft),
    "tenders:lot_impact": both(allowed=BUYERS, make=lot),
    "tenders:impact_add": Row(method="post", allowed=BUYERS, make=lot),
    "tenders:procedures": Row(allowed=EVERYONE),
    "tenders:checks": Row(method="post", allowed=BUYERS, make=draft),
    "tenders:clauses": Row(allowed=ANY_BUYER),
    "tenders:clause_create": both(allowed=ANY_BUYER),
    "tenders:clause": both(allowed=ANY_BUYER, make=library_clause),
    "tenders:papers": Row(allowed=BUYERS, make=draft),
    "tenders:papers_compose": Row(allowed=BUYERS, make=draft, method="post"),
    "tenders:papers_make": Row(allowed=BUYERS, make=draft, method="post"),
    "tenders:paper_values": both(allowed=BUYERS, make=draft),
    "tenders:paper": both(allowed=BUYERS, make=with_papers),
    "tenders:paper_clause": both(allowed=BUYERS, make=a_clause),
    "tenders:paper_clause_remove": Row(allowed=BUYERS, make=a_clause, method="post"),
    "tenders:paper_compare": Row(allowed=BUYERS_PEOPLE, make=laid_out),
    "tenders:corrigendum": both(allowed=BUYERS, make=published),
    "tenders:extension": both(allowed=BUYERS, make=published),
    "tenders:review": Row(allowed=BUYERS_PEOPLE, make=in_review),
    "tenders:review_ask": Row(allowed=BUYERS, make=draft, method="post"),
    "tenders:review_comment": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_approve": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_send_back": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "tenders:review_reopen": Row(allowed=BUYERS, make=in_review, method="post"),
    "tenders:comment_settle": Row(allowed=BUYERS, make=with_a_remark, method="post"),
    "tenders:identity": both(allowed=BUYERS, make=draft),
    "tenders:lots": both(allowed=BUYERS, make=draft),
    "tenders:lot_update": both(allowed=BUYERS, make=lot),
    "tenders:lot_remove": Row(allowed=BUYERS, make=lot, method="post"),
    "tenders:criteria": Row(allowed=BUYERS, make=draft),
    "tenders:lot_criteria": both(allowed=BUYERS, make=lot),
    "tenders:criteria_copy": Row(allowed=BUYERS, make=two_lots, method="post"),
    "tenders:prices": both(allowed=BUYERS, make=draft),
    "tenders:lot_prices": both(allowed=BUYERS, make=lot),
    "tenders:prices_paste": Row(allowed=BUYERS, make=lot, method="post"),
    "tenders:files": both(allowed=BUYERS, make=draft),
    "tenders:file_remove": Row(allowed=BUYERS, make=file_of_a_draft, method="post"),
    "tenders:custodians": both(allowed=BUYERS, make=draft),
    "tenders:publish": both(allowed=BUYERS, make=draft),
    "tenders:answer": [*both(allowed=SUPPLIERS, make=published), *both(allowed=BIDDER, make=invited_round)],
    "tenders:upload_remove": Row(allowed=BIDDER, make=sent_file, method="post"),
    "tenders:opening": [
        Row(allowed=BUYERS_PEOPLE, make=published),
        Row(allowed={"custodian@own"}, make=published, method="post"),
    ],
    "tenders:analysis": Row(allowed=OFFER_READERS, make=opened),
    "tenders:lot_analysis": Row(allowed=OFFER_READERS, make=opened_lot),
    "tenders:analysis_report": Row(allowed=BUYERS, make=opened, method="post"),
    "tenders:letters": Row(allowed=BUYERS, make=to_decide, method="post"),
    "tenders:scores_submit": Row(allowed=EVALUATORS, make=opened_lot, method="post"),
    "tenders:score": both(allowed=EVALUATORS, make=opened_offer),
    "tenders:comparison": Row(allowed=READ_AT_ONCE, make=opened_lot),
    "tenders:consensus": [
        Row(allowed=READ_AT_ONCE | {"evaluator@own"}, make=consensus),
        Row(allowed={"evaluator@own"}, make=consensus, method="post"),
    ],
    "tenders:consensus_open": Row(allowed={"evaluator@own"}, make=before_consensus, method="post"),
    "tenders:consensus_settle": both(allowed={"evaluator@own"}, make=consensus_mark),
    "tenders:tie_break": both(allowed=BUYERS, make=tied_lot),
    "tenders:costs": both(allowed=BUYERS, make=offer_with_costs),
    "tenders:offer_exclude": both(allowed=BUYERS, make=opened_offer),
    "tenders:low_offer": [
        Row(allowed=READ_AT_ONCE, make=opened_offer),
        Row(allowed=BUYERS, make=opened_offer, method="post"),
    ],
    "tenders:low_offer_answer": both(allowed=BIDDER, make=asked_of_the_firm),
    "tenders:calendar": both(allowed=BUYERS, make=published),
    "tenders:export": Row(
        allowed=BUYERS | DECIDERS | {"auditor@own*"}, make=inspected, method="post", ok={200, 302}
    ),
    "tenders:award_submit": Row(allowed=BUYERS, make=to_decide, method="post"),
    "tenders:contracts": Row(allowed=OFFER_READERS, make=awarded),
    "tenders:contract": Row(allowed=OFFER_READERS, make=contract),
    "tenders:award_notice": Row(allowed=BUYERS, make=with_notice_due, method="post"),
    "tenders:challenge_record": both(allowed=BUYERS, make=awarded),
    "tenders:challenge_end": both(allowed=BUYERS, make=challenge),
    "tenders:reasons_answer": both(allowed=BUYERS, make=asked_reasons),
    "tenders:piece_check": both(allowed=BUYERS, make=piece_to_check),
    "tenders:pieces_ask": both(allowed=BUYERS, make=contract),
    "tenders:contract_sign": both(allowed=DECIDERS, make=contract),
    "tenders:contract_serve": Row(allowed=BUYERS | DECIDERS, make=to_serve, method="post"),
    "tenders:award_reverse": both(allowed=BUYERS, make=contract),
    "tenders:piece_file": Row(allowed=OFFER_READERS | BIDDER, make=piece_file, ok={302}),
    "tenders:deed_file": Row(allowed=OFFER_READERS | BIDDER, make=deed, ok={302}),
    "tenders:piece_send": both(allowed=BIDDER, make=piece_of_firm),
    "tenders:reasons_ask": Row(allowed={"supplier@rival"}, make=rejected_offer, method="post"),
    "tenders:negotiation": [
        Row(allowed=READ_AT_ONCE, make=negotiable_lot),
        Row(allowed=BUYERS, make=negotiable_lot, method="post"),
    ],
    "tenders:negotiation_invite": Row(allowed=BUYERS, make=to_invite, method="post"),
    "tenders:meeting": [
        Row(allowed=READ_AT_ONCE, make=meeting),
        Row(allowed=BUYERS, make=meeting, method="post"),
    ],
    "tenders:commitment": both(allowed=BUYERS, make=planned_meeting),
    "tenders:own_meeting": both(allowed=BIDDER, make=own_meeting),
    "tenders:own_decline": both(allowed=BIDDER, make=own_meeting),
    "tenders:opened_file": Row(allowed=OFFER_READERS | BIDDER, make=opened_file, ok={302}),
    "tenders:award": both(allowed=BUYERS, make=opened_lot),
    "tenders:decide": both(allowed=DECIDERS, make=to_decide),
}
