"""Migrations, static files and demonstration data, done again only when what they depend on has changed."""

import hashlib
import os
from pathlib import Path

from procurement.runtime import programs
from procurement.runtime.home import PROJECT
from procurement.runtime.services import Services

LEFT_OUT = {"var", "tests", "docs", "node_modules", "__pycache__", "benchmarks"}
"""Folders that no preparation reads; nor does it read hidden ones, where tools and editors keep their own."""
INPUTS = (
    "DJANGO_SETTINGS_MODULE",
    "JALON_DEMO",
    "JALON_DEMO_PASSWORD",
    "JALON_THEME",
    "STATIC_ROOT",
    "STORAGE_URL",
)


def prepared(environment: dict, services: Services, home: Path) -> str:
    """Prepare the platform if needed; answers the demonstration accounts to print. Raises Problem.

    The database may be somebody else's (DATABASE_URL): we cannot tell whether it changed, so prepare again.
    """
    accounts, stamp = home / "accounts.txt", home / "prepared"
    now = _digest(environment, services)
    if not now or not stamp.exists() or stamp.read_text() != now:
        stamp.unlink(missing_ok=True)
        print("→ Migrations, fichiers statiques, données de démonstration", flush=True)
        _write_closed(accounts, programs.prepare(environment, home / "log"))
        stamp.write_text(now)
    return accounts.read_text()


def _digest(environment: dict, services: Services) -> str:
    """What a preparation depends on: our files (code, lock files), some variables, this very database."""
    cluster = services.cluster_identity()
    if not cluster:
        return ""
    digest = hashlib.sha256(cluster.encode())
    digest.update(repr([environment.get(name) for name in INPUTS]).encode())
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = sorted(name for name in set(folders) - LEFT_OUT if not name.startswith("."))
        for name in sorted(files):
            status = Path(folder, name).stat()
            digest.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def _write_closed(path: Path, text: str) -> None:
    """Only its owner may read it: it holds a password."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
