"""The demonstration of startups, with and without an agreement to order from."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.accounts import demo as people
from foundation.clock import now
from framework_agreements import services as agreements
from startups import demo
from startups.models import AcceptanceRecord, Iteration, Startup
from tests.framework_agreements.factories import make_draft_agreement

pytestmark = pytest.mark.django_db
SEVEN = {
    "Réfugiés.info",
    "Mano",
    "Accès libre",
    "France Chaleur Urbaine",
    "France VAE",
    "A-Just",
    "Mon service sécurisé",
}


@pytest.fixture
def cast():
    return people.tell(at=now())


def give_an_agreement(cast, at):
    admin, dinum = cast.people["administration"], cast.orgs["dinum"]
    agreement = make_draft_agreement(admin, dinum, beneficiaries=[(dinum, None)], holders=0, at=at)
    lot = agreement.lots.get()
    holder = agreements.holder_add(lot=lot, organisation=cast.orgs["titulaire"], rank=1, by=admin, at=at)
    prices = {unit: Decimal(900) for unit in lot.work_units.all()}
    agreements.prices_set(holder=holder, prices=prices, by=admin, at=at)
    agreements.agreement_activate(agreement=agreement, served_at=at - timedelta(days=200), by=admin, at=at)


def test_the_portfolio_is_told_once(cast):
    demo.tell(cast, at=now())
    count = Startup.objects.count()
    demo.tell(cast, at=now())
    assert Startup.objects.count() == count >= 14
    national = Startup.objects.filter(has_national_impact=True)
    assert set(national.values_list("name", flat=True)) == SEVEN
    assert not Iteration.objects.exists()


def test_two_deliveries_show_every_state(cast):
    at = now()
    give_an_agreement(cast, at)
    demo.tell(cast, at=at)
    states = set(Iteration.objects.values_list("state", flat=True))
    assert states == {"accepted", "reduced", "running", "planned", "demonstrated"}
    running = Iteration.objects.get(state="running")
    assert running.start_date <= at.date() <= running.end_date
    assert AcceptanceRecord.objects.count() == 3
    line = running.order.lines.get(work_unit__code="UO-L2.2.2")
    assert line.done_days == Decimal("17.5") + Decimal("8") + Decimal("9.9")
