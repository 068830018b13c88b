"""The site may take long to start: as long as its program lives, it is waited for."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from procurement.runtime import programs
from procurement.runtime.preflight import free_port
from procurement.runtime.problems import Problem

LATE = """
import http.server, sys, time
class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
time.sleep(2)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Site).serve_forever()
"""


@pytest.fixture
def program(tmp_path):
    """Starts this code as the web server."""
    started = []

    def start(code: str) -> SimpleNamespace:
        port, log = str(free_port()), tmp_path / "web.log"
        with log.open("w") as output:
            process = subprocess.Popen([sys.executable, "-c", code, port], stderr=output)
        started.append(process)
        return SimpleNamespace(process=process, environment={"PORT": port}, log=log)

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_slow_start_is_waited_for_and_told(program, monkeypatch, capsys):
    monkeypatch.setattr(programs, "REMINDER", 0.5)
    programs.wait_for_web(program(LATE))
    said = capsys.readouterr().out
    assert "Le site démarre encore" in said
    assert "web.log" in said


def test_a_program_that_ends_is_not_waited_for(program):
    with pytest.raises(Problem, match="pas de base"):
        programs.wait_for_web(program("raise SystemExit('pas de base')"))
