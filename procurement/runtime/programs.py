"""The platform's own programs: web server, worker, beat. They keep no state: several machines may run."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from procurement.hardening import FORGETFUL
from procurement.runtime import processes
from procurement.runtime.environment import owner_environment, platform_environment
from procurement.runtime.home import PROJECT
from procurement.runtime.preflight import free_port
from procurement.runtime.problems import Problem

REMINDER = 15  # seconds between two lines that say what is waited for; a busy machine is slow
WORKER_PATIENCE = 120  # seconds for the running tasks to end; past that they are queued again (acks_late)
CELERY = ("celery", "-A", "procurement.celery:app")


class Program:
    """One program of the platform, started with `python -m`."""

    def __init__(self, name: str, module: list[str], environment: dict, log: Path, *, patience: float = 30):
        self.name = name
        self.module = module
        self.environment = environment
        self.log = log
        self.patience = patience
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it; it may need some seconds before it works."""
        self.process = processes.start(
            [sys.executable, "-m", *self.module], log=self.log, cwd=PROJECT, env=self.environment
        )

    def stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process:
            processes.stop(self.process, stop_signal=signal.SIGTERM, patience=self.patience)


def web(environment: dict, log: Path) -> Program:
    """The web server, on this machine's own address only: a reverse proxy opens it to others."""
    module = ["gunicorn", "--config", "python:procurement.gunicorn", "procurement.wsgi:application"]
    where = ["--bind", f"127.0.0.1:{environment['PORT']}"]
    return Program("web", [*module, *where], FORGETFUL | environment, log / "web.log")


def worker(environment: dict, log: Path) -> Program:
    """The Celery worker: documents, messages, sweeps, and on one machine the signature of the journal."""
    module = [*CELERY, "worker", "--queues", "celery,signing", "--concurrency", "2", "--loglevel", "INFO"]
    alone = ["--without-gossip", "--without-mingle"]
    return Program("worker", [*module, *alone], environment, log / "worker.log", patience=WORKER_PATIENCE)


def beat(environment: dict, log: Path) -> Program:
    """The clock that rings the sweeps."""
    schedule = Path(environment["JALON_HOME"]) / "celerybeat-schedule"
    return Program(
        "beat", [*CELERY, "beat", "--pidfile=", "--schedule", str(schedule)], environment, log / "beat.log"
    )


def wait_for_web(program: Program) -> None:
    """Return once the site answers, however long it takes to start. Raises Problem when the program ends."""
    began = said = time.monotonic()
    while not answers(f"http://127.0.0.1:{program.environment['PORT']}/healthz"):
        if program.process.poll() is not None:
            raise Problem(
                f"Le site ne démarre pas : {processes.last_words(program.log)} (voyez {program.log})"
            )
        if time.monotonic() - said > REMINDER:
            said = time.monotonic()
            print(f"→ Le site démarre encore, depuis {said - began:.0f} s (voyez {program.log})", flush=True)
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether this address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own http address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def prepare(environment: dict, log: Path) -> str:
    """Migrations, static files, demonstration data in one boot of Django; answers the accounts to show.

    `environment`: that of the owner of the tables. Raises Problem, with the last lines of the log.
    """
    path = log / "prepare.log"
    with path.open("w") as errors:
        done = subprocess.run(
            [sys.executable, PROJECT / "manage.py", "prepare"],
            check=False,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
    if done.returncode != 0:
        raise Problem(f"La préparation a échoué : {processes.last_words(path, 1)} (voyez {path})")
    return done.stdout


class Platform:
    """Web server and worker for a test, on given services: `url`, `environment`, `accounts`, `stop()`."""

    def __init__(self, home: Path, addresses: dict[str, str]):
        home.mkdir(parents=True, exist_ok=True)
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        given = {**addresses, "PUBLIC_URL": self.url}
        self.environment = {**platform_environment(home, given), "PORT": port}
        self.environment["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
        self.owner_environment = owner_environment(home, given)
        for name in ("PORT", "DJANGO_SETTINGS_MODULE"):
            self.owner_environment[name] = self.environment[name]
        self.accounts = prepare(self.owner_environment, home)
        self.worker = worker(self.environment, home)
        self.web = web(self.environment, home)

    def start(self) -> "Platform":
        """Start the worker and the web server, and wait until the site answers."""
        self.worker.start()
        self.web.start()
        wait_for_web(self.web)
        return self

    def stop(self) -> None:
        """Web first, then the worker once its tasks are done."""
        self.web.stop()
        self.worker.stop()


def start_platform(home: Path, addresses: dict[str, str]) -> Platform:
    """A whole platform for the journeys.

    `home`: an empty directory; `addresses`: DATABASE_URL and DATABASE_OWNER_URL (an empty database), REDIS_URL,
    other variables.
    """
    return Platform(home, addresses).start()
