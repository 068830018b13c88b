"""The PostgreSQL driver: first start, restart, and what a kill -9 leaves."""

import signal
import subprocess
import time

import psycopg2
import pytest

from procurement.runtime.account import run_as, service_account
from procurement.runtime.postgres import OWNER, Postgres
from procurement.runtime.problems import Problem
from procurement.runtime.processes import living_in
from procurement.runtime.sockets import socket_directory


@pytest.fixture
def postgres(ground):
    account = service_account()
    server = Postgres(ground, socket_directory(ground, account), ground / "postgresql.log", account=account)
    yield server
    server.stop()


def ask(server: Postgres, query: str):
    connection = psycopg2.connect(host=str(server.sockets), user=OWNER, dbname="jalon")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(query)
        answer = cursor.fetchone() if cursor.description else None
    connection.close()
    return answer


def write_rows(server: Postgres) -> None:
    ask(server, "CREATE TABLE row AS SELECT generate_series(1, 10000) AS number")


def count_rows(server: Postgres) -> int:
    return ask(server, "SELECT count(*) FROM row")[0]


def test_a_new_cluster_speaks_french(postgres):
    postgres.start()
    assert ask(postgres, "SELECT lower(unaccent('ÉCOLE'))") == ("ecole",)
    assert ask(postgres, "SELECT to_tsvector('french', 'écoles')::text") == ("'écol':1",)
    assert ask(postgres, "SHOW server_encoding") == ("UTF8",)


def test_no_network_and_a_closed_socket(postgres):
    postgres.start()
    assert ask(postgres, "SHOW listen_addresses") == ("",)
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700
    assert postgres.data.stat().st_mode & 0o777 == 0o700


def test_data_survive_a_restart(postgres):
    postgres.start()
    write_rows(postgres)
    postgres.stop()
    assert postgres.process.returncode == 0
    postgres.start()
    assert count_rows(postgres) == 10000


def test_data_survive_a_killed_postmaster(postgres):
    postgres.start()
    write_rows(postgres)
    postgres.process.kill()
    postgres.process.wait()
    postgres.start()
    assert count_rows(postgres) == 10000


def test_a_second_start_takes_over_what_a_killed_supervisor_left(postgres, ground):
    postgres.start()
    write_rows(postgres)
    orphan = postgres.process
    successor = Postgres(ground, postgres.sockets, postgres.log, account=postgres.account)
    successor.start()
    try:
        assert orphan.wait(10) == 0
        assert count_rows(successor) == 10000
    finally:
        successor.stop()


def test_a_stale_pid_file_whose_number_went_to_another_process_is_no_obstacle(postgres):
    postgres.start()
    postgres.stop()
    with subprocess.Popen(["sleep", "60"], **run_as(postgres.account)) as other:
        pid_file = postgres.data / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n{postgres.data}\n{int(time.time())}\n5432\n{postgres.sockets}\n\n")
        postgres.start()
        other.kill()
    assert ask(postgres, "SELECT 1") == (1,)


def test_an_interrupted_first_start_leaves_nothing_half_made(postgres):
    draft = postgres.data.with_name("postgresql.draft")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert ask(postgres, "SELECT 1") == (1,)
    assert not draft.exists()


def test_stopping_leaves_no_process(postgres):
    postgres.start()
    postgres.stop()
    assert living_in(postgres.data, "postgres") == []


def test_a_broken_cluster_is_a_clear_line(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(Problem, match="PostgreSQL ne démarre pas"):
        postgres.start()


def test_stop_does_not_wait_for_idle_sessions(postgres):
    postgres.start()
    session = psycopg2.connect(host=str(postgres.sockets), user=OWNER, dbname="jalon")
    started_at = time.monotonic()
    postgres.stop()
    assert time.monotonic() - started_at < 10
    session.close()
    assert postgres.process.returncode != -signal.SIGKILL
