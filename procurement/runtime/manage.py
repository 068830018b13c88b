"""`./jalon manage …`: Django's commands, with the services of this machine."""

import json
import subprocess
import sys
from pathlib import Path

from procurement.runtime.environment import owner_environment, platform_environment
from procurement.runtime.home import PROJECT, home_directory
from procurement.runtime.services import lock_holder, only_one, services_of

OWNERS = {"demo", "flush", "migrate", "pgtrigger", "prepare", "restore"}
"""Commands that change the tables themselves, or write what the platform may not: played by their owner."""
WAIT_FOR_ANOTHER = 60  # seconds: another short command may be using the same data


def manage(*arguments: str) -> int:
    """Run `manage.py` against the running platform, or against its services started for this command only."""
    home = home_directory()
    running = home / "running.json"
    if lock_holder(home) and running.exists():
        return _manage(arguments, home, json.loads(running.read_text())["addresses"])
    with only_one(home, patience=WAIT_FOR_ANOTHER):
        services = services_of(home)
        services.start()
        try:
            return _manage(arguments, home, services.environment)
        finally:
            services.stop()


def _manage(arguments: tuple[str, ...], home: Path, addresses: dict[str, str]) -> int:
    of_owner = bool(OWNERS & set(arguments[:1]))
    environment = (owner_environment if of_owner else platform_environment)(home, addresses)
    process = subprocess.Popen([sys.executable, PROJECT / "manage.py", *arguments], env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command has had it too (a shell, a server): let it end by itself
            continue
