"""The unprivileged account the embedded services run under when a person starts the platform as root.

PostgreSQL refuses to run as root. The account must be able to reach its programs and its data: when the
clone or the virtual environment is under a closed home, they go under /var/lib/jalon.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from procurement.runtime.problems import Problem

NAME = "jalon"
OWN_GROUND = Path("/var/lib/jalon")


def service_account() -> str | None:
    """The name of the account, created on first use; None when we are not root and simply stay who we are."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            NAME,
        ]
        made = subprocess.run(command, check=False, capture_output=True, text=True)
        if made.returncode not in (0, 9):  # 9: another start created it at the same moment
            raise Problem(
                f"Impossible de créer le compte système « {NAME} » : {made.stderr.strip()}"
            ) from None
    return NAME


def run_as(account: str | None) -> dict:
    """Arguments of `subprocess` that start a program under this account, in none of root's groups."""
    return {"user": account, "group": account, "extra_groups": []} if account else {}


def hand_over(directory: Path, account: str | None) -> None:
    """Make `directory` exist, closed to everyone but the account."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)
    if account:
        shutil.chown(directory, account, account)


def can_reach(directory: Path, account: str | None) -> bool:
    """Whether the account can walk down to `directory`."""
    if account is None:
        return True
    return subprocess.run(["test", "-x", directory], check=False, **run_as(account)).returncode == 0


def ground_for(home: Path, account: str | None) -> Path:
    """The directory where the services keep their data: in `home`, or on our ground when it is closed."""
    if can_reach(home, account):
        return home / "services"
    OWN_GROUND.mkdir(mode=0o755, parents=True, exist_ok=True)
    return OWN_GROUND / hashlib.sha256(str(home).encode()).hexdigest()[:12]


def reachable_programs(package: Path, account: str | None) -> Path:
    """`package` (a folder of site-packages), or a copy of it where the account can read it."""
    if can_reach(package, account):
        return package
    origin = f"{package} {package.stat().st_mtime_ns}"  # another version has another date
    shelf = OWN_GROUND / "programs" / hashlib.sha256(origin.encode()).hexdigest()[:12]
    copy = shelf / package.name
    if not copy.exists():
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, shelf / libraries.name, dirs_exist_ok=True)
        draft = shelf / f"{package.name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package, draft)
        subprocess.run(
            ["chmod", "-R", "a+rX", OWN_GROUND / "programs"], check=True
        )  # the data beside it stay closed
        draft.rename(copy)
    return copy
