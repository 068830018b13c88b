"""What every test stands on."""

import time

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db.backends.postgresql.operations import DatabaseOperations
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
LONGEST = (JOURNEYS, "tests/test_access_matrix.py")
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


class ByFile(LoadScopeScheduling):
    """A file stays in one process, and all the journeys too, for they share a platform."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return JOURNEYS if path.startswith(JOURNEYS) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How `./jalon test` shares the tests out between processes."""
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """What takes longest goes first, so that no process is left alone with it at the end."""
    yield
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture
def at():
    """The instant handed to services by tests that do not care which."""
    from foundation.clock import now

    return now()


def _signed_in_now(sender, request, user, **kwargs) -> None:
    """`force_login` counts as a sign-in of this instant: tests of sensitive acts need not type a password.

    Its request is empty, which tells it from a true sign-in; `tests.accounts.sessions.make_stale` undoes it.
    """
    if "REQUEST_METHOD" not in request.META:
        from allauth.account.internal.userkit import user_id_to_str

        request.session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        request.session["account_authentication_methods_user"] = user_id_to_str(user)


user_logged_in.connect(_signed_in_now, dispatch_uid="tests.force_login_is_fresh")
