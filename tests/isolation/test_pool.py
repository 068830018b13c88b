"""Work done apart: within its time and its memory, without way out, and what it breaks breaks nothing else (O7)."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from foundation.isolation.pool import KEPT, Bounds, JobError, Pool

MODULE = "tests.isolation.work"


@pytest.fixture(scope="module")
def pool():
    pool = Pool(MODULE, Bounds(2, 4, 400), places=2, patience=0.5)
    yield pool
    pool.close()


def done(pool, what: str, *contents: bytes):
    return pool.run({"do": what}, list(contents))


def test_each_job_has_a_process_of_its_own(pool):
    content = os.urandom(5_000_000)
    first, made = done(pool, "echo", content, b"")
    assert made == [content, b""]
    server = pool.server_pid
    second, _made = done(pool, "echo")
    assert len({first["pid"], second["pid"], server, os.getpid()}) == 4
    assert pool.server_pid == server


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("spin", "TimeLimit"),
        ("sleep", "TimeLimit"),
        ("swell", "MemoryError"),
        ("die", "Crash"),
        ("fail", "ValueError"),
    ],
)
def test_what_a_job_breaks_is_told_and_the_next_one_is_done(pool, what, name):
    done(pool, "echo")
    started = time.monotonic()
    with pytest.raises(JobError) as failed:
        done(pool, what, b"un secret")
    assert failed.value.name == name
    assert "secret" not in str(failed.value)
    assert time.monotonic() - started < 4 + 3 + 1
    assert done(pool, "echo", b"a")[1] == [b"a"]


def test_the_processor_is_counted_apart_from_the_clock():
    """The negative control: with more of the processor, the clock alone stops it, later."""
    pool = Pool(MODULE, Bounds(60, 3, 400), places=1, patience=1)
    done(pool, "echo")
    started = time.monotonic()
    with pytest.raises(JobError):
        done(pool, "spin")
    assert time.monotonic() - started >= 2.9
    pool.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may always make processes and read its own")
def test_a_job_has_no_way_out(pool):
    assert done(pool, "call")[0]["open"] == []


def test_a_job_opens_neither_file_nor_network(pool):
    assert set(done(pool, "call")[0]["open"]) <= {"process"}


def test_the_probe_of_ways_out_finds_them_where_they_are():
    """The negative control: a work that may write files may do the rest as well."""
    pool = Pool(MODULE, Bounds(2, 4, 400, file_bytes=1000), places=1, patience=1)
    assert {"network", "file", "write"} <= set(done(pool, "call")[0]["open"])
    pool.close()


def test_an_answer_without_end_is_not_read(pool, monkeypatch):
    monkeypatch.setattr("foundation.isolation.pool.LARGEST_ANSWER", 1_000_000)
    with pytest.raises(JobError) as failed:
        done(pool, "lie")
    assert isinstance(failed.value.__cause__, ValueError)


def test_others_go_on_while_a_job_spins_and_a_third_is_told_to_wait(pool):
    done(pool, "echo")
    spinners = [threading.Thread(target=_failed, args=(pool, "sleep"))]
    spinners[0].start()
    time.sleep(0.2)
    assert done(pool, "echo", b"a")[1] == [b"a"]
    spinners.append(threading.Thread(target=_failed, args=(pool, "sleep")))
    spinners[1].start()
    time.sleep(0.2)
    with pytest.raises(JobError) as refused:
        done(pool, "echo")
    assert refused.value.name == "Busy"
    for spinner in spinners:
        spinner.join()


def _failed(pool, what: str) -> None:
    with pytest.raises(JobError):
        done(pool, what)


def test_a_server_that_was_killed_is_replaced(pool):
    done(pool, "echo")
    os.kill(pool.server_pid, signal.SIGKILL)
    os.waitid(os.P_PID, pool.server_pid, os.WEXITED | os.WNOWAIT)
    assert done(pool, "echo", b"a")[1] == [b"a"]


def test_no_secret_is_inherited(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "un secret")
    pool = Pool(MODULE, Bounds(2, 4, 400), places=1, patience=1)
    done(pool, "echo")
    inherited = Path(f"/proc/{pool.server_pid}/environ").read_bytes().split(b"\0")
    assert {item.partition(b"=")[0].decode() for item in inherited if item} <= {*KEPT, "LC_CTYPE"}
    pool.close()
