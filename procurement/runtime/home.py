"""Where the data of this machine lives (`JALON_HOME`), and what may be kept there."""

import os
import secrets
from pathlib import Path

from procurement.runtime.problems import Problem

PROJECT = Path(__file__).resolve().parents[2]


def home_directory() -> Path:
    """The data directory, created when absent: `JALON_HOME`, else `var/` in the clone. Raises Problem."""
    home = Path(os.environ.get("JALON_HOME") or PROJECT / "var").expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
    except OSError as error:
        raise Problem(
            f"Impossible d'écrire dans {home} ({error.strerror}) : choisissez un autre JALON_HOME."
        ) from error
    return home


def kept_secret(home: Path, name: str, length: int) -> str:
    """A random text drawn once, then read again from a file only its owner can read."""
    path = home / name
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(length))
    return path.read_text().strip()
