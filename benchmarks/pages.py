#!/usr/bin/env python
"""Queries, bytes and CPU of the main pages, beside a view that renders an empty template.

    .venv/bin/python benchmarks/pages.py

Starts services of its own, tells the demonstration story, then reads each page as the person who comes to it, in
interleaved rounds. Queries and bytes are free of noise; CPU is this process's time, median of the rounds.
"""

import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.runtime.services import of_owner, throwaway_services

ROUNDS = 7
PAGES = [
    ("accueil", None, "/"),
    ("consultations", None, "/consultations/"),
    ("accords-cadres", None, "/accords-cadres/"),
    ("startups", None, "/startups/"),
    ("tableau de bord, acheteuse", "acheteuse", "/tableau-de-bord/"),
    ("tableau de bord, responsable de produit", "produit", "/tableau-de-bord/"),
    ("tableau de bord, administration", "administration", "/tableau-de-bord/"),
    ("tableau de bord, fournisseur", "fournisseur", "/tableau-de-bord/"),
    ("recherche", "acheteuse", "/recherche/?q=incubateur"),
    ("projets d'achat", "acheteuse", "/projets-d-achat/"),
    ("mes consultations", "acheteuse", "/consultations/nos-consultations/"),
    ("bons de commande", "administration", "/accords-cadres/bons-de-commande/"),
    ("API consultations", None, "/api/v1/tenders/"),
    ("API accords-cadres", None, "/api/v1/framework-agreements/"),
]


def prepare() -> None:
    """Settings, tables and story, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["JALON_DEMO_PASSWORD"] = "mesure"  # noqa: S105 (a demonstration on this machine)
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["EMAIL_URL"] = "dummymail://"
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("demo", stdout=sys.stderr)


def client_of(name: str | None):
    """A test client, signed in as a person of the story."""
    from django.test import Client

    from foundation.accounts.models import User

    client = Client()
    if name:
        backend = "foundation.accounts.acting.SignInBackend"
        client.force_login(User.objects.get(email=f"{name}@jalon.example"), backend=backend)
    return client


def cpu_ms(call: Callable[[], object]) -> float:
    """CPU of one call in this process, in milliseconds."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def empty_view() -> Callable[[], object]:
    """The peer: a request through nothing but Django and a template of one word."""
    from django.http import HttpResponse
    from django.template import engines
    from django.test import RequestFactory

    template = engines["django"].from_string("{{ word }}")
    request = RequestFactory().get("/")
    return lambda: HttpResponse(template.render({"word": "vide"}, request))


def measure(name: str | None, path: str) -> dict:
    """Queries, bytes and CPU of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, peer = client_of(name), empty_view()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        count = len(queries)  # read now: the next request empties the log
    rounds = [(cpu_ms(lambda: client.get(path)), cpu_ms(peer)) for _ in range(ROUNDS)]
    return {
        "status": answer.status_code,
        "queries": count,
        "bytes": len(answer.content),
        "gzip": len(gzip.compress(answer.content)),
        "cpu": statistics.median(page for page, _ in rounds),
        "peer": statistics.median(empty for _, empty in rounds),
    }


def main() -> None:
    """Print the table."""
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        load = os.getloadavg()[0]
        print(f"load {load:.1f}, {os.cpu_count()} cores, {ROUNDS} rounds")
        print(f"{'page':<42} {'status':>6} {'SQL':>4} {'bytes':>8} {'gzip':>7} {'CPU ms':>7} {'empty':>6}")
        for title, name, path in PAGES:
            row = measure(name, path)
            print(
                f"{title:<42} {row['status']:>6} {row['queries']:>4} {row['bytes']:>8} {row['gzip']:>7} "
                f"{row['cpu']:>7.1f} {row['peer']:>6.2f}"
            )


if __name__ == "__main__":
    main()
