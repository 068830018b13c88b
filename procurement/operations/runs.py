"""How each scheduled task went the last time: written by the worker, read by the page and the doctor."""

import logging
import time
from datetime import datetime

from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun
from django.db import DatabaseError

from foundation.clock import now as clock_now
from procurement.models import TaskRun

logger = logging.getLogger("jalon.tasks")
SENT_AT = "jalon_sent_at"
"""Header of each message: seconds since 1970, so that the age of the queue can be told."""


def started(name: str, *, at: datetime) -> None:
    """A run begins."""
    TaskRun.objects.update_or_create(name=name, defaults={"started_at": at})


def ended(name: str, *, at: datetime, error: str = "") -> None:
    """A run ends, well or with the name of an error."""
    run, _made = TaskRun.objects.get_or_create(name=name, defaults={"started_at": at})
    run.ended_at, run.error = at, error[:120]
    run.duration_ms = max(0, round((at - run.started_at).total_seconds() * 1000))
    if not error:
        run.succeeded_at = at
    run.save()


def _watched(task) -> bool:
    from procurement.schedule import SCHEDULE

    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    return task is not None and task.name in scheduled and not task.request.is_eager


def _quietly(write, *args, **kwargs) -> None:
    """The page may be late; the task itself goes on."""
    try:
        write(*args, **kwargs)
    except DatabaseError as error:
        logger.warning("run not noted: %s", type(error).__name__)


@task_prerun.connect(weak=False)
def note_start(task=None, **kwargs) -> None:
    """Celery is about to run a task."""
    if _watched(task):
        _quietly(started, task.name, at=clock_now())


@task_failure.connect(weak=False)
def note_failure(sender=None, exception=None, **kwargs) -> None:
    """Kept on the request until `note_end`, which comes after."""
    if sender is not None:
        sender.request.jalon_error = type(exception).__name__


@task_postrun.connect(weak=False)
def note_end(task=None, **kwargs) -> None:
    """Celery has run a task."""
    if _watched(task):
        _quietly(ended, task.name, at=clock_now(), error=getattr(task.request, "jalon_error", ""))


@before_task_publish.connect(weak=False)
def stamp(headers=None, **kwargs) -> None:
    """Each message says when it was sent."""
    if headers is not None:
        headers[SENT_AT] = time.time()
