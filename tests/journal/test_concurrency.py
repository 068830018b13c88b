"""Eight writers at once: one chain without gap. Without the lock the chain breaks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections

from foundation.clock import now
from foundation.journal import selectors, verifier
from foundation.journal.models import Link
from foundation.journal.services import record
from tests.accounts.factories import make_buyer_org, make_member
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 8, 15


def append_many(user) -> int:
    """Entries written, as one writer; a broken chain shows as a refused duplicate index."""
    refused = 0
    for _ in range(EACH):
        try:
            record(by=user, action="accounts.add_membership", obj=user, at=now())
        except IntegrityError:
            refused += 1
    connections.close_all()
    return refused


def rush() -> int:
    """How many appends were refused when all write at once."""
    user = make_member(make_buyer_org(), "buyer")
    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(append_many, [user] * WRITERS))


def test_writers_at_once_make_one_chain() -> None:
    assert rush() == 0
    assert Link.objects.count() == WRITERS * EACH
    assert list(verifier.findings(selectors.export(), selectors.head())) == []


def test_without_the_lock_the_chain_breaks() -> None:
    """Negative control: the same rush, the lock taken away from the trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('journal_chain'::regproc)")
        function = cursor.fetchone()[0]
        unlocked = function.replace(
            "PERFORM pg_advisory_xact_lock(456901029742);", "PERFORM pg_sleep(0.001);"
        )
        assert unlocked != function
        cursor.execute(unlocked)
        try:
            assert rush() > 0
        finally:
            cursor.execute(function)
