"""The demonstration tells the facts of the seeds, fills the lists, and changes nothing the second time."""

import pytest
from django.db.models import Sum

from foundation.accounts import demo as people
from framework_agreements import demo
from framework_agreements.enums import AgreementState, OrderState
from framework_agreements.models import Ceiling, FrameworkAgreement, PurchaseOrder

pytestmark = pytest.mark.django_db


def counts():
    return FrameworkAgreement.objects.count(), PurchaseOrder.objects.count()


def test_the_story_is_told_once(at):
    cast = people.tell(at=at)
    demo.tell(cast, at=at)
    told = counts()
    demo.tell(cast, at=at)
    assert counts() == told == (2, 47)


def test_the_facts_of_the_seeds(at):
    demo.tell(people.tell(at=at), at=at)
    old = FrameworkAgreement.objects.get(reference__contains="SGMAP-2016")
    assert (old.state, old.maximum_excl_tax, old.total_months, old.renewals_done) == (
        AgreementState.ENDED,
        None,
        48,
        3,
    )
    assert (old.renewal_tacit, old.notice_months, old.lots.count()) == (True, 1, 2)
    new = FrameworkAgreement.objects.get(reference="DINUM-PRODUIT-2025")
    assert (new.state, new.estimated_excl_tax, new.maximum_excl_tax) == (
        AgreementState.ACTIVE,
        195000000,
        495000000,
    )
    assert (new.notice_date.isoformat(), new.total_months) == ("2025-08-13", 48)
    assert new.beneficiaries.count() == 31
    assert new.lots.get(number=2).holders.count() == 7
    names = [holder.organisation.name for holder in new.lots.get(number=2).holders.all()]
    assert "Collectif Code Public" in names
    units = [unit.code for lot in new.lots.all() for unit in lot.work_units.all()]
    assert len(units) == 17


def test_orders_of_every_state_and_a_ledger_that_adds_up(at):
    demo.tell(people.tell(at=at), at=at)
    states = set(PurchaseOrder.objects.values_list("state", flat=True))
    assert states == set(OrderState.values)
    for agreement in FrameworkAgreement.objects.all():
        ordered = agreement.orders.filter(number__isnull=False).aggregate(total=Sum("total_excl_tax"))[
            "total"
        ]
        consumed = (
            Ceiling.objects.filter(agreement=agreement)
            .values_list("scope")
            .annotate(Sum("consumed_excl_tax"))
        )
        assert {total for _scope, total in consumed} == {ordered}
