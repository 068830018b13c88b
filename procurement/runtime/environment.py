"""The environment of the platform's programs on one machine: what the person did not give, we give."""

import os
from pathlib import Path

from procurement.runtime.home import kept_secret
from procurement.runtime.problems import Problem

OWNER_URL = "DATABASE_OWNER_URL"


def port() -> int:
    """The port the site answers on (`PORT`, else 8000). Raises Problem."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Problem(f"PORT={given} n'est pas un numéro de port : donnez un nombre de 1 à 65535.")
    return int(given)


def platform_environment(home: Path, addresses: dict[str, str]) -> dict[str, str]:
    """The variables for the web server, the worker, beat and `manage.py`; what the person set is kept.

    The address of the owner of the tables is not among them: what serves may not become the owner.
    """
    drawn = {
        "SECRET_KEY": lambda: kept_secret(home, "secret-key", 64),
        "JALON_DEMO_PASSWORD": lambda: kept_secret(home, "demo-password", 9),
    }
    chosen = {
        "DJANGO_SETTINGS_MODULE": "procurement.settings.development",
        "PUBLIC_URL": f"http://localhost:{port()}",
        **{name: draw() for name, draw in drawn.items() if not os.environ.get(name)},
        **{name: value for name, value in os.environ.items() if value},
    }
    ours = {"JALON_HOME": str(home), "PORT": str(port()), "PYTHONUNBUFFERED": "1"}
    whole = {**chosen, **addresses, **ours}
    whole.pop(OWNER_URL, None)
    return whole


def owner_environment(home: Path, addresses: dict[str, str]) -> dict[str, str]:
    """The same for what the owner of the tables does (migrations, demonstration, restoration).

    Where nobody gave his address, that of the platform: one role, which the doctor tells.
    """
    owner = addresses.get(OWNER_URL) or os.environ.get(OWNER_URL)
    return {**platform_environment(home, addresses), **({"DATABASE_URL": owner} if owner else {})}
