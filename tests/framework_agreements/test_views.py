"""Pages of agreements, their catalogue and their administration."""

import pytest

from framework_agreements.enums import AgreementState
from framework_agreements.models import FrameworkAgreement
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.framework_agreements.factories import (
    make_draft_agreement,
    make_issued_order,
    make_world,
)
from tests.framework_agreements.pages import signed_in, text, url

pytestmark = pytest.mark.django_db


# --- public pages


def test_anyone_reads_agreements_and_their_aggregated_consumption(client):
    world = make_world(unit_price="12345.67", ceiling="500000")
    order = make_issued_order(world)
    listed, page = client.get(url("list")), client.get(world.agreement.get_absolute_url())
    assert "12 345,67" in text(listed)
    assert world.agreement.title in text(listed)
    for words in (
        "12 345,67 €",
        "500 000 €",
        world.holder.organisation.name,
        world.beneficiary.organisation.name,
    ):
        assert words in text(page)
    assert order.title not in text(page)
    assert "Historique" not in text(page)


def test_anyone_browses_the_catalogue_without_prices(client):
    world = make_world(unit_price="98765.43")
    page = client.get(url("lot", world.lot.pk))
    for code in ("UO-L2.0", "UO-L2.1.1", "UO-L2.4.2", "code attribué par Jalon", "Comment le texte a été lu"):
        assert code in text(page)
    assert "98 765,43" not in text(page)
    phase = text(client.get(url("lot", world.lot.pk), {"phase": "construction"}))
    assert "UO-L2.2.2" in phase
    assert "UO-L2.3.2</a>" not in phase
    unit = client.get(world.unit().get_absolute_url())
    for words in (
        "60 jours-homme",
        "Systématiquement déclenchée",
        "En préparation d’une itération",
        "CCTP § 4.3.4",
    ):
        assert words in text(unit)
    assert "98 765,43" not in text(unit)


def test_a_unit_without_load_says_so(client):
    world = make_world()
    assert "le texte n’en donne pas" in text(client.get(world.unit("UO-L2.1.2").get_absolute_url()))
    assert "forfaitaire" in text(client.get(world.unit("UO-L2.3.4").get_absolute_url()))


def test_holders_read_their_own_prices_only(client):
    world = make_world(unit_price="98765.43", holders=2)
    rival = make_member(world.lot.holders.get(rank=2).organisation, "supplier")
    page = text(signed_in(client, rival).get(url("lot", world.lot.pk)))
    assert page.count("98 765,43") == world.lot.work_units.count()
    page = text(signed_in(client, world.prescriber).get(url("lot", world.lot.pk)))
    assert page.count("98 765,43") == 2 * world.lot.work_units.count()


def test_search_and_state_narrow_the_list(client):
    make_world(title="Services numériques agiles")
    assert "Services numériques agiles" in text(client.get(url("list"), {"q": "agiles"}))
    assert "Aucun accord-cadre ne correspond" in text(client.get(url("list"), {"q": "bitume"}))
    assert "Aucun accord-cadre ne correspond" in text(client.get(url("list"), {"state": "ended"}))


def test_a_draft_does_not_exist_for_the_public(client):
    org = make_buyer_org()
    draft = make_draft_agreement(make_member(org, "framework_admin"), org)
    lot = draft.lots.get()
    for address in (draft.get_absolute_url(), url("lot", lot.pk), lot.work_units.first().get_absolute_url()):
        assert client.get(address).status_code == 404


# --- recording an agreement by hand


def test_an_agreement_is_recorded_composed_and_activated_by_hand(client):
    org, firm, own = make_buyer_org(), make_supplier_org(), make_buyer_org()
    signed_in(client, make_member(org, "framework_admin"))
    data = {
        "buyer": org.pk,
        "reference": "AC-2026-1",
        "title": "Services agiles",
        "maximum_excl_tax": "495 000 000",
        "firm_months": "48",
        "renewal_count": "0",
        "renewal_months": "12",
        "notice_months": "1",
    }
    client.post(url("create"), data)
    agreement = FrameworkAgreement.objects.get()
    assert agreement.maximum_excl_tax == 495000000
    lot_data = {"number": "1", "title": "Incubateurs", "allocation_rule": "single"}
    client.post(url("lot_add", agreement.pk), lot_data)
    lot = agreement.lots.get()
    client.post(url("catalogue_load", lot.pk), {"lot_number": "1"})
    assert lot.work_units.count() == 4
    client.post(url("holder_add", lot.pk), {"organisation": firm.pk, "rank": "1"})
    prices = {f"unit_{unit.pk}": "1 500,50" for unit in lot.work_units.all()}
    client.post(url("prices", lot.holders.get().pk), prices)
    client.post(url("beneficiary_add", agreement.pk), {"organisation": own.pk, "ceiling_excl_tax": "1000000"})
    page = client.post(url("activate", agreement.pk), {"served_at": "2026-01-05T10:00"}, follow=True)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ACTIVE, text(page)
    assert agreement.end_date.isoformat() == "2030-01-04"
    assert "les bénéficiaires peuvent commander" in text(page)


def test_refusals_are_told_beside_the_field_and_what_was_typed_is_kept(client):
    org = make_buyer_org()
    signed_in(client, make_member(org, "framework_admin"))
    data = {
        "buyer": org.pk,
        "reference": "AC-LONG",
        "title": "Trop long",
        "firm_months": "60",
        "renewal_count": "0",
        "renewal_months": "12",
        "notice_months": "1",
    }
    page = client.post(url("create"), data)
    assert page.status_code == 200
    assert "L2125-1" in str(page.context["form"].errors["firm_months"])
    assert 'value="AC-LONG"' in text(page)
    assert not FrameworkAgreement.objects.exists()


def test_an_empty_draft_says_what_is_missing(client):
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    agreement = make_draft_agreement(admin, org, maximum=None)
    page = signed_in(client, admin).post(url("activate", agreement.pk), {"served_at": "2026-01-05T10:00"})
    assert "R2162-4" in text(page)
    assert "R2162-6" in text(page)


def test_others_find_no_administration_page(client):
    world = make_world()
    org = make_buyer_org()
    draft = make_draft_agreement(make_member(org, "framework_admin"), org)
    lot = draft.lots.get()
    pages = [
        url("create"),
        url("update", draft.pk),
        url("lot_add", draft.pk),
        url("beneficiary_add", draft.pk),
        url("activate", draft.pk),
        url("catalogue_load", lot.pk),
        url("holder_add", lot.pk),
        url("prices", lot.holders.get().pk),
        url("end", world.agreement.pk),
        url("renew", world.agreement.pk),
    ]
    signed_in(client, world.buyer)
    assert {client.post(page).status_code for page in pages} == {404}


def test_the_administrator_ends_an_agreement(client):
    world = make_world(firm_months=12, renewal_count=1)
    signed_in(client, world.admin)
    client.post(url("renew", world.agreement.pk))
    client.post(url("end", world.agreement.pk), {"reason": "Maximum atteint"})
    world.agreement.refresh_from_db()
    assert (world.agreement.state, world.agreement.renewals_done) == (AgreementState.ENDED, 1)
    page = client.get(world.agreement.get_absolute_url())
    assert "Arrivé à son terme" in text(page)
    assert "Maximum atteint" in text(page)
