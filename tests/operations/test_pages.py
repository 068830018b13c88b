"""The pages of whoever runs the platform, and what the worker notes of each scheduled task."""

from datetime import timedelta
from importlib import import_module

import pytest
from celery import current_app
from django.urls import reverse

from procurement.models import TaskRun
from procurement.operations import pages, runs, views
from procurement.schedule import SCHEDULE, WORDS
from tests.accounts.factories import make_platform_admin, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(make_platform_admin())
    views._kept.forget()
    return client


def test_each_scheduled_task_exists_and_is_said_in_words():
    current_app.loader.import_default_modules()
    for entry in SCHEDULE.values():
        assert entry["task"] in current_app.tasks, entry
        assert entry["task"] in WORDS, entry


def test_the_state_says_what_is_beyond_its_limit(admin, monkeypatch, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = admin.get(reverse("operations:state")).content.decode()
    assert "E-mails à envoyer" in page and "limite passée" not in page
    measures = import_module("procurement.operations.measures")
    monkeypatch.setattr(measures, "clock_drift", lambda: 2.0)
    views._kept.forget()
    page = admin.get(reverse("operations:state")).content.decode()
    assert "limite passée" in page and "chrony" in page


def test_the_tasks_say_how_they_went(admin, at, django_assert_max_num_queries):
    runs.started("documents.sweep", at=at - timedelta(seconds=2))
    runs.ended("documents.sweep", at=at)
    runs.started("notifications.drain_outbox", at=at)
    runs.ended("notifications.drain_outbox", at=at, error="ConnectionError")
    with django_assert_max_num_queries(12):
        page = admin.get(reverse("operations:tasks")).content.decode()
    assert "2000 ms" in page and "réussie" in page
    assert "en erreur : ConnectionError" in page and "jamais passée" in page


def test_a_task_that_stopped_succeeding_is_late(at):
    TaskRun.objects.create(name="documents.sweep", started_at=at, succeeded_at=at - timedelta(minutes=10))
    found = {task.run.name: task.state for task in pages.scheduled(at=at) if task.run}
    assert found == {"documents.sweep": "waiting"}


def test_a_success_is_remembered_through_failures(at):
    runs.started("documents.sweep", at=at)
    runs.ended("documents.sweep", at=at)
    runs.started("documents.sweep", at=at + timedelta(minutes=1))
    runs.ended("documents.sweep", at=at + timedelta(minutes=1), error="ValueError")
    run = TaskRun.objects.get()
    assert run.succeeded_at == at and run.error == "ValueError"


def test_the_menu_leads_there(admin):
    assert reverse("operations:state") in admin.get(reverse("screens:dashboard")).content.decode()


def test_nobody_else_goes_there(client):
    client.force_login(make_user())
    assert client.get(reverse("operations:state")).status_code == 404


@pytest.mark.parametrize(
    "seconds, words",
    [(0.012, "12 ms"), (-0.7, "-700 ms"), (45, "45 s"), (600, "10 min"), (7200, "2 h"), (345_600, "4 jours")],
)
def test_durations_in_words(seconds, words):
    assert pages.duration(seconds).replace("\u202f", " ") == words
