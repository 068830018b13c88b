"""Statements that every page asks, compiled once a process: compiling one costs more than answering it."""

from collections.abc import Callable
from functools import cache

from django.db import connection
from django.db.models import Model, QuerySet

NOBODY = -1
"""A key that no row has: it holds the place of the key asked for in the compiled statement."""


def rows_for(build: Callable[[int], QuerySet], key: int) -> list[tuple]:
    """The rows of `build(key)`, a queryset of `values_list`; `build` is called once, with NOBODY."""
    with connection.cursor() as cursor:
        cursor.execute(*_with_key(build, key))
        return cursor.fetchall()


def instance_for(build: Callable[[int], QuerySet], key: int) -> Model | None:
    """The only row of `build(key)`, a queryset without joins, as an object with its annotations; None without a row.

    Annotations come as the database gives them: arrays are lists, JSON is text.
    """
    return next(iter(build(NOBODY).model._base_manager.raw(*_with_key(build, key))), None)


def _with_key(build, key) -> tuple[str, list]:
    sql, parameters = _compiled(build)
    return sql, [key if value == NOBODY else value for value in parameters]


@cache
def _compiled(build: Callable[[int], QuerySet]) -> tuple[str, tuple]:
    return build(NOBODY).query.sql_with_params()
