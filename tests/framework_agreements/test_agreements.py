"""Agreements, act by act, with their refusals."""

from datetime import datetime

import pytest
from django.utils import timezone

from framework_agreements import services
from framework_agreements.enums import AgreementState, CeilingScope
from framework_agreements.models import Ceiling, FrameworkAgreement
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import (
    make_draft_agreement,
    make_issued_order,
    make_world,
    refusal_of,
)

pytestmark = pytest.mark.django_db


def test_activation_opens_the_ceilings_and_closes_the_list():
    world = make_world(lot_maximum="500", ceiling="300", other_ceilings=[None])
    limits = Ceiling.objects.filter(agreement=world.agreement).order_by("scope", "id")
    assert [c.limit_excl_tax for c in limits] == [1000000, 500, 300, None]
    refusal = refusal_of(
        lambda: services.beneficiary_add(
            agreement=world.agreement, organisation=make_buyer_org(), by=world.admin, at=world.at
        )
    )
    assert "R2162-6" in str(refusal)


def test_an_empty_draft_is_not_activated_and_every_reason_is_told():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    at = timezone.now()
    agreement = services.agreement_create(buyer=org, reference="AC-1", title="Vide", by=admin, at=at)
    refusal = refusal_of(
        lambda: services.agreement_activate(agreement=agreement, served_at=at, by=admin, at=at)
    )
    assert len(refusal.reasons) == 3
    assert "R2162-4" in str(refusal)
    assert "R2162-6" in str(refusal)


def test_an_agreement_noticed_before_2022_may_have_no_maximum():
    world = make_world(
        maximum=None, notice_date=datetime(2016, 5, 1).date(), at=timezone.make_aware(datetime(2016, 9, 25))
    )
    assert world.agreement.maximum_excl_tax is None
    make_issued_order(world)


def test_more_than_four_years_needs_a_reason():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    fields = {
        "buyer": org,
        "title": "Long",
        "firm_months": 48,
        "renewal_count": 1,
        "by": admin,
        "at": timezone.now(),
    }
    refusal = refusal_of(lambda: services.agreement_create(reference="AC-1", **fields))
    assert refusal.reasons[0].field == "firm_months"
    assert "L2125-1" in str(refusal)
    assert services.agreement_create(reference="AC-1", duration_reason="Amortissement", **fields).pk


def test_a_reference_is_given_once():
    world = make_world(reference="AC-UNIQUE")
    refusal = refusal_of(
        lambda: services.agreement_create(
            buyer=world.agreement.buyer, reference="AC-UNIQUE", title="Double", by=world.admin, at=world.at
        )
    )
    assert refusal.reasons[0].field == "reference"


def test_suppliers_and_beneficiaries_do_not_run_the_agreement():
    world = make_world()
    for user in (world.supplier, world.buyer, world.signatory):
        refusal = refusal_of(
            lambda user=user: services.agreement_end(
                agreement=world.agreement, reason="x", by=user, at=world.at
            )
        )
        assert refusal.code == "forbidden"


def test_renewals_prolong_until_all_are_done():
    world = make_world(firm_months=12, renewal_count=2, at=timezone.make_aware(datetime(2026, 3, 11, 12)))
    ends = []
    for _ in range(2):
        agreement = services.agreement_renew(agreement=world.agreement, by=world.admin, at=world.at)
        ends.append(agreement.end_date.isoformat())
    assert ends == ["2028-02-29", "2029-02-28"]
    refusal = refusal_of(
        lambda: services.agreement_renew(agreement=world.agreement, by=world.admin, at=world.at)
    )
    assert "R2112-4" in str(refusal)


def test_an_agreement_past_its_term_is_not_renewed():
    world = make_world(firm_months=12, renewal_count=1)
    late = world.agreement.valid_until
    assert (
        refusal_of(lambda: services.agreement_renew(agreement=world.agreement, by=world.admin, at=late)).code
        == "too_late"
    )


def test_duplicates_are_refused_with_a_sentence():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    agreement = make_draft_agreement(admin, org, beneficiaries=[(org, None)])
    lot, holder = agreement.lots.get(), agreement.lots.get().holders.get()
    at = timezone.now()
    calls = [
        lambda: services.lot_add(agreement=agreement, number=2, title="Bis", by=admin, at=at),
        lambda: services.holder_add(lot=lot, organisation=holder.organisation, rank=2, by=admin, at=at),
        lambda: services.beneficiary_add(agreement=agreement, organisation=org, by=admin, at=at),
    ]
    assert [refusal_of(call).code for call in calls] == ["conflict"] * 3
    assert services.catalogue_load(lot=lot, lot_number=2, by=admin, at=at) == 0
    assert FrameworkAgreement.objects.get().state == AgreementState.DRAFT


def test_counters_are_one_for_each_scope():
    world = make_world()
    scopes = list(Ceiling.objects.filter(agreement=world.agreement).values_list("scope", flat=True))
    assert sorted(scopes) == [CeilingScope.AGREEMENT, CeilingScope.LOT, CeilingScope.BENEFICIARY]
