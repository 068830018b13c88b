"""Two clocks: the doors' one, passed down as `at`, and the database's one, which decides on bids."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The present instant, aware, UTC. Only doors (views, API, tasks, commands) call it."""
    return timezone.now()


def database_now() -> datetime:
    """PostgreSQL's `clock_timestamp()`: moves inside a transaction, the same for every web process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
