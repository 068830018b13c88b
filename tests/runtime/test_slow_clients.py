"""Who sends slowly takes nobody's thread (the worker of gunicorn alone, then `./jalon run`)."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from procurement import slow_clients
from procurement.runtime.account import hand_over, service_account
from procurement.runtime.home import PROJECT
from procurement.runtime.preflight import free_port
from tests.faults.supervised import Supervised
from tests.runtime.dripping import HEAD, Drippers, body

OURS, FORMER = "procurement.slow_clients.PatientWorker", "gthread"
CUT_WITHIN = 2 * slow_clients.PATIENCE + slow_clients.LINGER + 20
"""Seconds after which none of them is left: the patience of the worker, before its turn and in it, and a margin."""
ENOUGH = slow_clients.HELD + 1024
"""Bytes of a body that make the worker give it a thread."""


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Starts gunicorn with a worker of this class, one process of four threads; gives its port."""
    started = []
    monkeypatch.setenv("ARRIVALS", str(tmp_path / "arrivals"))
    (tmp_path / "arrivals").write_text("0")

    def call(worker_class: str, **environment: str) -> int:
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "tests.runtime.small_site:application"]
        choice = ["--bind", f"127.0.0.1:{port}", "--worker-class", worker_class, "--threads", "4"]
        started.append(
            subprocess.Popen(
                [*command, *choice, "--no-control-socket"], cwd=PROJECT, env={**os.environ, **environment}
            )
        )
        give_up_at = time.monotonic() + 30
        while answered(port, seconds=1) != 200 and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return port

    yield call
    for server in started:
        server.terminate()
        server.wait(60)


