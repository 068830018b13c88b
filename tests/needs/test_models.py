"""The database states what a purchase project may be."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from needs.enums import ProjectState
from needs.models import PurchaseProject
from tests.needs.factories import AT, make_project, make_ready_project, make_strategy_line

pytestmark = pytest.mark.django_db


def test_reference_is_unique_within_the_organisation():
    project = make_project()
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseProject.objects.create(
            organisation=project.organisation,
            reference=project.reference,
            title="Autre",
            created_by=project.created_by,
            created_at=AT,
            updated_at=AT,
        )


def test_a_ready_project_has_its_date():
    project = make_project()
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseProject.objects.filter(pk=project.pk).update(state=ProjectState.READY)


def test_a_jump_outside_the_table_is_refused_by_postgresql():
    project = make_ready_project()
    PurchaseProject.objects.filter(pk=project.pk).update(
        state=ProjectState.CLOSED, closed_at=AT, closing_reason="Abandon"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        PurchaseProject.objects.filter(pk=project.pk).update(
            state=ProjectState.DRAFT, ready_at=None, closed_at=None
        )


def test_a_budget_range_in_order_and_a_line_with_dates_in_order():
    project = make_project()
    brief = project.brief
    brief.budget_min_excl_tax, brief.budget_max_excl_tax = Decimal(10), Decimal(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        brief.save()
    line = make_strategy_line(project)
    line.start_date, line.end_date = AT.date(), AT.date().replace(year=2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()
