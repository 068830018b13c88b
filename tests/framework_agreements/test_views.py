"""Pages: what they show to whom, what they refuse, and how many queries they cost."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from framework_agreements.enums import AgreementState, OrderState
from framework_agreements.models import FrameworkAgreement, PurchaseOrder
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.framework_agreements.factories import (
    make_draft_agreement,
    make_issued_order,
    make_order,
    make_running_order,
    make_world,
)
from tests.needs.factories import make_project

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"framework_agreements:{name}", args=args)


def signed_in(client, user):
    client.force_login(user)
    return client


def text(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def order_data(world, *lines, **fields):
    """What the browser sends: the form and its lines (unit code, quantity, days)."""
    data = {
        "beneficiary": world.beneficiary.pk,
        "holder": world.holder.pk,
        "title": "Construction",
        "lines-TOTAL_FORMS": str(max(len(lines), 1)),
        "lines-INITIAL_FORMS": "0",
        **fields,
    }
    for index, (code, quantity, days) in enumerate(lines):
        data |= {
            f"lines-{index}-work_unit": world.unit(code).pk if code else "",
            f"lines-{index}-quantity": quantity,
            f"lines-{index}-planned_days": days,
        }
    return data


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


# --- orders


def test_a_buyer_drafts_reads_again_and_issues(client):
    world = make_world(unit_price="1000", ceiling="5000")
    signed_in(client, world.buyer)
    start = client.post(url("order_start"), {"lot": world.lot.pk})
    assert start.url == url("order_create", world.lot.pk)
    assert "UO-L2.2.2 Développement devops (60 j)" in text(client.get(start.url))
    data = order_data(world, ("UO-L2.2.2", "2", ""), ("", "", ""), ("UO-L2.1.2", "1", "38,5"), key="k1")
    page = client.post(start.url, data, follow=True)
    order = PurchaseOrder.objects.get()
    assert order.total_excl_tax == 3000, text(page)
    client.post(start.url, data)
    assert PurchaseOrder.objects.count() == 1
    confirm = client.get(url("order_issue", order.pk))
    assert "Restera" in text(confirm)
    assert "2 000 €" in text(confirm)
    issued = client.post(url("order_issue", order.pk), follow=True)
    assert "BC-0001" in text(issued)
    assert "Historique" in text(issued)
    assert "Bon de commande BC-0001" in text(issued)
    again = client.post(url("order_issue", order.pk), follow=True)
    assert again.status_code == 200
    assert PurchaseOrder.objects.get().number == 1


def test_more_lines_without_script_keep_what_was_typed(client):
    world = make_world()
    data = order_data(world, ("UO-L2.2.2", "2", ""), add_lines="1")
    page = signed_in(client, world.buyer).post(url("order_create", world.lot.pk), data)
    assert len(page.context["formset"].forms) == 4
    assert 'value="Construction"' in text(page)
    assert not PurchaseOrder.objects.exists()


def test_line_refusals_are_beside_their_line(client):
    world = make_world(maximum="1000")
    signed_in(client, world.buyer)
    address = url("order_create", world.lot.pk)
    page = client.post(address, order_data(world, ("", "", ""), ("UO-L2.1.2", "1", "")))
    assert "le texte ne donne pas de charge" in str(page.context["formset"].forms[1].errors)
    page = client.post(address, order_data(world, ("UO-L2.2.2", "2", "")))
    assert "R2162-4" in str(page.context["formset"].forms[0].errors["quantity"])
    assert "1 000 €" in text(page)
    page = client.post(address, order_data(world, ("UO-L2.2.2", "", "")))
    assert "Combien d’unités" in text(page)
    assert not PurchaseOrder.objects.exists()


def test_out_of_turn_is_refused_beside_the_reason(client):
    world = make_world(holders=2, rule="cascade")
    signed_in(client, world.buyer)
    second = world.lot.holders.get(rank=2)
    data = order_data(world, ("UO-L2.2.2", "1", ""), holder=second.pk)
    page = client.post(url("order_create", world.lot.pk), data)
    assert "R2162-14" in str(page.context["form"].errors["holder_reason"])


def test_a_draft_is_changed(client):
    world = make_world()
    order = make_order(world)
    signed_in(client, world.prescriber)
    page = client.get(url("order_update", order.pk))
    assert 'value="Construction d’un service"' in text(page)
    client.post(url("order_update", order.pk), order_data(world, ("UO-L2.2.2", "4", ""), title="Nouveau"))
    order.refresh_from_db()
    assert (order.title, order.total_excl_tax) == ("Nouveau", 4000)


def test_an_order_above_what_is_left_cannot_be_issued(client):
    world = make_world(maximum="1500")
    order = make_order(world)
    make_issued_order(world)
    signed_in(client, world.buyer)
    page = client.get(url("order_issue", order.pk))
    assert "dépasse" in text(page)
    assert "Émettre le bon de commande" not in text(page)
    page = client.post(url("order_issue", order.pk))
    assert "il reste 500,00 €" in text(page)
    assert "R2162-4" in text(page)
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


def test_the_holder_acknowledges_then_the_beneficiary_follows_and_closes(client):
    world = make_world()
    order = make_issued_order(world)
    signed_in(client, world.supplier).post(url("order_acknowledge", order.pk))
    signed_in(client, world.product_owner)
    line = order.lines.get()
    client.post(
        url("order_progress", order.pk), {"line": line.pk, "days": "12,5", "activity": "Développement"}
    )
    page = text(client.get(order.get_absolute_url()))
    for words in ("12,5 j réalisés sur 60 j", "47,5 j", "Développement"):
        assert words in page
    client.post(url("order_complete", order.pk))
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED


def test_a_draft_is_given_up(client):
    world = make_world()
    order = make_order(world)
    signed_in(client, world.prescriber)
    assert "obligatoire" in text(client.post(url("order_cancel", order.pk), {"reason": ""}))
    page = client.post(url("order_cancel", order.pk), {"reason": "Doublon"}, follow=True)
    assert "Brouillon abandonné" in text(page)


def test_others_do_not_find_the_order(client):
    world = make_world()
    draft, issued = make_order(world), make_issued_order(world)
    names = ("order", "order_issue", "order_update", "order_cancel", "order_progress")
    signed_in(client, make_member(make_supplier_org(), "supplier"))
    assert {client.get(url(name, issued.pk)).status_code for name in names} == {404}
    signed_in(client, world.supplier)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(issued.get_absolute_url()).status_code == 200
    assert client.post(url("order_issue", draft.pk)).status_code == 404
    signed_in(client, world.prescriber)
    assert client.post(url("order_issue", draft.pk)).status_code == 404
    assert client.post(url("order_acknowledge", issued.pk)).status_code == 404


def test_orders_are_filtered_and_counted(client):
    world = make_world()
    make_order(world, title="Un brouillon")
    make_issued_order(world, title="Une construction")
    signed_in(client, world.buyer)
    page = text(client.get(url("orders")))
    assert "2 commandes" in page
    assert "dont 1 émises pour 1 000 € HT" in page
    assert "Un brouillon" not in text(client.get(url("orders"), {"state": "issued"}))
    assert "Une construction" in text(client.get(url("orders"), {"q": "BC-0001"}))
    assert "Aucune commande ne correspond" in text(client.get(url("orders"), {"q": "introuvable"}))


def test_steering_tells_days_by_project_order_and_activity(client):
    from framework_agreements import services

    world = make_world()
    order = make_running_order(world)
    services.order_record_progress(
        line=order.lines.get(),
        days=Decimal(15),
        activity="Open lab",
        source_label="PV",
        by=world.buyer,
        at=world.at,
    )
    page = text(signed_in(client, world.buyer).get(url("steering")))
    for words in ("15 j réalisés sur 60 j", "45 j", "Open lab", "Sans projet d’achat", "BC-0001"):
        assert words in page


def test_an_administration_receives_no_orders(client):
    house = make_member(make_buyer_org(), "framework_admin", "org_admin")
    assert "Commandes reçues" not in text(signed_in(client, house).get(reverse("screens:dashboard")))


def test_dashboards_show_what_waits(client):
    world = make_world()
    make_order(world, title="À émettre")
    make_issued_order(world, title="À recevoir")
    dashboard = reverse("screens:dashboard")
    assert "À recevoir" in text(signed_in(client, world.supplier).get(dashboard))
    buyer = text(signed_in(client, world.buyer).get(dashboard))
    assert "À émettre" in buyer
    assert "À recevoir" in buyer
    assert world.agreement.reference in text(signed_in(client, world.admin).get(dashboard))


def test_the_page_of_a_project_lists_its_orders_and_their_days(client):
    world = make_world()
    project = make_project(organisation=world.beneficiary.organisation, by=world.buyer, at=world.at)
    make_issued_order(world, project=project, title="Pour ce projet")
    make_issued_order(world, title="Pour un autre")
    page = text(signed_in(client, world.buyer).get(reverse("needs:detail", args=[project.pk])))
    assert "Pour ce projet" in page
    assert "Pour un autre" not in page
    assert "0 j réalisés sur 60 j prévus" in page


def test_the_home_page_counts_what_runs(client):
    make_issued_order(make_world(unit_price="7777"))
    assert "7 777 €" in text(client.get(reverse("screens:home")))


@pytest.mark.parametrize("name", ["list", "orders", "steering"])
def test_lists_cost_the_same_for_2_and_for_12_rows(client, name, django_assert_max_num_queries):
    world = make_world()
    signed_in(client, world.buyer)

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name)).status_code == 200
        return len(queries)

    def add(count):
        for _ in range(count):
            make_world() if name == "list" else make_issued_order(world)

    add(2)
    few = cost()
    add(10)
    assert cost() == few
    assert few <= 14


def test_agreement_page_costs_the_same_for_1_and_for_9_beneficiaries(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for count in (0, 8):
        world = make_world(other_ceilings=[None] * count, holders=1 + count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(world.agreement.get_absolute_url()).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_now_is_what_the_pages_hand_to_services(client):
    world = make_world()
    order = make_order(world)
    before = timezone.now()
    signed_in(client, world.buyer).post(url("order_issue", order.pk))
    order.refresh_from_db()
    assert before <= order.issued_at <= timezone.now()
