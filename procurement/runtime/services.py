"""The embedded PostgreSQL and Valkey as a pair: started in order, stopped in reverse, never shared."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from procurement.runtime.account import ground_for, hand_over, service_account
from procurement.runtime.postgres import Postgres
from procurement.runtime.preflight import check_space
from procurement.runtime.problems import Problem
from procurement.runtime.sockets import socket_directory
from procurement.runtime.valkey import Valkey


class Services:
    """What this machine must run itself: nothing for which the environment already gives an address."""

    def __init__(self, ground: Path, log: Path, *, account: str | None, fast: bool = False):
        ground.mkdir(parents=True, exist_ok=True)
        sockets = socket_directory(ground, account)
        self.environment: dict[str, str] = {}
        self.wanted: list = []
        self._running: list = []
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(ground, sockets, log / "postgresql.log", account=account, fast=fast)
            self._want("DATABASE_URL", postgres)
            self.environment["DATABASE_OWNER_URL"] = postgres.owner_url
        if not os.environ.get("REDIS_URL"):
            self._want("REDIS_URL", Valkey(ground, sockets, log / "valkey.log", account=account))

    def _want(self, variable: str, service) -> None:
        self.wanted.append(service)
        self.environment[variable] = service.url

    def cluster_identity(self) -> str:
        """Tells this PostgreSQL cluster from one made later in the same place; empty when it is not ours."""
        for service in self.wanted:
            if isinstance(service, Postgres):
                return service.identity()
        return ""

    def start(self) -> None:
        """Start what is wanted, PostgreSQL first. Raises Problem, with nothing left running."""
        try:
            for service in self.wanted:
                service.start()
                self._running.append(service)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Valkey, then PostgreSQL."""
        while self._running:
            self._running.pop().stop()


@contextlib.contextmanager
def only_one(home: Path, *, patience: float = 0) -> Iterator[None]:
    """Hold `home` for ourselves. The kernel releases the lock when we die, so a kill -9 leaves none behind.

    Raises Problem when somebody else still holds it after `patience` seconds.
    """
    give_up_at = time.monotonic() + patience
    with (home / "lock").open("a+") as file:
        while not _locked(file):
            if time.monotonic() >= give_up_at:
                raise Problem(
                    f"Jalon tourne déjà sur {home} (processus {_holder(file)}) : "
                    "arrêtez-le, ou changez JALON_HOME."
                )
            time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def lock_holder(home: Path) -> str:
    """The process that holds `home` at this moment; empty when nobody does."""
    with (home / "lock").open("a+") as file:
        return "" if _locked(file) else _holder(file)


def _locked(file) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file) -> str:
    file.seek(0)
    return file.read().strip() or "inconnu"


def services_of(home: Path) -> Services:
    """The services whose data live in `home` (or as near as the service account can reach)."""
    check_space(home)
    account = service_account()
    return Services(ground_for(home, account), home / "log", account=account)


def of_owner(addresses: dict[str, str]) -> dict[str, str]:
    """The same addresses, the database as the owner of its tables: for who makes them, and then measures."""
    return {**addresses, "DATABASE_URL": addresses["DATABASE_OWNER_URL"]}


@contextlib.contextmanager
def throwaway_services() -> Iterator[dict[str, str]]:
    """Services for one test run, in a directory deleted afterwards; yields their addresses."""
    account = service_account()
    ground = Path(tempfile.mkdtemp(prefix="jalon-test-"))
    try:
        check_space(ground)
        hand_over(ground, account)
        services = Services(ground, ground, account=account, fast=True)
        services.start()
        try:
            yield services.environment
        finally:
            services.stop()
    finally:
        shutil.rmtree(ground, ignore_errors=True)
