"""Startups, iterations and stories through the API."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import make_issued_order
from tests.startups.factories import START, make_delivery, make_iteration, make_startup

pytestmark = pytest.mark.django_db
STARTUPS, ITERATIONS, STORIES = "/api/v1/startups/", "/api/v1/iterations/", "/api/v1/stories/"


@pytest.fixture
def delivery():
    return make_delivery()


def client_of(user) -> APIClient:
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(user)
    return client


def plan_of(delivery, *, days=19):
    return {
        "startup": delivery.startup.slug,
        "order": delivery.order.pk,
        "goal": "Un but",
        "start_date": str(START),
        "end_date": str(START + timedelta(days=days - 1)),
    }


def story_of(delivery, **fields):
    return {
        "persona": "usagère",
        "want": "réserver",
        "benefit": "partir sereine",
        "criteria": "Un message confirme",
        "days": "2.5",
        "order_line": delivery.order.lines.get().pk,
        **fields,
    }


def test_an_iteration_from_its_plan_to_its_record(delivery):
    owner, holder = client_of(delivery.product_owner), client_of(delivery.supplier)
    planned = owner.post(ITERATIONS, plan_of(delivery))
    assert planned.status_code == 201, planned.data
    assert planned.data["abilities"]["decide"] and planned.data["number"] == 1
    url = f"{ITERATIONS}{planned.data['id']}/"
    for days in ("2.5", "4"):
        answer = holder.post(f"{url}stories/", story_of(delivery, days=days))
        assert answer.status_code == 201, answer.data
    first, second = [row["id"] for row in answer.data["stories"]]
    spare = owner.post(f"{url}stories/", story_of(delivery)).data["stories"][2]["id"]
    assert owner.delete(f"{STORIES}{spare}/").status_code == 204
    assert holder.post(f"{url}start/").data["state"] == "running"
    for story in (first, second):
        assert holder.post(f"{STORIES}{story}/present/").data["state"] == "done"
    row = holder.get(url).data["deliverables"][0]
    delivered = holder.post(f"{url}deliverables/{row['id']}/", {"location": "https://depot.example"})
    assert delivered.data["deliverables"][0]["location"] == "https://depot.example"
    assert holder.post(f"{url}demonstrate/", {"minutes": "Montré"}).data["state"] == "demonstrated"
    assert owner.post(f"{STORIES}{first}/validate/").data["state"] == "validated"
    refused = owner.post(f"{STORIES}{second}/refuse/", {"reason": "Incomplet"})
    assert refused.data["refusal_reason"] == "Incomplet"
    done = owner.post(f"{url}records/", {"decision": "accepted", "signature": True})
    assert done.status_code == 201 and done.data["state"] == "accepted"
    record = done.data["records"][0]
    assert record["number"].startswith("PV-") and record["recorded_days"] == "2.50"
    again = owner.post(f"{url}records/", {"decision": "accepted", "signature": True})
    assert again.status_code == 409 and again["Content-Type"] == "application/problem+json"


def test_four_weeks_are_a_problem_that_points_to_the_end_and_cites_the_article(delivery):
    answer = client_of(delivery.product_owner).post(ITERATIONS, plan_of(delivery, days=28))
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    error = answer.data["errors"][0]
    assert error["pointer"] == "/end_date"
    assert "trois semaines au plus" in error["detail"] and "§1.4" in error["article"]


def test_an_overlap_is_a_problem_too(delivery):
    make_iteration(delivery)
    answer = client_of(delivery.product_owner).post(ITERATIONS, plan_of(delivery))
    assert answer.status_code == 422 and answer.data["errors"][0]["pointer"] == "/start_date"


def test_who_may_not_gets_403_who_may_not_see_gets_404(delivery):
    iteration = make_iteration(delivery)
    url = f"{ITERATIONS}{iteration.pk}/"
    holder = client_of(delivery.supplier)
    assert holder.post(ITERATIONS, plan_of(delivery)).status_code == 403
    assert holder.post(f"{url}records/", {}).status_code == 403
    assert holder.post(f"{url}cancel/", {"reason": "Non"}).status_code == 403
    assert holder.get(url).data["abilities"]["decide"] is False
    stranger = client_of(make_member(make_buyer_org(), Role.PRODUCT_OWNER))
    assert stranger.get(url).status_code == 404
    assert stranger.get(ITERATIONS).data["results"] == []
    assert APIClient().get(ITERATIONS).data["results"] == []
    assert APIClient().post(ITERATIONS, plan_of(delivery)).status_code == 401


def test_an_order_of_others_does_not_exist(delivery):
    foreign = make_delivery().order
    answer = client_of(delivery.product_owner).post(ITERATIONS, {**plan_of(delivery), "order": foreign.pk})
    assert answer.status_code == 422 and answer.data["errors"][0]["pointer"] == "/order"


def test_lists_filter(delivery):
    make_iteration(delivery)
    api = client_of(delivery.product_owner)
    found = api.get(ITERATIONS, {"startup": delivery.startup.slug, "state": "planned"}).data["results"]
    assert [row["number"] for row in found] == [1]
    assert api.get(ITERATIONS, {"state": "accepted"}).data["results"] == []
    assert api.get(STORIES).data["results"] == []


class TestStartups:
    def test_anyone_reads_and_filters(self, delivery):
        other = make_startup(name="Accès libre")
        rows = APIClient().get(STARTUPS, {"q": "accès", "impact": "unmeasured"}).data["results"]
        assert [row["slug"] for row in rows] == [other.slug]
        built = APIClient().get(STARTUPS, {"phase": "construction"}).data["results"]
        assert [row["slug"] for row in built] == [delivery.startup.slug]
        page = APIClient().get(f"{STARTUPS}{delivery.startup.slug}/").data
        assert page["accepted_iterations"] == [] and page["periods"][-1]["phase"] == "construction"
        assert page["abilities"] == {
            "follow": False,
            "edit": False,
            "plan_iteration": False,
            "link_order": False,
        }
        assert APIClient().get("/api/v1/incubators/").data["results"]

    def test_its_product_owner_writes(self, delivery):
        api = client_of(delivery.product_owner)
        url = f"{STARTUPS}{delivery.startup.slug}/"
        assert api.patch(url, {"users": "Tout le monde"}).data["users"] == "Tout le monde"
        answer = api.post(f"{url}indicators/", {"name": "Lieux", "unit": "lieux"})
        indicator = answer.data["indicators"][0]["id"]
        measure = {"indicator": indicator, "value": "12", "measured_date": "2025-06-30", "source": "Base"}
        answer = api.post(f"{url}measures/", measure)
        assert answer.data["indicators"][0]["measures"][0]["value"] == "12.00"
        order = make_issued_order(delivery.world)
        assert api.post(f"{url}orders/", {"order": order.pk}).status_code == 201
        phase = {"transition": "consolidate", "on_date": "2026-06-01", "reason": "Usages"}
        assert api.post(f"{url}phase/", phase).data["phase"] == "consolidation"
        assert api.post(f"{url}phase/", {**phase, "transition": "build"}).status_code == 409

    def test_a_startup_opens_in_investigation(self, delivery):
        organisation = delivery.startup.organisation
        data = {
            "organisation": organisation.pk,
            "incubator": delivery.startup.incubator_id,
            "name": "Toit d'été",
            "product_owner": delivery.product_owner.email,
            "started_date": "2026-01-05",
            "problem": "Des internats vides l'été",
        }
        created = client_of(delivery.product_owner).post(STARTUPS, data)
        assert created.status_code == 201, created.data
        assert (created.data["slug"], created.data["phase"]) == ("toit-dete", "investigation")
        assert client_of(delivery.supplier).post(STARTUPS, data).status_code == 403
