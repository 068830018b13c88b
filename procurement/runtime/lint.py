"""`./jalon lint`: every check is played, and the command fails when one of them does."""

import os
import subprocess
import sys
import time
from pathlib import Path

import certifi

from procurement.runtime.home import PROJECT

MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "style": [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format", "concise", "."],
    "mise en forme": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
    "dépendances entre applications": [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
    "gabarits": [sys.executable, "-m", "djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "réglages de production": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
# `makemigrations --check` and `check` open no connection: these addresses need not answer.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "procurement.settings.production",
    "SECRET_KEY": "lint-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DATABASE_URL": "psql://jalon@127.0.0.1:1/jalon",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "jalon.example",
    "PUBLIC_URL": "https://jalon.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "JOURNAL_SIGNING_KEY": "bGludC1vbmx5LWxpbnQtb25seS1saW50LW9ubHktISE=",
    "TSA_URL": "https://127.0.0.1:1/tsa",
    "TSA_CA_FILE": certifi.where(),
}


def lint() -> int:
    """Play the checks one after the other; answers the number of failures."""
    environment = {**os.environ, **PRODUCTION}
    for forbidden in ("DEBUG", "JALON_DEMO", "JALON_DEMO_PASSWORD"):
        environment.pop(forbidden, None)
    return sum(not _passes(name, command, environment) for name, command in CHECKS.items())


def _passes(name: str, command: list[str], environment: dict) -> bool:
    started_at = time.monotonic()
    done = subprocess.run(command, check=False, cwd=PROJECT, env=environment, capture_output=True, text=True)
    print(
        f"{'✓' if done.returncode == 0 else '✗'} {name} ({time.monotonic() - started_at:.1f} s)", flush=True
    )
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0
