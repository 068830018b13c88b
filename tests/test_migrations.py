"""Migrations without interruption: while they run, the old version of the code still serves.

Each migration later than the first release is turned into SQL and looked at by django-migration-linter: no column
dropped, renamed, retyped or made mandatory without a default of the database, no lock that lasts. What must be done all
the same is written in ACCEPTED with its reason. How to do it in steps: docs/operations.md.
"""

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

# Indexes built without a lock refuse to be written inside a transaction.
pytestmark = pytest.mark.django_db(transaction=True)

BEFORE_FIRST_RELEASE: dict[str, str] = {
    "accounts": "0007_roles_given_by_two",
    "concierge": "0001_initial",
    "api": "0002_scopes_programs_and_kept_answers",
    "documents": "0002_forms_letterheads_batches_and_terms",
    "files": "0002_unreadable",
    "framework_agreements": "0004_key_of_a_draft_with_its_demand",
    "journal": "0008_rows",
    "needs": "0002_search",
    "open_data": "0001_initial",
    "notifications": "0003_notifications_told_once",
    "procurement": "0001_initial",
    "search": "0002_indexes_of_the_foundation",
    "startups": "0002_search",
    "tenders": "0023_file_inspections",
    "webhooks": "0001_initial",
}
"""The last migration of each app that no installation will ever run beside an older version."""

ACCEPTED: dict[str, str] = {}
"""« app.0042_name » → why it cannot interrupt anybody, although the linter believes so."""

FLOORS = ("foundation", "needs", "concierge", "tenders", "framework_agreements", "startups", "procurement")


def ours() -> list[str]:
    """Labels of our apps that have tables."""
    return sorted(config.label for config in apps.get_app_configs() if config.name.split(".")[0] in FLOORS)


def dangers(migration: migrations.Migration, loader: MigrationLoader) -> list[str]:
    """What this migration would do to those who use the platform meanwhile."""
    statements = [line for line in loader.collect_sql([(migration, False)]) if not line.startswith("--")]
    if migration.atomic:
        statements = ["BEGIN;", *statements]
    errors, _ignored, warnings = analyse_sql_statements(PostgresqlAnalyser, statements)
    return sorted({issue.code for issue in (*errors, *warnings)})


def later_migrations(loader: MigrationLoader) -> list[migrations.Migration]:
    """Those of our apps after the first release, in their order."""
    return [
        loader.disk_migrations[key]
        for key in sorted(loader.disk_migrations)
        if key[0] in ours() and key[1] > BEFORE_FIRST_RELEASE.get(key[0], "")
    ]


def test_no_migration_interrupts_those_who_use_the_platform() -> None:
    loader = MigrationLoader(connection)
    found = {str(one): dangers(one, loader) for one in later_migrations(loader) if str(one) not in ACCEPTED}
    assert {name: codes for name, codes in found.items() if codes} == {}


def test_the_first_release_names_migrations_that_exist() -> None:
    known = set(MigrationLoader(connection).disk_migrations)
    assert [key for key in BEFORE_FIRST_RELEASE.items() if key not in known] == []
    assert [name for name in ACCEPTED if tuple(name.split(".")) not in known] == []


RUN = "taskrun"
BAD: dict[str, Operation] = {
    "DROP_COLUMN": migrations.RemoveField(RUN, "error"),
    "NOT_NULL": migrations.AddField(RUN, "host", models.CharField(max_length=9, default="")),
    "RENAME_COLUMN": migrations.RenameField(RUN, "error", "mistake"),
    "RENAME_TABLE": migrations.RenameModel("TaskRun", "Passage"),
    "DROP_TABLE": migrations.DeleteModel("TaskRun"),
    "ALTER_COLUMN": migrations.AlterField(RUN, "duration_ms", models.BigIntegerField(null=True)),
    "ADD_UNIQUE": migrations.AlterUniqueTogether(RUN, {("error", "started_at")}),
    "CREATE_INDEX": migrations.AddIndex(RUN, models.Index(fields=["started_at"], name="run_started")),
}
GOOD: list[Operation] = [
    migrations.AddField(RUN, "host", models.CharField(max_length=9, null=True)),
    migrations.AddField(RUN, "host", models.CharField(max_length=9, db_default="")),
    migrations.AlterField(RUN, "error", models.CharField("incident", max_length=120, blank=True)),
    migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
    AddIndexConcurrently(RUN, models.Index(fields=["started_at"], name="run_started")),
]


def made_of(operation: Operation) -> migrations.Migration:
    """A migration that does only this, after those of this app."""
    migration = migrations.Migration("0999_trial", "procurement")
    migration.operations = [operation]
    migration.atomic = not isinstance(operation, AddIndexConcurrently)
    return migration


def dangers_of(operation: Operation) -> list[str]:
    loader = MigrationLoader(connection)
    migration = made_of(operation)
    [last] = loader.graph.leaf_nodes("procurement")
    migration.dependencies = [last]
    loader.graph.add_node(("procurement", migration.name), migration)
    loader.graph.add_dependency(migration, ("procurement", migration.name), last)
    return dangers(migration, loader)


def test_what_would_interrupt_is_seen() -> None:
    assert [danger for danger, operation in BAD.items() if danger not in dangers_of(operation)] == []


def test_what_interrupts_nobody_passes() -> None:
    assert [codes for operation in GOOD if (codes := dangers_of(operation))] == []
