"""Production starts with its own secret, its own addresses and nobody's demonstration, or not at all."""

import os
import subprocess
import sys

import pytest

COMPLETE = {
    "SECRET_KEY": "k" * 64,
    "DATABASE_URL": "psql://jalon@localhost/jalon",
    "REDIS_URL": "redis://localhost:6379/0",
    "ALLOWED_HOSTS": "jalon.example",
    "PUBLIC_URL": "https://jalon.example",
    "EMAIL_URL": "smtp://localhost:25",
}


def start(**changes: str) -> subprocess.CompletedProcess:
    """Import the production settings, as any program of the platform does first."""
    environment = {"PATH": os.environ["PATH"], **COMPLETE, **changes}
    command = [sys.executable, "-c", "import procurement.settings.production"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_complete_settings_start() -> None:
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "development-only-not-for-production"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"JALON_DEMO": "1"}, "démonstration"),
        ({"JALON_DEMO_PASSWORD": "secret"}, "démonstration"),
        *(({name: ""}, name) for name in COMPLETE if name != "SECRET_KEY"),
    ],
)
def test_what_is_missing_or_unsafe_is_said_in_one_line(changes: dict, said: str) -> None:
    done = start(**changes)
    assert done.returncode != 0
    assert said in done.stderr.strip().splitlines()[-1]
