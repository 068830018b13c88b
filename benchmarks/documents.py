#!/usr/bin/env python
"""What a PDF costs: WeasyPrint alone on a page, beside the whole service on the document that gives it.

    .venv/bin/python benchmarks/documents.py

The service claims the row, fills the template, lays out, finishes the structure, stores, reads back and
writes the journal. Both print the same HTML, style and fonts already read, in interleaved rounds in one
process; CPU is that of this process and of its PostgreSQL backend.
"""

import gc
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from procurement.runtime.services import throwaway_services  # noqa: E402

ROUNDS = 7
LINES = (2, 165, 880)  # of the order: about 2, 10 and 50 pages
TICKS = os.sysconf("SC_CLK_TCK")


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    import django
    from django.conf import settings

    django.setup()
    engine = settings.TEMPLATES[0]
    engine["DIRS"] = [*engine["DIRS"], ROOT / "tests" / "documents" / "templates"]
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from foundation.documents import registry, services
    from tests.documents.factories import order_kind

    registry.register(order_kind())
    services._ring = lambda document: None  # rendered here, not by the eager task of the tests


def backend_cpu() -> float:
    """CPU seconds of the PostgreSQL process that serves our connection (to a hundredth)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_of(work) -> float:
    """CPU seconds of `work`, ours and PostgreSQL's."""
    gc.collect()  # what the other way left behind is not ours to sweep
    backend, began = backend_cpu(), time.process_time()
    work()
    return time.process_time() - began + backend_cpu() - backend


def weasyprint_alone(html: str) -> bytes:
    """The same page by WeasyPrint and nothing else."""
    import weasyprint

    from foundation.documents import printing

    style, fonts = printing._style()
    page = weasyprint.HTML(string=html, url_fetcher=printing.OwnFilesOnly())
    return page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


def one_round(about, lines: int, turn: int = 0) -> dict:
    """CPU of each way of printing a new document of so many lines; each goes first in its turn."""
    from foundation.clock import now
    from foundation.documents import printing, services
    from foundation.documents.models import Document
    from tests.documents.factories import make_document

    document = make_document(about=about, at=now(), lines=lines)
    html = printing.html_of(Document.objects.get(pk=document.pk))
    ways = {
        "alone": lambda: weasyprint_alone(html),
        "whole": lambda: services.document_render(document_id=document.pk, at=now()),
    }
    cpu = {name: cpu_of(ways[name]) for name in sorted(ways, reverse=turn % 2 == 1)}
    document.refresh_from_db()
    return {**cpu, "pages": document.pages, "size": document.size}


def measure(about, lines: int) -> str:
    """One line of the table."""
    rounds = [one_round(about, lines, turn) for turn in range(ROUNDS)]
    ratios = sorted(r["whole"] / r["alone"] for r in rounds)
    alone, whole = (statistics.median(r[name] for r in rounds) for name in ("alone", "whole"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{rounds[0]['pages']:>5} {rounds[0]['size'] / 1000:>6.0f} {alone:>8.3f} {whole:>8.3f} "
        f"{statistics.median(ratios):>6.2f} {ratios[0]:>6.2f}-{ratios[-1]:.2f} {peak:>9}"
    )


def main() -> None:
    """Print the table, and the load of the machine before and after."""
    with throwaway_services() as addresses:
        os.environ.update(addresses)
        prepare()
        from django.db import connection

        from tests.accounts.factories import make_buyer_org

        about = make_buyer_org()
        one_round(about, 2)  # imports and caches
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {ROUNDS} rounds, CPU seconds, medians")
        print("pages     kB    alone  service  ratio       range  peak MiB")
        for lines in LINES:
            print(measure(about, lines), flush=True)
        print(f"load {os.getloadavg()[0]:.1f}")
        connection.close()


if __name__ == "__main__":
    main()
