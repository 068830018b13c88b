"""The pages of a purchase project."""

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from needs import registry
from needs.models import PurchaseProject
from tests.accounts.factories import make_buyer_org, make_member
from tests.needs.factories import make_project, make_ready_project, make_strategy_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def buyer(client, project):
    client.force_login(project.created_by)
    return client


def page(client, name, *args):
    return client.get(reverse(f"needs:{name}", args=args))


def test_a_buyer_opens_a_project_and_is_led_to_the_brief(client):
    organisation = make_buyer_org()
    client.force_login(make_member(organisation, Role.BUYER))
    assert "Pas encore de projet" in page(client, "list").content.decode()
    answer = client.post(
        reverse("needs:create"), {"organisation": organisation.pk, "title": "Trouver un logement"}
    )
    project = PurchaseProject.objects.get()
    assert answer.url == reverse("needs:brief", args=[project.pk])
    assert "PA-" in client.get(answer.url).content.decode()


def test_what_was_typed_is_kept_beside_the_error(buyer, project):
    answer = buyer.post(
        reverse("needs:brief", args=[project.pk]),
        {
            "problem": "Trop long",
            "phase": "unknown",
            "budget_min_excl_tax": "200 000",
            "budget_max_excl_tax": "1 000",
        },
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "inférieur au budget minimal" in text
    assert "Trop long" in text and "200 000" in text


def test_the_brief_is_written_in_french_amounts(buyer, project):
    answer = buyer.post(
        reverse("needs:brief", args=[project.pk]),
        {"problem": "Un problème", "phase": "construction", "budget_max_excl_tax": "195 000,50"},
    )
    assert answer.status_code == 302
    project.brief.refresh_from_db()
    assert str(project.brief.budget_max_excl_tax) == "195000.50"


def test_team_and_strategy_from_the_page(buyer, project):
    elected = make_member(project.organisation, Role.ELECTED)
    buyer.post(reverse("needs:member_add", args=[project.pk]), {"email": elected.email, "role": "elected"})
    line = {"form": "purchase", "title": "Un accord-cadre", "start_date": "03/03/2026"}
    buyer.post(reverse("needs:line_add", args=[project.pk]), line)
    text = page(buyer, "detail", project.pk).content.decode()
    assert elected.full_name in text and "Un accord-cadre" in text and "3 mars 2026" in text
    added = project.strategy_lines.get()
    update = reverse("needs:line_update", args=[project.pk, added.pk])
    assert "Un accord-cadre" in buyer.get(update).content.decode()
    buyer.post(update, {**line, "title": "Deux accords-cadres"})
    member = project.members.get(user=elected)
    buyer.post(reverse("needs:member_remove", args=[project.pk, member.pk]))
    buyer.post(reverse("needs:line_remove", args=[project.pk, added.pk]))
    assert not project.strategy_lines.exists()
    assert project.members.count() == 1


def test_a_refused_act_is_said_and_a_settled_project_shows_its_state(buyer, project):
    ready = reverse("needs:make_ready", args=[project.pk])
    assert "pas encore de stratégie" in buyer.post(ready, follow=True).content.decode()
    make_strategy_line(project)
    assert "Le projet est prêt" in buyer.post(ready, follow=True).content.decode()
    buyer.post(reverse("needs:take_back", args=[project.pk]))
    closing = reverse("needs:close", args=[project.pk])
    assert "définitif" in buyer.get(closing).content.decode()
    assert buyer.post(closing, {"reason": ""}).status_code == 200
    text = buyer.post(closing, {"reason": "Le besoin a disparu"}, follow=True).content.decode()
    assert "Le besoin a disparu" in text
    assert page(buyer, "brief", project.pk).status_code == 404


def test_who_may_not_see_gets_404_and_who_may_only_read_has_no_button(client, project):
    client.force_login(make_member(make_buyer_org(), Role.BUYER))
    assert page(client, "detail", project.pk).status_code == 404
    client.force_login(make_member(project.organisation, Role.AUDITOR))
    text = page(client, "detail", project.pk).content.decode()
    assert "Écrire le besoin" not in text
    assert client.post(reverse("needs:make_ready", args=[project.pk])).status_code == 404
    assert page(client, "update", project.pk).status_code == 404


def test_the_rooms_above_add_their_links(buyer, project):
    action = registry.ProjectAction(
        "test.open", "Ouvrir une consultation", lambda user, obj: f"/suite/{obj.pk}/"
    )
    registry.register_project_action(action)
    try:
        text = page(buyer, "detail", project.pk).content.decode()
    finally:
        del registry._actions["test.open"]
    assert f'href="/suite/{project.pk}/"' in text


def test_the_list_filters_and_pages_in_constant_queries(client, django_assert_num_queries):
    organisation = make_buyer_org()
    buyer = make_member(organisation, Role.BUYER)
    make_ready_project(organisation=organisation, by=buyer, title="Logement des saisonniers")
    client.force_login(buyer)
    page(client, "list")
    with django_assert_num_queries(_count(client)):
        page(client, "list")
    before = _count(client)
    for number in range(25):
        make_project(organisation=organisation, by=buyer, title=f"Projet {number}")
    assert _count(client) == before
    text = client.get(reverse("needs:list"), {"q": "saisonniers", "state": "ready"}).content.decode()
    assert "Logement des saisonniers" in text and "Projet 3" not in text
    assert (
        "Aucun projet ne correspond"
        in client.get(reverse("needs:list"), {"q": "introuvable"}).content.decode()
    )
    assert "page=2" in page(client, "list").content.decode()


def _count(client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert page(client, "list").status_code == 200
    return len(queries)


def test_the_dashboard_shows_the_projects(buyer, project):
    assert project.title in buyer.get(reverse("screens:dashboard")).content.decode()
