"""Statements that every page asks, compiled once a process: compiling one costs more than answering it."""

from collections.abc import Callable
from functools import cache

from django.db import connection
from django.db.models import QuerySet

NOBODY = -1
"""A key that no row has: it holds the place of the key asked for in the compiled statement."""


def rows_for(build: Callable[[int], QuerySet], key: int) -> list[tuple]:
    """The rows of `build(key)`, a queryset of `values_list`; `build` is called once, with NOBODY."""
    sql, parameters = _compiled(build)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key if value == NOBODY else value for value in parameters])
        return cursor.fetchall()


@cache
def _compiled(build: Callable[[int], QuerySet]) -> tuple[str, tuple]:
    return build(NOBODY).query.sql_with_params()
