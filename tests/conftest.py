"""What every test stands on."""

import time

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from xdist.scheduler import LoadScopeScheduling

from tests.owner import as_owner

JOURNEYS = "tests/journeys/"
LONGEST = (JOURNEYS, "tests/test_access_matrix.py")
_execute_sql_flush = DatabaseOperations.execute_sql_flush
_fixture_teardown = TransactionTestCase._fixture_teardown


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The owner makes the database of the tests; every connection then acts as the platform, as in production."""
    connection_created.connect(_act_as_platform)
    with django_db_blocker.unblock():
        connections.close_all()
    yield
    connection_created.disconnect(_act_as_platform)
    with django_db_blocker.unblock():
        connections.close_all()


def _act_as_platform(sender, connection, **kwargs) -> None:
    """On the bare connection: a test that counts queries does not see it."""
    with connection.connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_PLATFORM_ROLE}")


@pytest.fixture(autouse=True, scope="session")
def _emptied_by_the_owner() -> None:
    """Let transactional tests empty the tables between them, although the platform may not and the journal refuses."""

    def teardown(case: TransactionTestCase) -> None:
        with as_owner():
            _fixture_teardown(case)

    def flush(operations: DatabaseOperations, sql_list: list[str]) -> None:
        silenced = ["SET session_replication_role = replica;"] if sql_list else []
        restored = ["SET session_replication_role = DEFAULT;"] if sql_list else []
        # knox leaves behind a table that refers to ours although its model is swapped out.
        emptied = [sql.replace(";", " CASCADE;") if sql.startswith("TRUNCATE") else sql for sql in sql_list]
        _execute_sql_flush(operations, [*silenced, *emptied, *restored])

    TransactionTestCase._fixture_teardown = teardown
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
