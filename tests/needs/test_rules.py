"""Who sees and writes a purchase project."""

import pytest
from django.contrib.auth.models import AnonymousUser

from foundation.accounts.enums import Role
from needs import rules, services
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin
from tests.needs.factories import AT, make_project

pytestmark = pytest.mark.django_db


def test_buyers_of_the_organisation_write_auditors_read_others_do_not_know():
    project = make_project()
    organisation = project.organisation
    writers = [project.created_by, make_member(organisation, Role.BUYER)]
    readers = [make_member(organisation, Role.AUDITOR)]
    strangers = [
        make_member(organisation, Role.PRESCRIBER),
        make_member(make_buyer_org(), Role.BUYER),
        make_platform_admin(),
        AnonymousUser(),
    ]
    for user in writers:
        assert rules.can_edit_project(user, project)
    for user in readers:
        assert rules.can_view_project(user, project)
        assert not rules.can_edit_project(user, project)
    for user in [*writers, *readers]:
        assert project in rules.projects_visible_to(user)
    for user in strangers:
        assert not rules.can_view_project(user, project)
        assert project not in rules.projects_visible_to(user)


def test_the_team_writes_wherever_it_comes_from():
    project = make_project()
    reservist = make_member(make_buyer_org(), Role.RESERVIST)
    services.member_add(
        project=project, email=reservist.email, role="reservist", by=project.created_by, at=AT
    )
    project.refresh_from_db()
    assert rules.can_edit_project(reservist, project)
    assert not rules.can_settle_project(reservist, project)
    assert project in rules.projects_visible_to(reservist)


def test_nobody_writes_a_closed_project():
    project = make_project()
    project = services.project_close(project=project, reason="Fini", by=project.created_by, at=AT)
    assert not rules.can_edit_project(project.created_by, project)
    assert rules.can_view_project(project.created_by, project)
