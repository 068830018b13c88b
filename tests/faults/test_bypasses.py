"""O1 of the trust file: whoever writes SQL as the platform gets around no guard; the owner, and only he, does."""

import os

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from environ import Env

from foundation.database import grants
from foundation.journal.models import Entry
from foundation.journal.services import checkpoint_make, timestamp_make
from framework_agreements.models import Ceiling
from procurement.operations import bypasses
from procurement.operations.bypasses import ALL_TRIGGERS, Bypass, kept_tables, passed
from tests.framework_agreements.factories import make_issued_order, make_world
from tests.owner import as_owner
from tests.tenders.conftest import _quick_passphrases
from tests.tenders.factories import make_bid, make_published, open_bids

__all__ = ["_quick_passphrases"]
pytestmark = pytest.mark.django_db(transaction=True)

OF_SUPERUSERS = {
    "prendre le rôle d'administrateur",
    "copier vers un programme",
    "lire un fichier du serveur",
    "prendre une table",
}
"""What even the owner of the tables may not, or what gives him nothing."""


def login(user: str = "") -> dict:
    """How to sign in to the database of the tests: as the platform, as `DATABASE_URL` says, or as this user."""
    given = Env.db_url_config(os.environ["DATABASE_URL"])
    parameters = {"dbname": connection.settings_dict["NAME"], "user": user or given["USER"]}
    return parameters | {key.lower(): given[key] for key in ("HOST", "PORT", "PASSWORD") if given[key]}


@pytest.fixture
def life(at):
    """Rows that somebody would like to change: a bid opened, one that waits, an order issued, proofs of the journal."""
    opened, waiting = make_published(), make_published()
    make_bid(opened)
    open_bids(opened)
    make_bid(waiting)
    make_issued_order(make_world())
    checkpoint_make(at=at)
    timestamp_make()


def owner() -> str:
    return connection.settings_dict["USER"]


def test_no_bypass_passes_for_the_platform(life):
    tried = bypasses.bypasses(owner())
    assert len(tried) > 60
    assert passed(login(), tried) == []


def test_the_owner_of_the_tables_gets_around_them_all(life):
    """The control: each of these orders is well formed, and changes something."""
    silenced = [
        Bypass(bypass.name, (*_silencing(), *bypass.orders))
        for bypass in bypasses.bypasses(owner())
        if bypass.name not in OF_SUPERUSERS
    ]
    empty = {
        f"{verb} {table}"
        for table, _column in kept_tables()
        for verb in ("modifier", "effacer de")
        if not _count(table)
    }
    refused = {bypass.name for bypass in silenced} - set(passed(login(owner()), silenced))
    assert refused == empty
    written = {
        "journal_entry",
        "journal_link",
        "journal_checkpoint",
        "journal_timestamp",
        "tenders_sealedpart",
    }
    written |= {"tenders_keyshare", "tenders_offer", "framework_agreements_consumptionentry"}
    assert written <= {table for table, _column in kept_tables() if _count(table)}


def test_a_trigger_refuses_even_the_owner_unless_he_silences_it(life):
    """The second of the two guards: where the right is there, the trigger still says no."""
    rows = [
        bypass for bypass in bypasses.bypasses(owner()) if bypass.name.startswith(("modifier", "effacer"))
    ]
    assert passed(login(owner()), rows) == []


def _silencing() -> tuple[str, ...]:
    """What only an owner can: every trigger of the tables is off, until the transaction is undone."""
    return ("SET LOCAL session_replication_role = replica",)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]


@pytest.mark.parametrize("user", ["", "owner"], ids=["platform", "owner"])
def test_no_session_variable_silences_a_trigger(life, user):
    """Not even for the owner: there is no such variable any more."""
    with psycopg2.connect(**login(owner() if user else "")) as session, session.cursor() as cursor:
        cursor.execute(ALL_TRIGGERS)
        with pytest.raises(psycopg2.errors.RaiseException, match="only moves later"):
            cursor.execute(bypasses.EARLIER)


def test_installing_triggers_by_hand_opens_no_door():
    """`manage.py pgtrigger install`, and not only `migrate`, writes functions without exception."""
    with as_owner():
        call_command("pgtrigger", "install", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE prosrc LIKE '%should_ignore%'),"
            " count(*) FILTER (WHERE proconfig IS NULL), count(*)"
            " FROM pg_proc WHERE proname LIKE 'pgtrigger_%' OR proname LIKE '_pgtrigger%'"
        )
        ignoring, wandering, found = cursor.fetchone()
    assert (ignoring, wandering) == (0, 0) and found > 100


def test_a_temporary_table_does_not_pass_for_one_of_ours(life):
    """Even where temporary tables are allowed, a trigger looks at the tables of the platform."""
    with psycopg2.connect(**login(owner())) as session, session.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tenders_round AS SELECT * FROM tenders_round")
        cursor.execute("UPDATE pg_temp.tenders_round SET due_at = clock_timestamp() + interval '40 days'")
        cursor.execute("SET search_path = pg_temp, public")
        with pytest.raises(psycopg2.errors.RaiseException, match="late if, and only if"):
            cursor.execute(
                "INSERT INTO tenders_bid (id, tender_id, round_id, bidder_id, deposited_by_id, deposited_at,"
                " manifest_sha256, state, is_backup, backup_case, backup_reason)"
                " SELECT gen_random_uuid(), tender_id, round_id, bidder_id, deposited_by_id, clock_timestamp(),"
                " manifest_sha256, 'deposited', false, '', '' FROM tenders_bid WHERE state = 'opened'"
            )
        session.rollback()


def test_the_platform_adds_a_line_and_the_database_chains_it(at):
    """The control of the rights: nobody writes a link, and each line has one."""
    make_published()
    assert Entry.objects.filter(link__isnull=True).count() == 0 < Entry.objects.count()
    with psycopg2.connect(**login()) as session, session.cursor() as cursor:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("INSERT INTO journal_link SELECT * FROM journal_link")
        session.rollback()


def test_the_platform_holds_what_is_declared_and_nothing_else():
    assert grants.differences() == ([], [])
    held = grants.rights()
    assert held["journal_entry"] == grants.Rights(add=True)
    assert held["journal_link"] == grants.Rights()
    assert held["django_content_type"] == grants.Rights()
    assert "deposited_at" not in held["tenders_bid"].change and "state" in held["tenders_bid"].change
    assert held[Ceiling._meta.db_table].delete is False


def test_what_is_declared_contradicts_no_trigger():
    """A label that names no model, a deletion or a change that a trigger always refuses."""
    lines, held = grants.declared(), grants.rights()
    for label in lines.any | lines.by_trigger:
        apps.get_model(label)
    table = {label: apps.get_model(label)._meta.db_table for label in lines.any}
    assert [label for label in lines.deleted if not held[table[label]].delete] == []
    assert [label for label in lines.changed if not held[table[label]].change] == []


def test_a_model_that_nobody_declared_is_only_read(monkeypatch):
    nothing = grants.Declared()
    monkeypatch.setattr(grants, "declared", lambda: nothing)
    assert grants.rights()["notifications_preference"] == grants.Rights()
