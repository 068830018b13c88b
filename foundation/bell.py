"""The bell: wakes a worker after the commit. The row is the truth, so a bell that nobody hears loses nothing."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: Task, *args) -> None:
    """Call `task` with `args` once the present transaction is committed; a broker away is only logged.

    The sweep of the same app (`procurement/schedule.py`) finds what was not heard.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: Task, args: tuple) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("bell not heard: %s (%s)", task.name, type(error).__name__)
