"""A copy of the database (DATABASE_REPLICA_URL) answers the public pages that may be a second late, and only those.

A reader without account asks for one of `MAY_BE_LATE`: its reads go to the copy. Everything else reads the primary:
who is signed in, every write and what is read around it, the page of a consultation, whose deadline must be true. While
the copy is away, the primary answers.
"""

import logging
import time
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

ALIAS = "replica"
MAY_BE_LATE = frozenset(
    {
        "screens:home",
        "tenders:list",
        "framework_agreements:list",
        "framework_agreements:agreement",
        "startups:list",
        "startups:detail",
        "search:results",
    }
)
"""Names of the pages that anyone reads and that decide nothing."""
AWAY_SECONDS = 30
"""How long the copy is left alone once it did not answer."""

logger = logging.getLogger(__name__)
reads_the_copy: ContextVar[bool] = ContextVar("reads_the_copy", default=False)
_away_until = 0.0


class ReplicaRouter:
    """Where a read goes; a write always goes to the primary, even of a row that the copy gave."""

    def db_for_read(self, model, **hints) -> str:
        """The copy for a page that may be late, unless a transaction is open on the primary."""
        if reads_the_copy.get() and not transaction.get_connection().in_atomic_block:
            return ALIAS
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *objects, **hints) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db, app_label, **hints) -> bool | None:
        """What the primary does reaches the copy by itself."""
        return False if db == ALIAS else None


class ReplicaMiddleware:
    """Says, for the time of one request, whether its reads may go to the copy."""

    def __init__(self, get_response) -> None:
        if ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        token = reads_the_copy.set(False)
        try:
            return self.get_response(request)
        finally:
            reads_the_copy.reset(token)

    def process_view(self, request, view, args, kwargs) -> None:
        """The page is known now."""
        reads_the_copy.set(_may_be_late(request) and is_reachable())


def _may_be_late(request) -> bool:
    anonymous = settings.SESSION_COOKIE_NAME not in request.COOKIES and "Authorization" not in request.headers
    return anonymous and request.method in ("GET", "HEAD") and request.resolver_match.view_name in MAY_BE_LATE


def is_reachable() -> bool:
    """Whether the copy takes a connection; once it did not, it is not asked again for half a minute."""
    global _away_until  # noqa: PLW0603  # what this process knows of the network
    if time.monotonic() < _away_until:
        return False
    copy = connections[ALIAS]
    try:
        copy.close_if_health_check_failed()
        copy.ensure_connection()
    except DatabaseError as error:
        _away_until = time.monotonic() + AWAY_SECONDS
        logger.warning("replica away: %s", type(error).__name__)
        return False
    return True
