"""`./jalon run` for real: from an empty directory to a site that answers, and back to nothing."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from procurement.runtime.preflight import free_port

START_PATIENCE = 900  # seconds, on a busy machine
RUN = [sys.executable, "-u", "-m", "procurement.runtime", "run"]


class Running:
    """A platform started as a person does, with what it prints."""

    def __init__(self, home: Path, port: int, output: Path):
        left_out = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        self.environment = {**environment, "JALON_HOME": str(home), "PORT": str(port)}
        self.url = f"http://127.0.0.1:{port}"
        self.output = output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                RUN,
                env=self.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509  # as « ./jalon run & » does
            )

    def wait(self) -> "Running":
        give_up_at = time.monotonic() + START_PATIENCE
        while "Ctrl-C" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.2)
        return self

    def said(self) -> str:
        return self.output.read_text()

    def ready(self) -> dict:
        with urllib.request.urlopen(f"{self.url}/readyz", timeout=20) as response:  # noqa: S310
            return json.load(response)

    def stop(self, stop_signal: int = signal.SIGTERM) -> int:
        self.process.send_signal(stop_signal)
        return self.process.wait(120)


@pytest.fixture
def start(ground):
    """Starts the platform on `ground`; called again, the same platform once more."""
    port, started = free_port(), []

    def call() -> Running:
        started.append(Running(ground, port, ground / f"said-{len(started)}"))
        return started[-1].wait()

    yield call
    for running in started:
        running.process.kill()
        running.process.wait()


def test_starts_answers_stops_in_order_and_starts_again_at_once(start, ground):
    first = start()
    assert first.ready()["ready"] is True
    assert "acheteuse@jalon.example" in first.said()
    assert (ground / "accounts.txt").stat().st_mode & 0o777 == 0o600

    second = subprocess.run(RUN, env=first.environment, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"processus {first.process.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1

    assert first.stop(signal.SIGINT) == 0
    stopped = [line.split()[0] for line in first.said().splitlines() if line.endswith(" arrêté")]
    assert stopped == ["web", "beat", "worker", "valkey", "postgresql"]

    again = start()
    assert "Migrations" not in again.said(), "nothing has changed: no preparation"
    assert "acheteuse@jalon.example" in again.said()
    os.kill(again.process.pid, signal.SIGKILL)

    after_kill = start()
    assert after_kill.ready()["ready"] is True
    assert after_kill.stop() == 0
