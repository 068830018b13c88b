"""The stages tell what happens to those who may know, through their own services; never a price, never a bid."""

import json

import pytest

from foundation import clock
from foundation.accounts.enums import Role
from foundation.webhooks import registry
from foundation.webhooks.models import Delivery
from framework_agreements import services as agreements
from startups import services as startups
from tenders import services as tenders
from tenders.ranking import ranking
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.framework_agreements.factories import make_issued_order, make_order, make_world
from tests.startups.factories import make_delivery, make_demonstrated
from tests.tenders.factories import make_bid, make_draft, make_published, make_supplier, open_bids, score_all
from tests.webhooks.factories import make_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_bell")]
EVERYTHING = [event.code for event in registry.events()]


def listen(*organisations):
    """An endpoint of each that asks for everything."""
    for organisation in organisations:
        make_endpoint(organisation, at=clock.now(), events=EVERYTHING)


def told(code):
    """Who was told of this event, and what."""
    rows = Delivery.objects.filter(event_code=code).select_related("endpoint")
    return {row.endpoint.organisation_id: json.loads(row.body)["data"] for row in rows}


def test_a_publication_is_told_to_whoever_asked_and_a_draft_to_nobody():
    firm = make_supplier_org()
    listen(firm)
    make_draft()
    assert not Delivery.objects.exists()
    tender = make_published()
    data = told("tender.published")[firm.pk]
    assert (data["id"], data["reference"]) == (tender.pk, tender.reference)
    assert data["url"].endswith(f"/consultations/{tender.pk}/")


def test_an_award_tells_neither_price_nor_loser():
    _supplier, loser = make_supplier()
    rival = make_supplier_org()
    tender = make_published()
    make_bid(tender, prices={"UO-1": "1234.56", "UO-2": "99"})
    make_bid(
        tender, by=make_member(loser, Role.SUPPLIER), bidder=loser, prices={"UO-1": "4321", "UO-2": "98"}
    )
    listen(rival)
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    tenders.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=tender.created_by, at=clock.now())
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    tenders.tender_award(tender=tender, by=signatory, at=clock.now())
    data = told("tender.awarded")[rival.pk]
    assert set(data) == {"id", "reference", "buyer_siret", "url", "api_url", "awarded_at"}


def test_a_consultation_given_up_is_told_once_it_was_public():
    firm = make_supplier_org()
    listen(firm)
    tender = make_published()
    tenders.tender_cancel(tender=tender, reason="Le besoin a disparu.", by=tender.created_by, at=clock.now())
    assert set(told("tender.cancelled")) == {firm.pk}


def test_an_order_is_told_to_its_parties_only():
    world = make_world()
    stranger, holder = make_buyer_org(), world.holder.organisation
    own, buyer = world.beneficiary.organisation, world.agreement.buyer
    listen(own, buyer, holder, stranger)
    make_order(world)
    assert not Delivery.objects.filter(event_code="order.issued").exists()
    order = make_issued_order(world)
    assert set(told("order.issued")) == {own.pk, buyer.pk, holder.pk}
    assert str(order.total_excl_tax) not in Delivery.objects.filter(event_code="order.issued").first().body
    agreements.order_acknowledge(order=order, by=world.supplier, at=world.at)
    assert set(told("order.acknowledged")) == {own.pk, buyer.pk, holder.pk}


@pytest.mark.parametrize(
    ("decision", "event"), [("accepted", "iteration.accepted"), ("deferred", "iteration.refused")]
)
def test_a_decision_is_told_to_the_administration_and_to_the_firm(decision, event):
    delivery = make_delivery()
    own, holder = delivery.startup.organisation, delivery.world.holder.organisation
    listen(own, holder, make_buyer_org())
    startups.iteration_decide(
        iteration=make_demonstrated(delivery),
        decision=decision,
        reason="" if decision == "accepted" else "À revoir.",
        signature=True,
        by=delivery.product_owner,
        at=delivery.world.at,
    )
    heard = told(event)
    assert set(heard) == {own.pk, holder.pk}
    assert heard[own.pk]["decision"] == decision


def test_a_document_is_told_to_organisations_whose_people_may_see_it(django_capture_on_commit_callbacks):
    world = make_world()
    own, stranger = world.beneficiary.organisation, make_buyer_org()
    listen(own, stranger)
    make_member(stranger, Role.BUYER)
    with django_capture_on_commit_callbacks(execute=True):
        order = make_issued_order(world)
    heard = told("document.ready")
    assert set(heard) == {own.pk}
    assert set(heard[own.pk]) == {"id", "kind", "number", "url", "api_url", "ready_at"}
    assert order.title not in Delivery.objects.filter(event_code="document.ready").first().body


def test_every_example_is_small_and_tells_no_amount():
    for event in registry.events():
        if event.code.startswith("tests."):
            continue
        assert event.example, event.code
        assert len(json.dumps(event.example)) < 1024
        assert not [
            name for name in event.example if "price" in name or "amount" in name or "excl_tax" in name
        ]
