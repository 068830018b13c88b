"""The journal: appended, chained, refused to whoever would change it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from foundation.clock import now
from foundation.journal import selectors
from foundation.journal.models import Entry, Link
from foundation.journal.services import record
from tests.accounts.factories import make_buyer_org, make_member
from tests.owner import as_owner, behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int = 1, **kw) -> list[Entry]:
    organisation = make_buyer_org()
    user = make_member(organisation, "org_admin", "buyer")
    return [
        record(by=user, action="accounts.add_membership", obj=user, at=now(), organisation=organisation, **kw)
        for _ in range(count)
    ]


def test_an_entry_says_who_as_what_did_what_on_what() -> None:
    (entry,) = write(reason="arrivée dans l'équipe", before={"a": 1}, after={"a": 2})
    entry.refresh_from_db()
    assert (entry.role, entry.object_type, entry.reason) == (
        "buyer",
        "accounts.User",
        "arrivée dans l'équipe",
    )
    assert len(entry.before_digest) == len(entry.after_digest) == 64
    assert entry.before_digest != entry.after_digest


def test_entries_are_chained_from_the_first() -> None:
    write(3)
    assert list(Link.objects.values_list("index", flat=True)) == [0, 1, 2]
    call_command("journal_verify")


def test_an_act_that_no_app_declared_is_refused() -> None:
    user = make_member(make_buyer_org(), "buyer")
    with pytest.raises(KeyError):
        record(by=user, action="accounts.unknown", obj=user, at=now())


def test_what_is_rolled_back_leaves_no_entry_and_no_gap() -> None:
    write()
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError
    write()
    assert list(Link.objects.values_list("index", flat=True)) == [0, 1]


@pytest.mark.parametrize("table", ["journal_entry", "journal_link"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_postgresql_refuses_to_change_the_journal(table: str, statement: str) -> None:
    """Even to the owner of the tables, unless he silences the triggers."""
    write()
    column = "reason" if table == "journal_entry" else "line"
    with as_owner(), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, "'autre'"))
    assert selectors.head()[0] == 0


def test_a_column_changed_behind_the_triggers_is_found() -> None:
    write(2)
    with behind_the_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_entry SET reason = 'autre' WHERE id = (SELECT min(id) FROM journal_entry)"
        )
    with pytest.raises(CommandError, match="colonnes"):
        call_command("journal_verify")


def test_history_tells_the_acts_on_an_object_in_words() -> None:
    (entry,) = write(reason="renfort")
    (line,) = selectors.history(entry.actor)
    assert (line.what, line.reason, line.index) == ("a donné un rôle", "renfort", 0)
    assert line.role == "Acheteur"


def test_history_costs_the_same_for_one_and_for_many(django_assert_num_queries) -> None:
    entries = write(30)
    with django_assert_num_queries(1):
        assert len(selectors.history(entries[0].actor)) == 30
