"""What the machine lacks is said in one clear line."""

import shutil
import socket
from collections import namedtuple

import pytest

from procurement.runtime import __main__ as door
from procurement.runtime.environment import owner_environment, platform_environment, port
from procurement.runtime.home import home_directory, kept_secret
from procurement.runtime.preflight import check_port, check_space, free_port
from procurement.runtime.problems import Problem

Usage = namedtuple("Usage", "total used free")


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        with pytest.raises(Problem, match=f"{number} est déjà pris.*PORT={number + 1}"):
            check_port(number)


def test_a_free_port_passes():
    check_port(free_port())


@pytest.mark.parametrize("given", ["huit", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Problem, match="PORT"):
        port()


def test_a_full_disk_is_said(ground, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 5 * 2**20))
    with pytest.raises(Problem, match="5 Mo libres"):
        check_space(ground)


def test_a_home_that_cannot_be_written_is_said(monkeypatch):
    monkeypatch.setenv("JALON_HOME", "/proc/nowhere")
    with pytest.raises(Problem, match="JALON_HOME"):
        home_directory()


def test_a_problem_is_one_line_and_no_traceback(monkeypatch, capsys):
    monkeypatch.setenv("JALON_HOME", "/proc/nowhere")
    assert door.main("run") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("jalon : ")


def test_a_secret_is_drawn_once_and_closed_to_others(ground):
    first = kept_secret(ground, "secret-key", 64)
    assert len(first) >= 64
    assert kept_secret(ground, "secret-key", 64) == first
    assert (ground / "secret-key").stat().st_mode & 0o777 == 0o600


def test_what_the_person_set_is_kept(ground, monkeypatch):
    monkeypatch.setenv("JALON_DEMO_PASSWORD", "choisi par la personne")
    monkeypatch.setenv("SECRET_KEY", "le sien")
    environment = platform_environment(ground, {"DATABASE_URL": "psql://a/b"})
    assert environment["JALON_DEMO_PASSWORD"] == "choisi par la personne"
    assert environment["SECRET_KEY"] == "le sien"
    assert environment["DATABASE_URL"] == "psql://a/b"
    assert not (ground / "secret-key").exists()


def test_what_serves_never_receives_the_owner_s_address(ground):
    addresses = {"DATABASE_URL": "psql://jalon@/a", "DATABASE_OWNER_URL": "psql://jalon_owner@/a"}
    serving, owning = platform_environment(ground, addresses), owner_environment(ground, addresses)
    assert serving["DATABASE_URL"] == "psql://jalon@/a" and "DATABASE_OWNER_URL" not in serving
    assert owning["DATABASE_URL"] == "psql://jalon_owner@/a" and "DATABASE_OWNER_URL" not in owning


def test_without_an_owner_s_address_there_is_one_role(ground, monkeypatch):
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    addresses = {"DATABASE_URL": "psql://one@/a"}
    assert owner_environment(ground, addresses) == platform_environment(ground, addresses)
