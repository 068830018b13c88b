"""Two roles: the owner of the tables, who migrates; the platform's, with which web and worker sign in.

A session of the owner may act as the platform for a while (`SET ROLE`); one of the platform can never become the owner.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.db import connection
from psycopg2.extensions import TRANSACTION_STATUS_INERROR


def owns_tables() -> bool:
    """Whether this session signed in as the owner of the tables, whoever it acts as now."""
    return _value(
        "SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class"
        " WHERE oid = 'journal_entry'::regclass"
    )


def as_platform() -> AbstractContextManager[None]:
    """Act with the rights of the platform's role; as oneself where there is no such role."""
    name = settings.DATABASE_PLATFORM_ROLE
    is_known = _value("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", name)
    return session_setting("role", name if is_known else "none")


def as_owner() -> AbstractContextManager[None]:
    """Act again as who signed in; this changes something only where that is the owner."""
    return session_setting("role", "none")


@contextmanager
def session_setting(name: str, value: str) -> Iterator[None]:
    """A setting of PostgreSQL for this session, then what it was before.

    In a transaction that an error broke nothing can be set: its end gives the former value back.
    """
    before = _value("SELECT current_setting(%s)", name)
    _set(name, value)
    try:
        yield
    finally:
        if not _is_broken():
            _set(name, before)


def _set(name: str, value: str) -> None:
    _value("SELECT set_config(%s, %s, false)", name, value)


def _is_broken() -> bool:
    status = connection.connection and connection.connection.get_transaction_status()
    return connection.needs_rollback or status == TRANSACTION_STATUS_INERROR


def _value(sql: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
