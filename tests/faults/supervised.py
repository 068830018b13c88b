"""A whole platform under its own supervisor, durable settings, from which a program is killed with -9."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2

from procurement.runtime.home import PROJECT

START_PATIENCE = 600
"""Seconds, on a busy machine: migrations and static files are part of it."""
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL", "STORAGE_URL"}
VICTIMS = ("web worker", "web", "worker", "valkey", "postgresql")
"""A process of gunicorn, its master, Celery, the queue, the database."""


class Supervised:
    """`./jalon run` on an empty directory, without demonstration data."""

    def __init__(self, home: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        own = {"JALON_HOME": str(home), "PORT": str(port), "JALON_DEMO": "false", "LOG_FORMAT": "json"}
        self.environment = {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1"}
        self.home, self.url = home, f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Supervised":
        """Return once the site answers."""
        output = (self.home / "said").open("w")
        command = [sys.executable, "-u", "-m", "procurement.runtime", "run"]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
        )
        give_up_at = time.monotonic() + START_PATIENCE
        while not (self.home / "running.json").exists():
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError((self.home / "said").read_text())
            time.sleep(0.2)
        return self

    def stop(self) -> None:
        """Orderly, then not."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def addresses(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the running services."""
        return json.loads((self.home / "running.json").read_text())["addresses"]

    def connection(self):
        """Straight to PostgreSQL, past the platform."""
        sockets, name = urllib.request.unquote(self.addresses["DATABASE_URL"].split("@/")[1]).rsplit("/", 1)
        return psycopg2.connect(host=sockets, user="jalon", dbname=name, connect_timeout=3)

    def doctor(self) -> str:
        """What `./jalon doctor` says of this platform."""
        command = [sys.executable, "-m", "procurement.runtime", "doctor"]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    def run(self, *command: str) -> str:
        """A Python program in the environment of the platform; answers what it printed."""
        secret = (self.home / "secret-key").read_text()
        environment = {**self.environment, **self.addresses, "SECRET_KEY": secret}
        environment["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def pids(self, victim: str) -> list[int]:
        """The processes of this platform that play this part."""
        masters = {pid: _command(pid) for pid in _children(self.process.pid)}
        marks = {"web": "procurement.wsgi", "web worker": "procurement.wsgi", "worker": " worker "}
        mark = marks.get(victim, {"valkey": "valkey-server", "postgresql": "/postgres "}.get(victim, ""))
        found = [pid for pid, command in masters.items() if mark in command]
        return [inner for pid in found for inner in _children(pid)] if victim == "web worker" else found

    def kill(self, victim: str) -> None:
        """kill -9, of one process of this part."""
        os.kill(self.pids(victim)[0], signal.SIGKILL)

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def rows(self, sql: str, *parameters) -> list[tuple]:
        """Rows read past the platform; none while PostgreSQL is away."""
        try:
            connection = self.connection()
        except psycopg2.OperationalError:
            return []
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall()
        except psycopg2.OperationalError:
            return []
        finally:
            connection.close()


def _children(parent: int) -> list[int]:
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in text.split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() + " "
    except OSError:
        return ""
