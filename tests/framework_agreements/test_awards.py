"""From an award to an agreement: lots, ranked holders, units, opened prices."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from framework_agreements import services
from framework_agreements.enums import AgreementState, AllocationRule, Phase
from framework_agreements.models import FrameworkAgreement
from tenders import services as tenders
from tenders.enums import Technique
from tenders.models import Award, PriceLine, Tender
from tenders.ranking import ranking
from tests.accounts.factories import make_member
from tests.tenders.factories import (
    make_bid,
    make_draft,
    make_supplier,
    open_bids,
    publish,
    score_all,
    serve_contracts,
)

pytestmark = pytest.mark.django_db


def make_awarded(
    *, technique=Technique.FRAMEWORK_ORDERS, organisation=None, by=None, places=2, small="99.50"
) -> Tender:
    """An awarded consultation of one lot, two holders, one unit of the catalogue and one of its own."""
    options = {"organisation": organisation, "by": by} if organisation else {}
    tender = make_draft(technique=technique, maximum_value_excl_tax=Decimal(9_000_000), **options)
    lot = tender.lots.get()
    lot.max_holders = 2
    lot.save()
    PriceLine.objects.filter(lot=lot, code="UO-1").update(code="UO-L2.2.2", label="Développement devops")
    PriceLine.objects.filter(lot=lot, code="UO-2").update(price_places=places)
    tender = publish(tender)
    for price in ("40000", "39000"):
        by, bidder = make_supplier()
        make_bid(tender, by=by, bidder=bidder, prices={"UO-L2.2.2": price, "UO-2": small})
    tender = open_bids(tender)
    score_all(tender)
    lot = tender.lots.get()
    offers = [ranked.offer for ranked in ranking(lot)]
    tenders.lot_award(lot=lot, offers=offers, by=tender.created_by, at=now())
    return tenders.tender_award(tender=tender, by=make_member(tender.buyer, Role.SIGNATORY), at=now())


def test_an_award_becomes_a_draft_agreement():
    tender = make_awarded()
    agreement = services.agreement_create_from_award(tender=tender, by=None, at=now())
    assert (agreement.state, agreement.tender, agreement.maximum_excl_tax) == (
        AgreementState.DRAFT,
        tender,
        9000000,
    )
    lot = agreement.lots.get()
    assert lot.allocation_rule == AllocationRule.CASCADE
    first, second = lot.holders.order_by("rank")
    prices = [
        {p.work_unit.code: p.unit_price_excl_tax for p in holder.unit_prices.all()}
        for holder in (first, second)
    ]
    assert prices == [
        {"UO-L2.2.2": Decimal(39000), "UO-2": Decimal("99.50")},
        {"UO-L2.2.2": Decimal(40000), "UO-2": Decimal("99.50")},
    ]
    known, own = lot.work_units.get(code="UO-L2.2.2"), lot.work_units.get(code="UO-2")
    assert (known.phase, known.load_days, known.deliverables.count()) == (Phase.CONSTRUCTION, 60, 8)
    assert (own.phase, own.load_days, own.deliverables.count()) == (Phase.OTHER, None, 0)
    assert [b.organisation for b in agreement.beneficiaries.all()] == [tender.buyer]


@pytest.mark.parametrize(("places", "small"), [(4, "0.0355"), (2, "0")])
def test_an_agreement_keeps_the_decimals_and_the_zeros_of_the_offers(places, small):
    tender = make_awarded(places=places, small=small)
    agreement = services.agreement_create_from_award(tender=tender, by=None, at=now())
    unit = agreement.lots.get().work_units.get(code="UO-2")
    assert unit.price_places == places
    assert {p.unit_price_excl_tax for p in unit.unit_prices.all()} == {Decimal(small)}


def test_asked_again_it_is_the_same_agreement():
    tender = make_awarded()
    first = services.agreement_create_from_award(tender=tender, by=None, at=now())
    assert services.agreement_create_from_award(tender=tender, by=None, at=now()) == first


def _reverse(tender, agreement, rank: int):
    firm = agreement.lots.get().holders.get(rank=rank).organisation
    award = Award.objects.get(lot__tender=tender, bidder=firm)
    by = make_member(tender.buyer, Role.SIGNATORY)
    tenders.award_reverse(award=award, ground="prevented", reason="Le titulaire renonce.", by=by, at=now())
    return firm


def test_who_loses_its_award_leaves_the_draft_and_the_next_award_enters(django_capture_on_commit_callbacks):
    tender = make_awarded()
    agreement = services.agreement_create_from_award(tender=tender, by=None, at=now())
    lot = agreement.lots.get()
    second = lot.holders.get(rank=2).organisation
    with django_capture_on_commit_callbacks(execute=True):
        _reverse(tender, agreement, rank=1)
    holder = lot.holders.get()
    assert (holder.organisation, holder.rank) == (second, 1)
    assert {p.unit_price_excl_tax for p in holder.unit_prices.all()} == {Decimal(40000), Decimal("99.50")}
    lot.refresh_from_db()
    assert lot.allocation_rule == AllocationRule.SINGLE
    line = Entry.objects.get(action="framework_agreements.agreement_follow_awards")
    assert line.before_digest != line.after_digest
    services.agreement_follow_awards(tender=tender, by=None, at=now())
    assert Entry.objects.filter(action="framework_agreements.agreement_follow_awards").count() == 1


def make_order(agreement, *, rank=1, at):
    """A drafted order of one unit to the holder of this rank, and its buyer."""
    lot, buyer = agreement.lots.get(), make_member(agreement.buyer, Role.BUYER)
    order = services.order_create(
        lot=lot,
        holder=lot.holders.get(rank=rank),
        beneficiary=agreement.beneficiaries.get(),
        title="Construction",
        holder_reason="Le premier titulaire ne peut pas commencer à temps.",
        lines=[services.LineDraft(lot.work_units.get(code="UO-L2.2.2"), Decimal(1))],
        by=buyer,
        at=at,
    )
    return order, buyer


def test_no_order_to_a_firm_that_lost_its_award():
    tender = make_awarded()
    admin = make_member(tender.buyer, Role.FRAMEWORK_ADMIN)
    agreement = services.agreement_create_from_award(tender=tender, by=admin, at=now())
    first = agreement.lots.get().holders.get(rank=1).organisation
    at = serve_contracts(tender, but=[first])
    agreement = services.agreement_activate(agreement=agreement, served_at=at, by=admin, at=at)
    order, buyer = make_order(agreement, at=at)
    firm = _reverse(tender, agreement, rank=1)
    assert services.agreement_follow_awards(tender=tender, by=None, at=now()) is None
    with pytest.raises(Refusal, match=f"L’attribution à {firm}"):
        services.order_issue(order=order, by=buyer, at=at)


def test_no_order_before_the_contract_of_the_holder_is_served():
    tender = make_awarded()
    admin = make_member(tender.buyer, Role.FRAMEWORK_ADMIN)
    agreement = services.agreement_create_from_award(tender=tender, by=admin, at=now())
    with pytest.raises(Refusal, match="Aucun contrat de la consultation") as caught:
        services.agreement_activate(agreement=agreement, served_at=now(), by=admin, at=now())
    assert "R2182-4" in caught.value.reasons[0].article
    second = agreement.lots.get().holders.get(rank=2).organisation
    at = serve_contracts(tender, but=[second])
    with pytest.raises(Refusal, match="premier contrat a été notifié le"):
        early = at - timedelta(days=1)
        services.agreement_activate(agreement=agreement, served_at=early, by=admin, at=at)
    agreement = services.agreement_activate(agreement=agreement, served_at=at, by=admin, at=at)
    order, buyer = make_order(agreement, rank=2, at=at)
    with pytest.raises(Refusal, match=f"Le contrat de {second}") as caught:
        services.order_issue(order=order, by=buyer, at=at)
    assert (caught.value.code, "R2182-4" in caught.value.reasons[0].article) == ("too_early", True)
    after = serve_contracts(tender, but=[agreement.lots.get().holders.get(rank=1).organisation])
    assert services.order_issue(order=order, by=buyer, at=after).number == 1


def test_the_draft_is_made_when_the_award_is_decided(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tender = make_awarded()
    assert FrameworkAgreement.objects.get().tender == tender


def test_an_ordinary_contract_makes_no_agreement(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_awarded(technique=Technique.CONTRACT)
    assert not FrameworkAgreement.objects.exists()


def test_it_is_reviewed_activated_and_ordered_from():
    tender = make_awarded()
    admin = make_member(tender.buyer, Role.FRAMEWORK_ADMIN)
    agreement = services.agreement_create_from_award(tender=tender, by=admin, at=now())
    at = serve_contracts(tender)
    agreement = services.agreement_activate(agreement=agreement, served_at=at, by=admin, at=at)
    order, buyer = make_order(agreement, at=at)
    assert services.order_issue(order=order, by=buyer, at=at).total_excl_tax == 39000


def test_who_may_not_and_when_not():
    tender = make_awarded()
    with pytest.raises(Refusal) as caught:
        services.agreement_create_from_award(
            tender=tender, by=make_member(tender.buyer, Role.BUYER), at=now()
        )
    assert caught.value.code == "forbidden"
    with pytest.raises(Refusal) as caught:
        services.agreement_create_from_award(tender=make_draft(), by=None, at=now())
    assert caught.value.code == "too_early"


def test_the_button_does_the_same(client):
    tender = make_awarded()
    client.force_login(make_member(tender.buyer, Role.FRAMEWORK_ADMIN))
    assert tender.reference in client.get(reverse("framework_agreements:list")).content.decode()
    page = client.post(reverse("framework_agreements:award_take", args=[tender.pk]))
    assert page.url == FrameworkAgreement.objects.get().get_absolute_url()
    assert client.post(reverse("framework_agreements:award_take", args=[tender.pk])).status_code == 404
