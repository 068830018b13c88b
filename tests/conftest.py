"""What every test stands on."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

_execute_sql_flush = DatabaseOperations.execute_sql_flush


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_journal() -> None:
    """Let transactional tests empty the tables between them, although the journal refuses TRUNCATE.

    The owner of the tables may silence their triggers; the tests own theirs, production must not run as owner.
    """

    def flush(operations: DatabaseOperations, sql_list: list[str]) -> None:
        silenced = ["SET session_replication_role = replica;"] if sql_list else []
        restored = ["SET session_replication_role = DEFAULT;"] if sql_list else []
        # knox leaves behind a table that refers to ours although its model is swapped out.
        emptied = [sql.replace(";", " CASCADE;") if sql.startswith("TRUNCATE") else sql for sql in sql_list]
        _execute_sql_flush(operations, [*silenced, *emptied, *restored])

    DatabaseOperations.execute_sql_flush = flush


@pytest.fixture
def at():
    """The instant handed to services by tests that do not care which."""
    from foundation.clock import now

    return now()
