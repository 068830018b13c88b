"""Proofs: the public ones for anyone; a line for whoever sees the history of its object."""

from foundation.journal.models import Checkpoint, Entry, Link
from foundation.journal.services import checkpoint_make, record, timestamp_make
from tests.access.matrix import EVERYONE, Row

ADMINISTRATORS = frozenset({"org_admin@own*", "platform_admin@platform"})


def line(world):
    """A line about the buyer's organisation, chained as at the end of a transaction."""
    from django.db import connection

    entry = record(by=None, action="accounts.create_organisation", obj=world.own, at=world.at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return {"index": Link.objects.get(entry=entry).index}


def sealed_line(world):
    """The same line, in a checkpoint."""
    found = line(world)
    checkpoint_make(at=world.at)
    return found


def checkpoint(world):
    """A checkpoint."""
    sealed_line(world)
    return {"pk": Checkpoint.objects.first().pk}


def stamp(world):
    """A time stamp."""
    sealed_line(world)
    return {"pk": timestamp_make().pk}


def some_entries(world):
    """Something signed."""
    sealed_line(world)
    assert Entry.objects.exists()
    return {}


ROWS = {
    "journal:home": Row(allowed=EVERYONE),
    "journal:checkpoint": Row(allowed=EVERYONE, make=checkpoint),
    "journal:note": Row(allowed=EVERYONE, make=checkpoint),
    "journal:token": Row(allowed=EVERYONE, make=stamp),
    "journal:authority": Row(allowed=EVERYONE),
    "journal:verifier": Row(allowed=EVERYONE),
    "journal:line": Row(allowed=ADMINISTRATORS, make=line),
    "journal:receipt": Row(allowed=ADMINISTRATORS, make=sealed_line),
    "journal:extract": Row(allowed=ADMINISTRATORS, make=sealed_line),
    "journal:seal": Row(allowed=ADMINISTRATORS, make=line, method="post"),
    "api:checkpoint-list": Row(allowed=EVERYONE),
    "api:checkpoint-detail": Row(allowed=EVERYONE, make=checkpoint),
    "api:checkpoint-latest": Row(allowed=EVERYONE, make=some_entries),
    "api:checkpoint-keys": Row(allowed=EVERYONE),
    "api:checkpoint-inclusion": Row(allowed=EVERYONE, make=checkpoint, data={"index": 0}),
    "api:checkpoint-consistency": Row(allowed=EVERYONE, make=checkpoint, data={"first": 1}),
    "api:journal-entry-detail": Row(allowed=ADMINISTRATORS, make=sealed_line),
}
