"""What whoever writes SQL as the platform would try against the guards of the database; each is undone at once.

The doctor tries them for good: what a catalogue says of rights is one thing, what PostgreSQL answers is another.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg2
from django.db import connection
from psycopg2 import errorcodes

from foundation.database import grants

PATIENCE = "1s"
"""An order that would pass may wait for a lock: not long, others work."""
REFUSALS = {errorcodes.INSUFFICIENT_PRIVILEGE, errorcodes.RAISE_EXCEPTION}
"""How PostgreSQL refuses: a right that is not given, a trigger. Any other error is a fault of ours."""
ALL_TRIGGERS = (
    "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger"
    " WHERE NOT tgisinternal), true)"
)
EARLIER = "UPDATE tenders_round SET due_at = due_at - interval '40 days'"
ROUND_AND_NOTICE = "UPDATE tenders_tender SET submission_due_at = submission_due_at - interval '40 days'"


@dataclass(frozen=True)
class Bypass:
    """Orders that a guard must refuse; `name` says them in French to who reads the doctor."""

    name: str
    orders: tuple[str, ...]


def bypasses(owner: str) -> list[Bypass]:
    """All of them; `owner` is the role that owns the tables."""
    return [*_of_the_server(owner), *_of_the_structure(), *_of_the_rows()]


def _of_the_server(owner: str) -> Iterator[Bypass]:
    yield Bypass("prendre le rôle du propriétaire", (f'SET ROLE "{owner}"',))
    yield Bypass("prendre le rôle d'administrateur", ("ALTER ROLE CURRENT_USER SUPERUSER",))
    yield Bypass(
        "éteindre les déclencheurs par session_replication_role",
        ("SET LOCAL session_replication_role = replica",),
    )
    yield Bypass("copier vers un programme", ("COPY (SELECT 1) TO PROGRAM 'true'",))
    yield Bypass("lire un fichier du serveur", ("SELECT pg_read_file('PG_VERSION')",))


def _of_the_structure() -> Iterator[Bypass]:
    silent = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    for name, order in {
        "éteindre un déclencheur": "ALTER TABLE journal_entry DISABLE TRIGGER USER",
        "supprimer un déclencheur": "DROP TRIGGER journal_chain ON journal_entry",
        "remplacer la fonction d'un déclencheur": f"CREATE OR REPLACE FUNCTION public.journal_chain() {silent}",
        "créer une table": "CREATE TABLE public.bypass (id int)",
        "cacher une table par une table temporaire": "CREATE TEMPORARY TABLE journal_link (id int)",
        "changer une colonne": "ALTER TABLE tenders_bid ALTER COLUMN deposited_at DROP NOT NULL",
        "prendre une table": "ALTER TABLE journal_entry OWNER TO CURRENT_USER",
    }.items():
        yield Bypass(name, (order,))
    yield Bypass(
        "vider le journal",
        ("ALTER TABLE journal_timestamp DISABLE TRIGGER USER", "TRUNCATE journal_timestamp"),
    )
    yield Bypass("vider une table", ("TRUNCATE tenders_offerprice",))


def _of_the_rows() -> Iterator[Bypass]:
    yield Bypass("avancer une date limite", (EARLIER,))
    yield Bypass("avancer une date limite et son annonce", (EARLIER, ROUND_AND_NOTICE))
    yield Bypass("avancer une date limite, déclencheurs ignorés", (ALL_TRIGGERS, EARLIER))
    yield Bypass(
        "remettre un plafond à zéro",
        (
            ALL_TRIGGERS,
            "UPDATE framework_agreements_ceiling SET consumed_excl_tax = 0 WHERE consumed_excl_tax > 0",
        ),
    )
    for table, column in kept_tables():
        change, deletion = f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"  # noqa: S608
        yield Bypass(f"modifier {table}", (ALL_TRIGGERS, change))
        yield Bypass(f"effacer de {table}", (ALL_TRIGGERS, deletion))


def kept_tables() -> list[tuple[str, str]]:
    """Tables whose rows stay as they were written, by what the models declare, with one of their columns."""
    return [(model._meta.db_table, sorted(grants.columns_of(model))[0]) for model in grants.kept_models()]


def passed(parameters: dict, tried: list[Bypass] | None = None) -> list[str]:
    """Try on a connection of its own, that nobody else uses; the names of those that were not refused.

    Raises psycopg2.Error for what is neither a success nor a refusal.
    """
    with closing(psycopg2.connect(**parameters)) as session:
        if tried is None:
            tried = bypasses(_owner(session))
        return [bypass.name for bypass in tried if _passes(session, bypass)]


def _owner(session) -> str:
    with session.cursor() as cursor:
        cursor.execute("SELECT relowner::regrole::text FROM pg_class WHERE oid = 'journal_entry'::regclass")
        return cursor.fetchone()[0]


def _passes(session, bypass: Bypass) -> bool:
    """Whether nothing was refused, and something done: an empty table proves nothing."""
    try:
        with session.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            for order in bypass.orders:
                cursor.execute(order)
            did = cursor.rowcount != 0
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return did
    except psycopg2.Error as error:
        if error.pgcode not in REFUSALS:
            raise
        return False
    finally:
        session.rollback()


def of_this_platform() -> list[str]:
    """What passes with the role that this process signs in with."""
    return passed(connection.get_connection_params())
