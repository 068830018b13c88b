"""Pages of orders, steering and dashboards."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from framework_agreements.enums import OrderState
from framework_agreements.models import PurchaseOrder
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.framework_agreements.factories import (
    make_issued_order,
    make_order,
    make_running_order,
    make_world,
)
from tests.framework_agreements.pages import order_data, signed_in, text, url
from tests.needs.factories import make_project

pytestmark = pytest.mark.django_db


# --- public pages


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