def answered(port: int, *, seconds: float = 2, path: str = "/", **request) -> int | None:
    """The status of an answer that came within `seconds`; None when none did."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(request.pop("method", "GET"), path, **request)
        with connection.getresponse() as response:
            response.read()
            return response.status
    except OSError:
        return None
    finally:
        connection.close()


@contextlib.contextmanager
def dripping(port: int, openings: list[bytes], **options):
    drippers = Drippers(port, openings, **options)
    try:
        yield drippers
    finally:
        drippers.stop()


KINDS = {
    "a head": HEAD,
    "a small body": body("/", 200),
    "the beginning of a long body": body("/", 10 * ENOUGH),
    "a long body": body("/", 10 * ENOUGH, ENOUGH),
}


def test_more_of_them_than_threads_stop_nobody_and_are_cut(serve):
    port = serve(OURS)
    with dripping(port, list(KINDS.values()) * 12) as drippers:
        assert [answered(port) for _ in range(5)] == [200] * 5
        assert drippers.wait(CUT_WITHIN) == 0
    assert answered(port) == 200


@pytest.mark.parametrize("opening", [HEAD, body("/", 200)], ids=["head", "body"])
def test_gunicorn_s_own_worker_is_stopped_by_as_many_as_its_threads(serve, opening):
    """The control: these clients would stop the site if nothing was done."""
    port = serve(FORMER)
    with dripping(port, [opening] * 4) as drippers:
        assert answered(port) is None
        assert drippers.alive == 4
    assert answered(port, seconds=10) == 200


def test_long_bodies_of_one_address_leave_the_pool_to_the_others(serve):
    port = serve(OURS)
    with dripping(port, [body("/", 10 * ENOUGH, ENOUGH)] * 40):
        assert answered(port, method="POST", body=b"a" * 4 * ENOUGH) == 200


def test_a_long_body_is_read_while_it_arrives(serve, tmp_path):
    """What is sealed as it comes must not wait for the end, in memory or on a disk."""
    port = serve(OURS)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(body("/arrivals", 10 * ENOUGH, 2 * ENOUGH))
        give_up_at = time.monotonic() + 10
        while int((tmp_path / "arrivals").read_text() or 0) < ENOUGH and time.monotonic() < give_up_at:
            time.sleep(0.05)
        assert int((tmp_path / "arrivals").read_text()) >= ENOUGH
        client.sendall(b"a" * 8 * ENOUGH)
        assert client.recv(4096).startswith(b"HTTP/1.1 200")


def test_what_a_cut_body_brought_is_known_to_who_reads_it(serve, tmp_path):
    port = serve(OURS)
    with dripping(port, [body("/arrivals", 10 * ENOUGH, ENOUGH)]) as drippers:
        assert drippers.wait(CUT_WITHIN) == 0
    assert (tmp_path / "arrivals").read_text().endswith("TimeoutError")


def test_requests_follow_each_other_on_a_connection_even_sent_together(serve):
    port = serve(OURS)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(body("/", 3, 3) + body("/", 5, 5) + body("/", 7, 7))
        answers = b""
        while answers.count(b"HTTP/1.1 200") < 3 or not answers.endswith(b"7"):
            answers += client.recv(4096)
        client.sendall(body("/", 2, 2))
        answer = b""
        while not answer.endswith(b"\r\n\r\n2"):
            answer += client.recv(4096)


def test_who_asks_before_sending_is_told_to_go_on(serve):
    port = serve(OURS)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(body("/", 4, headers="Expect: 100-continue\r\n"))
        assert client.recv(4096).startswith(b"HTTP/1.1 100")
        client.sendall(b"aaaa")
        answer = b""
        while not answer.endswith(b"\r\n\r\n4"):
            answer += client.recv(4096)


def test_a_head_without_end_is_refused(serve):
    port = serve(OURS)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        with contextlib.suppress(OSError):
            client.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 2 * slow_clients.HEAD_LIMIT)
        assert client.recv(4096).startswith(b"HTTP/1.1 431")


def test_who_leaves_its_side_open_after_the_answer_keeps_nobody_waiting(serve):
    """gunicorn waits in its loop for the other side to close: two seconds a client, for everybody."""
    port = serve(OURS)
    ask = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with contextlib.ExitStack() as open_clients:
        for _ in range(20):
            client = open_clients.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(ask)
        assert [answered(port) for _ in range(5)] == [200] * 5


def test_who_opens_too_many_connections_is_refused_the_next(serve):
    port = serve(OURS, WEB_CONNECTIONS_PER_ADDRESS="5")
    with dripping(port, [HEAD] * 8) as drippers:
        time.sleep(3)
        assert drippers.alive == 5
        assert answered(port) == 200


@pytest.fixture(scope="module")
def platform():
    """The whole platform, as `./jalon run` starts it, without demonstration data."""
    home = Path(tempfile.mkdtemp(prefix="jalon-slow-"))
    hand_over(home, service_account())
    running = Supervised(home, free_port())
    try:
        yield running.start()
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


def test_two_hundred_of_them_leave_the_platform_to_the_others(platform):
    """A hundred unfinished heads, a hundred bodies at the doors of sign-in and of sendings."""
    port = int(platform.url.rsplit(":", 1)[1])
    cookie = "Cookie: csrftoken=0123456789abcdef0123456789abcdef\r\n"
    piece = "/api/v1/uploads/0192f3c4-0000-7000-8000-000000000000/files/"
    openings = [HEAD] * 100
    openings += [body("/compte/connexion/", 300, headers=cookie)] * 40
    openings += [body("/compte/connexion/", 10 * ENOUGH, ENOUGH, headers=cookie)] * 20
    openings += [body(piece, 10 * ENOUGH), body(piece, 10 * ENOUGH, ENOUGH)] * 20
    assert answered(port, seconds=30, path="/compte/connexion/") == 200  # templates are read once
    with dripping(port, openings) as drippers:
        for _ in range(3):
            assert answered(port, path="/healthz") == 200
            assert answered(port, path="/compte/connexion/") == 200
            assert answered(port, path="/api/v1/uploads/", method="POST", body=b"a" * 2 * ENOUGH) in (
                401,
                415,
            )
            time.sleep(1)
        assert drippers.wait(CUT_WITHIN) == 0
    assert answered(port, path="/healthz") == 200
