"""`./jalon manage …`: Django's commands, with the services of this machine."""

import json
import subprocess
import sys

from procurement.runtime.environment import platform_environment
from procurement.runtime.home import PROJECT, home_directory
from procurement.runtime.services import lock_holder, only_one, services_of

WAIT_FOR_ANOTHER = 60  # seconds: another short command may be using the same data


def manage(*arguments: str) -> int:
    """Run `manage.py` against the running platform, or against its services started for this command only."""
    home = home_directory()
    running = home / "running.json"
    if lock_holder(home) and running.exists():
        return _manage(arguments, platform_environment(home, json.loads(running.read_text())["addresses"]))
    with only_one(home, patience=WAIT_FOR_ANOTHER):
        services = services_of(home)
        services.start()
        try:
            return _manage(arguments, platform_environment(home, services.environment))
        finally:
            services.stop()


def _manage(arguments: tuple[str, ...], environment: dict[str, str]) -> int:
    process = subprocess.Popen([sys.executable, PROJECT / "manage.py", *arguments], env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command has had it too (a shell, a server): let it end by itself
            continue
