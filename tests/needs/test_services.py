"""Opening, writing, team and strategy of a purchase project."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.notifications.models import OutboxEmail
from needs import selectors, services
from needs.models import PurchaseProject
from tests.accounts.factories import make_buyer_org, make_member, make_user
from tests.needs.factories import AT, make_project, make_ready_project, make_strategy_line

pytestmark = pytest.mark.django_db


def test_a_project_opens_with_its_reference_its_brief_and_its_first_member():
    first = make_project()
    second = make_project(organisation=first.organisation)
    assert (first.reference, second.reference) == ("PA-2026-0001", "PA-2026-0002")
    assert make_project().reference == "PA-2026-0001"
    assert [member.role for member in first.members.all()] == ["buyer"]
    assert first.brief.phase == "unknown"
    assert history(first)[0].what == "a ouvert le projet d'achat"


def test_only_buyers_and_prescribers_open_projects_with_a_title():
    organisation = make_buyer_org()
    with pytest.raises(Refusal) as refusal:
        make_project(organisation=organisation, by=make_member(organisation, Role.EVALUATOR))
    assert refusal.value.code == "forbidden"
    with pytest.raises(Refusal) as refusal:
        make_project(organisation=organisation, title="   ")
    assert refusal.value.reasons[0].field == "title"


def test_the_brief_keeps_what_is_not_given_and_refuses_a_crossed_budget():
    project = make_project()
    write = {"project": project, "by": project.created_by, "at": AT}
    services.brief_write(**write, problem="Un problème", budget_max_excl_tax=Decimal("100000"))
    brief = services.brief_write(**write, users="Des usagers")
    assert (brief.problem, brief.users) == ("Un problème", "Des usagers")
    with pytest.raises(Refusal) as refusal:
        services.brief_write(**write, budget_min_excl_tax=Decimal("100001"))
    assert refusal.value.reasons[0].field == "budget_max_excl_tax"


def test_the_quality_check_advises_and_never_blocks():
    project = make_ready_project()
    points = {point.code: point for point in selectors.brief_quality(project.brief)}
    assert not any(point.met for point in points.values())
    assert points["problem"].example and points["problem"].advice
    brief = services.brief_write(
        project=project,
        problem=" ".join(["mot"] * 15),
        users="douze mille gestionnaires de logements sociaux",
        phase="construction",
        budget_max_excl_tax=Decimal(1000),
        by=project.created_by,
        at=AT,
    )
    met = {point.code for point in selectors.brief_quality(brief) if point.met}
    assert met == {"problem", "users", "phase", "budget", "plain"}


def test_a_new_member_is_told_once(django_capture_on_commit_callbacks):
    project = make_project()
    elected = make_member(project.organisation, Role.ELECTED)
    add = {"project": project, "email": elected.email.upper(), "role": "elected"}
    services.member_add(**add, by=project.created_by, at=AT)
    assert OutboxEmail.objects.filter(recipient=elected).count() == 1
    with pytest.raises(Refusal) as refusal:
        services.member_add(**add, by=project.created_by, at=AT)
    assert refusal.value.code == "conflict"
    with pytest.raises(Refusal) as refusal:
        services.member_add(**{**add, "email": "inconnu@example.org"}, by=project.created_by, at=AT)
    assert refusal.value.reasons[0].field == "email"


def test_a_team_is_never_empty():
    project = make_project()
    with pytest.raises(Refusal):
        services.member_remove(member=project.members.get(), by=project.created_by, at=AT)
    other = make_user()
    services.member_add(project=project, email=other.email, role="juror", by=project.created_by, at=AT)
    services.member_remove(member=project.members.get(user=other), by=project.created_by, at=AT)
    assert [member.user for member in project.members.all()] == [project.created_by]


def test_a_line_is_added_changed_removed_but_a_ready_project_keeps_one():
    project = make_ready_project()
    line = make_strategy_line(project, form="grant", title="Une subvention", budget_excl_tax=Decimal(5000))
    line = services.strategy_line_update(line=line, title="Une aide", by=project.created_by, at=AT)
    assert (line.title, line.budget_excl_tax) == ("Une aide", Decimal(5000))
    with pytest.raises(Refusal) as refusal:
        services.strategy_line_update(
            line=line,
            start_date=AT.date(),
            end_date=AT.date().replace(year=2025),
            by=project.created_by,
            at=AT,
        )
    assert refusal.value.reasons[0].field == "end_date"
    services.strategy_line_remove(line=line, by=project.created_by, at=AT)
    with pytest.raises(Refusal):
        services.strategy_line_remove(line=project.strategy_lines.get(), by=project.created_by, at=AT)


def test_a_closed_project_is_not_written():
    project = make_project()
    project = services.project_close(project=project, reason="Fini", by=project.created_by, at=AT)
    with pytest.raises(Refusal) as refusal:
        services.project_update(project=project, title="Autre", by=project.created_by, at=AT)
    assert refusal.value.code == "conflict"


@pytest.mark.django_db(transaction=True)
def test_references_stay_gapless_when_many_projects_open_together():
    organisation = make_buyer_org()
    buyer = make_member(organisation, Role.BUYER)

    def open_one():
        try:
            make_project(organisation=organisation, by=buyer)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    references = sorted(PurchaseProject.objects.values_list("reference", flat=True))
    assert references == [f"PA-2026-{number:04d}" for number in range(1, 7)]
