"""`./jalon run`: the whole platform on one machine, under one supervisor, until Ctrl-C."""

import json
import signal
from pathlib import Path

from procurement.runtime import programs
from procurement.runtime.environment import owner_environment, platform_environment, port
from procurement.runtime.home import home_directory
from procurement.runtime.preflight import check_port
from procurement.runtime.preparation import prepared
from procurement.runtime.services import only_one, services_of
from procurement.runtime.supervisor import Supervisor

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GOODBYE = 30  # seconds gunicorn gives to the requests it has begun


def run() -> int:
    """Start all in order, watch, stop in the reverse order. Raises Problem when something does not start."""
    home = home_directory()
    with only_one(home):
        killed = (home / "running.json").exists()  # its site may still be saying goodbye
        check_port(port(), patience=GOODBYE if killed else 0)
        for number in STOPS:  # a shell that starts us in the background has SIGINT ignored
            signal.signal(number, signal.default_int_handler)
        supervisor = Supervisor()
        try:
            _start(supervisor, home)
            supervisor.watch()
        except KeyboardInterrupt:
            print("\nArrêt en cours : les tâches commencées se terminent…")
        finally:
            _stop(supervisor, home)
    return 0


def _start(supervisor: Supervisor, home: Path) -> None:
    services = services_of(home)
    for service in services.wanted:
        supervisor.start(service)
    environment = platform_environment(home, services.environment)
    accounts = prepared(owner_environment(home, services.environment), services, home)
    log = home / "log"
    web = programs.web(environment, log)
    for program in (programs.worker(environment, log), programs.beat(environment, log), web):
        supervisor.start(program)
    programs.wait_for_web(web)
    address = f"http://127.0.0.1:{environment['PORT']}"
    (home / "running.json").write_text(json.dumps({"url": address, "addresses": services.environment}))
    print(f"\nJalon répond sur {environment['PUBLIC_URL']}\n\n{accounts}")
    print(f"Données : {home} · journaux : {log} · Ctrl-C arrête tout.", flush=True)


def _stop(supervisor: Supervisor, home: Path) -> None:
    """Further signals are ignored: stopping in order takes the time the running tasks need."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    (home / "running.json").unlink(missing_ok=True)
    supervisor.stop()
