#!/usr/bin/env python
"""What a PDF costs: WeasyPrint alone on a page, beside one worker on the document that gives it.

    .venv/bin/python benchmarks/rendering.py

The worker claims the row, fills the template, hands the page to the press (a warm process that makes a child for each
document, with limits on its time and memory), receives the file, stores it, reads it back and writes the journal. Both
print the same HTML, style and fonts already read, in interleaved rounds. CPU is that of this process, of the child that
prints and of the PostgreSQL backend.
"""

import gc
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from procurement.runtime.services import of_owner, throwaway_services  # noqa: E402

ROUNDS = 5
LINES = {2: 6, 165: 2, 880: 1}
"""Lines of the order (about 2, 10 and 50 pages) and how many such documents a round prints."""


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
    from foundation.documents import registry
    from foundation.documents.services import rendering
    from tests.documents.factories import order_kind

    registry.register(order_kind())
    rendering._ring = lambda document: None  # rendered here, not by the eager task of the tests


def cpu_of_process(pid: int) -> float:
    """CPU seconds of the main thread of another process, to the nanosecond."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def others_cpu() -> float:
    """CPU seconds of the PostgreSQL process that serves our connection and of the press."""
    from django.db import connection

    from foundation.documents import printing

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return sum(cpu_of_process(pid) for pid in (backend, printing.press().child_pid) if pid)


def cost_of(work) -> tuple[float, float]:
    """CPU seconds of `work`, ours and the others', and its seconds of the clock."""
    gc.collect()  # what the other way left behind is not ours to sweep
    others, began, clock = others_cpu(), time.process_time(), time.perf_counter()
    work()
    passed = time.perf_counter() - clock
    return time.process_time() - began + others_cpu() - others, passed


def weasyprint_alone(html: str) -> bytes:
    """The same page by WeasyPrint and nothing else."""
    import weasyprint

    from foundation.documents import printing
    from foundation.documents.press import pages

    style, fonts = pages.style_and_fonts(printing.folder())
    page = weasyprint.HTML(string=html, url_fetcher=pages.OwnFilesOnly(printing.folder()))
    return page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


def one_round(about, lines: int, count: int, turn: int = 0) -> dict:
    """Cost of each way of printing so many new documents; each goes first in its turn."""
    from foundation.clock import now
    from foundation.documents import printing, services
    from foundation.documents.models import Document
    from tests.documents.factories import make_document

    rows = [make_document(about=about, at=now(), lines=lines).pk for _rank in range(count)]
    htmls = [printing.html_of(document) for document in Document.objects.filter(pk__in=rows)]
    ways = {
        "alone": lambda: [weasyprint_alone(html) for html in htmls],
        "whole": lambda: [services.document_render(document_id=pk, at=now()) for pk in rows],
    }
    costs = {name: cost_of(ways[name]) for name in sorted(ways, reverse=turn % 2 == 1)}
    printed = Document.objects.get(pk=rows[0])
    return {**costs, "pages": printed.pages, "size": printed.size}


def peak_of_press() -> int:
    """The most memory the press ever held, in mebibytes."""
    from foundation.documents import printing

    status = Path(f"/proc/{printing.press().child_pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def measure(about, lines: int, count: int) -> str:
    """One line of the table."""
    rounds = [one_round(about, lines, count, turn) for turn in range(ROUNDS)]
    ratios = sorted(r["whole"][0] / r["alone"][0] for r in rounds)
    cpu = {name: statistics.median(r[name][0] for r in rounds) / count for name in ("alone", "whole")}
    rate = {name: count / statistics.median(r[name][1] for r in rounds) for name in ("alone", "whole")}
    return (
        f"{rounds[0]['pages']:>5} {rounds[0]['size'] / 1000:>6.0f} {cpu['alone']:>8.3f} {cpu['whole']:>8.3f} "
        f"{statistics.median(ratios):>6.2f} {ratios[0]:>6.2f}-{ratios[-1]:.2f} "
        f"{rate['alone']:>8.2f} {rate['whole']:>8.2f} {peak_of_press():>9}"
    )


def main() -> None:
    """Print the table, and the load of the machine before and after."""
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        from django.db import connection

        from tests.accounts.factories import make_buyer_org

        about = make_buyer_org()
        one_round(about, 2, 1)  # imports and caches
        print(
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {ROUNDS} interleaved rounds, medians; "
            "CPU seconds a document, documents a second"
        )
        print("pages     kB    alone   worker  ratio       range  alone/s  worker/s  peak MiB")
        for lines, count in LINES.items():
            print(measure(about, lines, count), flush=True)
        print(f"load {os.getloadavg()[0]:.1f}")
        connection.close()


if __name__ == "__main__":
    main()
