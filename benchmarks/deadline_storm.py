#!/usr/bin/env python
"""The last minute before a deadline: every firm sends its files and deposits at once, over HTTP, on a real server.

    .venv/bin/python benchmarks/deadline_storm.py [--bidders 40] [--files 3] [--mib 1] [--window 10] [--edge 10]
                                                  [--workers 8]

Starts services and a gunicorn of its own (2 workers × 4 threads, as in production). Each firm goes through the
progressive sending of the API; its deposit is aimed at a random instant of the last `--window` seconds, and `--edge`
more firms aim at ± 50 ms of the deadline. Then every acknowledged bid is looked for and judged again by the instant
kept in the database. Goal (Q1 of the trust file, at the scale of the machine): nothing lost, nothing misjudged, no
answer above 499, the late ones kept, the acknowledgement within 5 s at the 99th percentile.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.runtime.services import of_owner, throwaway_services

ROOT = Path(__file__).resolve().parent.parent
PIECE = 4 * 1024 * 1024
PRICES = {"1": {"UO-1": "1000.00", "UO-2": "2000.00"}}
EDGE_SECONDS = 0.05


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-storm-")
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["API_RATE_PERSON"] = os.environ["API_RATE_PROGRAM"] = "1000000"
    os.environ["ALLOWED_HOSTS"] = "*"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def make_call(bidders: int) -> tuple:
    """A consultation whose bids are awaited, and a token for each of the firms."""
    from foundation.api.services import token_create
    from foundation.clock import now
    from tests.tenders.factories import make_published, make_supplier

    tender, firms = make_published(), []
    for _number in range(bidders):
        person, firm = make_supplier()
        made = token_create(name="storm", scopes=["bids:write"], lifetime_days=1, by=person, at=now())
        firms.append((firm.pk, made[1]))
    return tender, firms


def serve() -> tuple[subprocess.Popen, str]:
    """The web server on a free port, and its address."""
    import requests

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:procurement.gunicorn",
        "procurement.wsgi:application",
        "-b",
        f"127.0.0.1:{port}",
    ]
    command += ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--timeout", "120"]
    environment = {**os.environ, "DATABASE_URL": os.environ["PLATFORM_URL"]}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/api/v1"
    for _try in range(240):
        try:
            requests.get(f"{address}/tenders/", timeout=5)
            return server, address
        except requests.ConnectionError:
            time.sleep(0.5)
    raise SystemExit("the server does not answer")


class Storm:
    """What every firm does, and what is counted of it."""

    def __init__(self, address: str, tender_id: int, content: bytes, files: int) -> None:
        self.address, self.tender_id, self.content, self.files = address, tender_id, content, files
        self.codes: Counter = Counter()
        self.receipts: list[float] = []
        self.acknowledged: list[dict] = []
        self.lock = threading.Lock()

    def call(self, session, method: str, path: str, **given):
        """One request, its code counted."""
        answer = session.request(method, f"{self.address}{path}", timeout=120, **given)
        with self.lock:
            self.codes[answer.status_code] += 1
        return answer

    def send_files(self, firm: int, token: str) -> tuple:
        """Open a sending and send the files by pieces; gives the session and the address of the sending."""
        import requests

        session = requests.Session()
        session.headers.update({"Authorization": f"Token {token}", "If-Match": "*"})
        opened = self.call(session, "POST", "/uploads/", json={"tender": self.tender_id, "bidder": firm})
        own = f"/uploads/{opened.json()['id']}/"
        for number in range(self.files):
            facts = {"name": f"piece-{number}.txt", "size": len(self.content)}
            file = self.call(session, "POST", f"{own}files/", json=facts).json()
            while not file["is_complete"]:
                piece = self.content[file["received"] : file["received"] + PIECE]
                headers = {
                    "Upload-Offset": str(file["received"]),
                    "Content-Type": "application/offset+octet-stream",
                }
                path = f"{own}files/{file['id']}/"
                file = self.call(session, "PUT", path, data=piece, headers=headers).json()
        return session, own

    def deposit(self, session, own: str, at: float) -> None:
        """Deposit at an instant, and time the acknowledgement."""
        time.sleep(max(0.0, at - time.time()))
        begun = time.perf_counter()
        answer = self.call(
            session, "POST", f"{own}deposit/", json={"prices": PRICES, "candidature": {"is_declared": True}}
        )
        with self.lock:
            self.receipts.append(time.perf_counter() - begun)
            if answer.status_code == 201:
                self.acknowledged.append(answer.json())


def judge(storm: Storm, due_at) -> dict:
    """What is wrong with what was acknowledged, read in the database."""
    from foundation.documents.models import Document
    from tenders.models import Bid

    kept = {str(bid.pk): bid for bid in Bid.objects.prefetch_related("parts")}
    told = [kept.get(bid["id"]) for bid in storm.acknowledged]
    found = [bid for bid in told if bid is not None]
    receipts = set(Document.objects.filter(kind="tenders.receipt").values_list("object_id", flat=True))
    return {
        "acknowledged": len(storm.acknowledged),
        "late, kept": sum(bid.state == "late" for bid in found),
        "acknowledged but lost": len(told) - len(found),
        "kept without receipt": len(set(kept) - receipts),
        "misjudged": sum((bid.state == "late") != (bid.deposited_at >= due_at) for bid in kept.values()),
        "without all their pieces": sum(bid.parts.count() != storm.files + 3 for bid in found),
        "answers 5xx": sum(count for code, count in storm.codes.items() if code >= 500),
    }


def run(options) -> dict:
    """The storm, and its figures."""
    from foundation.clock import now
    from tests.tenders.factories import set_deadline

    tender, firms = make_call(options.bidders + options.edge)
    server, address = serve()
    try:
        storm = Storm(address, tender.pk, b"offre " * (options.mib * 1024 * 1024 // 6), options.files)
        with ThreadPoolExecutor(options.workers) as pool:
            begun = time.perf_counter()
            sent = list(pool.map(lambda firm: storm.send_files(*firm), firms))
            seconds = time.perf_counter() - begun
        due_at = now() + timedelta(seconds=options.window)
        set_deadline(tender, due_at)
        edge = due_at.timestamp()
        chance = random.Random(1)  # noqa: S311  instants, nothing secret
        instants = [edge - chance.uniform(0, options.window) for _ in range(options.bidders)]
        instants += [edge + chance.uniform(-EDGE_SECONDS, EDGE_SECONDS) for _ in range(options.edge)]
        with ThreadPoolExecutor(len(sent)) as pool:
            list(pool.map(lambda one, at: storm.deposit(*one, at), sent, instants))
        figures = judge(storm, due_at)
    finally:
        server.terminate()
        server.wait(30)
    volume = len(firms) * options.files * options.mib
    percentiles = statistics.quantiles(storm.receipts, n=100)
    return {
        "sending": f"{volume} MiB in {seconds:.1f} s ({volume / seconds:.1f} MiB/s)",
        **figures,
        "receipt p50": f"{percentiles[49]:.2f} s",
        "receipt p99": f"{percentiles[98]:.2f} s",
    }


def main() -> None:
    """Print the figures; fail when one acknowledged bid is lost or misjudged, or the server broke."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = {"bidders": 40, "files": 3, "mib": 1, "window": 10, "edge": 10, "workers": 8}
    for name, value in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses), PLATFORM_URL=addresses["DATABASE_URL"])
        prepare()
        figures = run(options)
    sys.stdout.write(f"machine load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {vars(options)}\n")
    for name, value in figures.items():
        sys.stdout.write(f"{name:28} {value}\n")
    broken = ("acknowledged but lost", "kept without receipt", "misjudged", "answers 5xx")
    if any(figures[name] for name in broken):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
