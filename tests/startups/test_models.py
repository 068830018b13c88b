"""The database states what an iteration, a story and a record may be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from startups import services
from startups.enums import IterationState
from startups.models import AcceptanceRecord, Iteration, Story
from tests.startups.factories import START, make_delivery, make_demonstrated, make_iteration

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    return make_delivery()


def insert(delivery, *, number, start, days):
    return Iteration.objects.create(
        startup=delivery.startup,
        order=delivery.order,
        number=number,
        goal="But",
        start_date=start,
        end_date=start + timedelta(days=days - 1),
        planned_by=delivery.product_owner,
        planned_at=delivery.world.at,
    )


def test_twenty_one_days_and_not_one_more(delivery):
    insert(delivery, number=1, start=START, days=21)
    with pytest.raises(IntegrityError, match="three_weeks"), transaction.atomic():
        insert(delivery, number=2, start=START + timedelta(days=40), days=22)


def test_two_iterations_of_a_startup_never_share_a_day(delivery):
    insert(delivery, number=1, start=START, days=21)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        insert(delivery, number=2, start=START + timedelta(days=20), days=5)
    insert(delivery, number=2, start=START + timedelta(days=21), days=5)


def test_another_startup_may_share_them(delivery):
    insert(delivery, number=1, start=START, days=21)
    insert(make_delivery(), number=1, start=START, days=21)


def test_states_and_their_dates_go_together(delivery):
    iteration = make_iteration(delivery)
    with pytest.raises(IntegrityError), transaction.atomic():
        Iteration.objects.filter(pk=iteration.pk).update(state=IterationState.RUNNING)


def test_a_jump_outside_the_table_is_refused_by_postgresql(delivery):
    iteration = make_iteration(delivery)
    at = delivery.world.at
    with pytest.raises(DatabaseError), transaction.atomic():
        Iteration.objects.filter(pk=iteration.pk).update(
            state=IterationState.ACCEPTED, started_at=at, demonstrated_at=at, decided_at=at
        )


def test_a_refused_story_has_its_reason(delivery):
    story = make_demonstrated(delivery).stories.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(state="refused", refusal_reason="")


def test_one_final_record_for_an_iteration(delivery):
    iteration = make_demonstrated(delivery)
    record = services.iteration_decide(
        iteration=iteration,
        decision="accepted",
        signature=True,
        by=delivery.product_owner,
        at=delivery.world.at,
    )
    twin = services.acceptance.documents.document_request(
        kind="startups.acceptance_record",
        obj=iteration,
        facts={},
        title="Double",
        by=delivery.product_owner,
        at=delivery.world.at,
    )
    with pytest.raises(IntegrityError, match="one_final"), transaction.atomic():
        AcceptanceRecord.objects.create(
            iteration=iteration,
            decision="accepted",
            recorded_days=record.recorded_days,
            signed_by=delivery.product_owner,
            signed_at=delivery.world.at,
            document=twin,
        )
