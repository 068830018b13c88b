"""The pages of startups and their delivery."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.enums import Role
from startups.models import Iteration, Startup
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import make_issued_order
from tests.startups.factories import (
    START,
    make_delivery,
    make_demonstrated,
    make_iteration,
    make_startup,
    make_story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    return make_delivery()


def url(name, *args):
    return reverse(f"startups:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def number_of_queries(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def form_of(delivery, *, start=START, days=19):
    end = start + timedelta(days=days - 1)
    return {"order": delivery.order.pk, "goal": "Un but", "start_date": start, "end_date": end}


class TestThePublic:
    def test_reads_the_list_in_constant_queries_and_filters_it(self, client):
        make_startup(name="Accès libre")
        before = number_of_queries(client, url("list"))
        for number in range(14):
            make_startup(name=f"Autre {number}")
        assert number_of_queries(client, url("list")) == before
        page = text(client.get(url("list"), {"q": "accès", "phase": "investigation", "impact": "unmeasured"}))
        assert "Accès libre" in page and "Autre 3" not in page
        assert "Aucune startup ne correspond" in text(client.get(url("list"), {"impact": "national"}))
        assert "page=2" in text(client.get(url("list")))

    def test_reads_the_problem_and_the_accepted_iterations_only(self, client, delivery):
        make_demonstrated(delivery, goal="Un but secret")
        page = text(client.get(delivery.startup.get_absolute_url()))
        assert delivery.startup.problem.replace("'", "&#x27;") in page
        assert "Un but secret" not in page and "La livraison" not in page
        client.force_login(delivery.product_owner)
        decide = url("iteration_decide", delivery.startup.slug, 1)
        client.post(decide, {"decision": "accepted", "signature": "on"})
        client.logout()
        assert "Un but secret" in text(client.get(delivery.startup.get_absolute_url()))

    def test_sees_the_impact_as_a_table_and_a_drawing(self, client, delivery):
        client.force_login(delivery.product_owner)
        slug = delivery.startup.slug
        client.post(url("indicator_add", slug), {"name": "Lieux décrits", "unit": "lieux"})
        indicator = delivery.startup.indicators.get()
        for value, day in (("1 200,5", "2024-01-15"), ("2400", "2024-07-15")):
            added = {"value": value.replace(" ", ""), "measured_date": day, "source": "Base ouverte"}
            assert client.post(url("measure_record", slug, indicator.pk), added).status_code == 302
        client.logout()
        page = text(client.get(delivery.startup.get_absolute_url()))
        assert "<svg" in page and "Base ouverte" in page and "Mesure attendue" in page
        assert 'points="56.0,' in page

    def test_does_not_see_an_iteration(self, client, delivery):
        iteration = make_iteration(delivery)
        assert client.get(iteration.get_absolute_url()).status_code == 302
        client.force_login(make_member(make_buyer_org(), Role.PRODUCT_OWNER))
        assert client.get(iteration.get_absolute_url()).status_code == 404


class TestTheProductOwner:
    @pytest.fixture
    def owner(self, client, delivery):
        client.force_login(delivery.product_owner)
        return client

    def test_opens_an_incubator_and_a_startup(self, owner, delivery):
        organisation = delivery.startup.organisation
        assert owner.get(url("incubator_create")).status_code == 200
        owner.post(url("incubator_create"), {"name": "Fabrique", "organisation": organisation.pk})
        from startups.models import Incubator

        data = {
            "name": "Toit d'été",
            "organisation": organisation.pk,
            "incubator": Incubator.objects.get(name="Fabrique").pk,
            "product_owner": delivery.product_owner.pk,
            "started_date": "2026-01-05",
            "origin": "Comité",
            "problem": "Des internats vides l'été",
        }
        assert owner.post(url("create"), {**data, "problem": ""}).status_code == 200
        assert owner.post(url("create"), data).status_code == 302
        assert Startup.objects.get(slug="toit-dete").phase == "investigation"

    def test_writes_the_sheet_and_records_a_phase(self, owner, delivery):
        slug = delivery.startup.slug
        assert "Enregistrer la fiche" in text(owner.get(url("update", slug)))
        assert owner.post(url("update", slug), {"problem": "Un autre problème"}).status_code == 302
        assert "Engager la consolidation" in text(owner.get(url("phase", slug)))
        data = {"transition": "consolidate", "on_date": "2026-06-01", "reason": "Usages confirmés"}
        assert "Usages confirmés" in text(owner.post(url("phase", slug), data, follow=True))

    def test_links_an_order(self, owner, delivery):
        slug = delivery.startup.slug
        assert "Aucun bon de commande à rattacher" in text(owner.get(url("order_link", slug)))
        order = make_issued_order(delivery.world)
        assert owner.post(url("order_link", slug), {"order": order.pk}).status_code == 302
        assert delivery.startup.order_links.count() == 2

    def test_is_refused_four_weeks_beside_the_field_and_keeps_the_form(self, owner, delivery):
        answer = owner.post(url("iteration_plan", delivery.startup.slug), form_of(delivery, days=28))
        assert answer.status_code == 200
        message = answer.context["form"].errors["end_date"][0]
        assert "trois semaines au plus" in message and "§1.4" in message
        assert "Un but" in text(answer)
        assert not Iteration.objects.exists()

    def test_is_refused_an_overlap_beside_the_start(self, owner, delivery):
        make_iteration(delivery)
        answer = owner.post(url("iteration_plan", delivery.startup.slug), form_of(delivery))
        assert "une itération à la fois" in answer.context["form"].errors["start_date"][0]

    def test_plans_writes_validates_and_signs(self, owner, client, delivery):
        slug = delivery.startup.slug
        answer = owner.post(url("iteration_plan", slug), form_of(delivery))
        assert answer.url == url("iteration", slug, 1)
        assert "Pas encore de récit" in text(owner.get(answer.url))
        story = {
            "persona": "usagère",
            "want": "réserver",
            "benefit": "partir sereine",
            "criteria": "Un message confirme",
            "days": "2,5",
            "order_line": delivery.order.lines.get().pk,
        }
        assert "UO-L2.2.2" in text(owner.get(url("story_add", slug, 1)))
        owner.post(url("story_add", slug, 1), story)
        owner.post(url("story_add", slug, 1), {**story, "days": "4"})
        first, second = Iteration.objects.get().stories.all()
        client.force_login(delivery.supplier)
        client.post(url("iteration_start", slug, 1))
        for row in (first, second):
            client.post(url("story_present", slug, 1, row.pk))
        minutes = {"minutes": "Montré à dix usagers", "attendees": "Toute l'équipe"}
        assert "prévenue" in text(client.get(url("iteration_demonstrate", slug, 1)))
        client.post(url("iteration_demonstrate", slug, 1), minutes)
        client.force_login(delivery.product_owner)
        client.post(url("story_validate", slug, 1, first.pk))
        assert "Refuser le récit" in text(client.get(url("story_refuse", slug, 1, second.pk)))
        client.post(url("story_refuse", slug, 1, second.pk), {"reason": "Pas de message"})
        assert "Ce que vous signez" in text(client.get(url("iteration_decide", slug, 1)))
        refused = client.post(url("iteration_decide", slug, 1), {"decision": "accepted"})
        assert "Cochez la case" in text(refused)
        page = text(
            client.post(
                url("iteration_decide", slug, 1), {"decision": "accepted", "signature": "on"}, follow=True
            )
        )
        assert "PV-" in page and "2,5\u00a0j" in page and "Pas de message" in page
        assert delivery.order.lines.get().done_days == first.days == 2.5

    def test_cancels_what_has_not_begun(self, owner, delivery):
        make_iteration(delivery)
        address = url("iteration_cancel", delivery.startup.slug, 1)
        assert owner.get(address).status_code == 200
        assert "Vacances" in text(owner.post(address, {"reason": "Vacances"}, follow=True))

    def test_sees_on_the_dashboard_what_waits(self, owner, delivery):
        make_demonstrated(delivery, settle="")
        page = text(owner.get(reverse("screens:dashboard")))
        assert "attend votre décision" in page and "jamais mesuré" in page

    def test_reads_every_iteration_in_constant_queries(self, owner, delivery):
        make_demonstrated(delivery)
        before = number_of_queries(owner, url("iterations"))
        detail = number_of_queries(owner, url("iteration", delivery.startup.slug, 1))
        for number in range(1, 4):
            make_demonstrated(
                delivery, start=START + timedelta(days=30 * number), stories=("1", "1", "1", "1", "1")
            )
        assert number_of_queries(owner, url("iterations")) == before
        assert number_of_queries(owner, url("iteration", delivery.startup.slug, 2)) == detail


class TestTheHolder:
    def test_delivers_what_is_expected(self, client, delivery):
        iteration = make_iteration(delivery)
        make_story(iteration, by=delivery.supplier, at=delivery.world.at)
        client.force_login(delivery.supplier)
        slug = delivery.startup.slug
        client.post(url("iteration_start", slug, 1))
        row = iteration.deliverables.first()
        address = url("deliverable_deliver", slug, 1, row.pk)
        assert row.expected.label in text(client.get(address)).replace("&#x27;", "'")
        assert "https://depot.example" in text(
            client.post(address, {"location": "https://depot.example"}, follow=True)
        )

    def test_has_no_button_that_is_not_its_own(self, client, delivery):
        make_demonstrated(delivery, settle="")
        client.force_login(delivery.supplier)
        page = text(client.get(url("iteration", delivery.startup.slug, 1)))
        assert "Signer le procès-verbal" not in page and "Valider" not in page
        for name in ("iteration_decide", "iteration_cancel"):
            assert client.get(url(name, delivery.startup.slug, 1)).status_code == 404

    def test_takes_a_story_out(self, client, delivery):
        iteration = make_iteration(delivery)
        story = make_story(iteration, by=delivery.supplier, at=delivery.world.at)
        client.force_login(delivery.supplier)
        client.post(url("story_remove", delivery.startup.slug, 1, story.pk))
        assert not iteration.stories.exists()

    def test_sees_on_the_dashboard_what_to_deliver(self, client, delivery):
        make_iteration(delivery)
        client.force_login(delivery.supplier)
        assert "Itérations à livrer" in text(client.get(reverse("screens:dashboard")))


def test_the_home_shows_the_portfolio(client, delivery):
    assert "startups d&#x27;État suivies" in text(
        client.get(reverse("screens:home"))
    ) or "startups d'État suivies" in text(client.get(reverse("screens:home")))
