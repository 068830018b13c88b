"""What only the owner of the tables may do: tests act as the platform, whose rights they run into like any page.

Whoever plants what the platform could never write (a tampering, a deadline that passed) says so with one of these.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from foundation.database.roles import as_owner, session_setting

__all__ = ["as_owner", "behind_the_triggers"]


@contextmanager
def behind_the_triggers() -> Iterator[None]:
    """Act as the owner, with every trigger silenced, those of the foreign keys too."""
    with as_owner(), session_setting("session_replication_role", "replica"):
        yield
