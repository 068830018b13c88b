"""The life of a purchase project."""

import pytest

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from needs import services
from needs.workflow import PROJECT
from tests.accounts.factories import make_member
from tests.needs.factories import AT, make_project, make_ready_project, make_strategy_line

pytestmark = pytest.mark.django_db


def test_a_project_without_strategy_is_not_ready():
    project = make_project()
    with pytest.raises(Refusal) as refusal:
        services.project_make_ready(project=project, by=project.created_by, at=AT)
    assert "pas encore de stratégie" in str(refusal.value)


def test_ready_then_taken_back_then_closed():
    project = make_ready_project()
    assert (project.state, project.ready_at) == ("ready", AT)
    project = services.project_take_back(project=project, by=project.created_by, at=AT)
    assert (project.state, project.ready_at) == ("draft", None)
    project = services.project_close(project=project, reason="Besoin disparu", by=project.created_by, at=AT)
    assert (project.state, project.closing_reason) == ("closed", "Besoin disparu")
    assert PROJECT.available(project.created_by, project) == []


def test_a_prescriber_prepares_but_does_not_settle():
    project = make_project()
    prescriber = make_member(project.organisation, Role.PRESCRIBER)
    services.member_add(
        project=project, email=prescriber.email, role="prescriber", by=project.created_by, at=AT
    )
    make_strategy_line(project, by=prescriber)
    with pytest.raises(Refusal) as refusal:
        services.project_make_ready(project=project, by=prescriber, at=AT)
    assert refusal.value.code == "forbidden"
