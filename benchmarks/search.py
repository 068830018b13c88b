#!/usr/bin/env python
"""The public list of consultations, its page and its API, beside the very statements they run.

    .venv/bin/python benchmarks/search.py              10,000 then 100,000 generated notices
    .venv/bin/python benchmarks/search.py --million    1,000,000 too (some minutes to fill)

Starts services of its own. Five interleaved rounds: each round reads the page, the API and the bare statements one
after the other, and the ratios are those of a same round. CPU is that of this process and of its PostgreSQL backend;
statements and bytes are free of noise.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.runtime.services import of_owner, throwaway_services

ROUNDS, REPEATS = 5, 4
SIZES = [10_000, 100_000]
CASES = [
    ("liste", ""),
    ("mots, 1 résultat sur 40", "q=maraîchage"),
    ("mots + CPV + département, ouvertes", "q=maintenance+logiciel&cpv=72&department=93&phase=receiving"),
    ("département, ouvertes, par date limite", "department=2A&sort=due"),
    ("mots courants, par pertinence", "q=service&sort=relevance"),
    ("mot mal écrit", "q=maintenence"),
]
OVER = {
    "reference": "'X' || n",
    "title": "(ARRAY['Maintenance','Développement','Refonte','Hébergement','Audit','Formation','Fourniture',"
    "'Conception'])[1 + n %% 8] || ' '"
    " || (ARRAY['du logiciel','du portail','des écoles','du service','de la cantine'])[1 + n %% 5] || ' '"
    " || (ARRAY['de paie','d''inscription','de maraîchage','de transport','des marchés','d''archives',"
    "'de collecte','de santé'])[1 + (n / 5) %% 8]",
    "description": "'Prestations de service pour ' || md5(n::text) || ' et ' || md5((n * 7)::text) || ', en région.'",
    "estimated_value_excl_tax": "1000 * (1 + n %% 900)",
    "maximum_value_excl_tax": "2000 * (1 + n %% 900)",
    "cpv_code": "(ARRAY['72262000','72413000','45000000','79310000','80500000','15000000','60000000',"
    "'33000000'])[1 + (n / 3) %% 8]",
    "department_codes": "ARRAY[(ARRAY['75','93','2A','69','13','29','59','31','33','974','44','67'])"
    "[1 + (n / 7) %% 12]]",
    "submission_due_at": "now() + (CASE WHEN n %% 10 = 0 THEN 1 ELSE -1 END) * ((1 + n %% 60) || ' days')::interval",
    "state": "CASE WHEN n %% 10 = 0 THEN 'published' ELSE 'opened' END",
    "created_at": "now() - interval '90 days'",
    "published_at": "now() - (n %% 80000 || ' minutes')::interval - interval '61 days'",
    "opened_at": "CASE WHEN n %% 10 = 0 THEN NULL ELSE now() END",
    "questions_due_at": "NULL::timestamptz",
}
"""What a generated notice says in its own words; everything else is that of the one made through the services."""


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["EMAIL_URL"] = "dummymail://"
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(first: int, last: int, model) -> None:
    """Notices numbered from `first` to `last`, one in ten still open, after the `model`."""
    from django.db import connection

    columns = [
        field.column for field in model._meta.concrete_fields if not field.primary_key and not field.generated
    ]
    values = ", ".join(OVER.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tenders_tender ({names}) SELECT {values} FROM tenders_tender t, "
            "generate_series(%s, %s) AS n WHERE t.id = %s",
            [first, last, model.pk],
        )
        cursor.execute("VACUUM ANALYZE tenders_tender")


def model_notice():
    """A draft made through the services."""
    from tests.tenders.factories import make_draft

    return make_draft(custodians=0)


def backend_seconds() -> float:
    """CPU of our PostgreSQL backend so far, to the nanosecond: it runs on this machine."""
    from django.db import connection

    connection.ensure_connection()
    nanoseconds = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


def spent(call) -> tuple[float, float]:
    """Wall and CPU milliseconds of one call, the mean of REPEATS."""
    wall, cpu, backend = time.perf_counter(), time.process_time(), backend_seconds()
    for _number in range(REPEATS):
        call()
    elapsed, used = time.perf_counter() - wall, time.process_time() - cpu
    used += backend_seconds() - backend
    return elapsed * 1000 / REPEATS, used * 1000 / REPEATS


def statements_of(client, path: str) -> tuple[list[str], int]:
    """The statements of one request, and the size of its answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return [query["sql"] for query in seen.captured_queries], len(answer.content)


def bare(statements: list[str]) -> None:
    """The same statements, with nothing above them but the driver."""
    from django.db import connection

    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def measure(query: str) -> list[dict]:
    """The page and the API of one search."""
    from django.test import Client

    client, rows = Client(), []
    api_query = "&".join(part for part in query.split("&") if part and not part.startswith("sort="))
    doors = [("page", f"/consultations/?{query}"), ("API", f"/api/v1/tenders/?{api_query}")]
    for name, path in doors:
        statements, size = statements_of(client, path)
        whole, alone_too = partial(client.get, path), partial(bare, statements)
        rounds = [(spent(whole), spent(alone_too)) for _number in range(ROUNDS)]
        ratios = [full[1] / max(alone[1], 0.01) for full, alone in rounds]
        rows.append(
            {
                "door": name,
                "sql": len(statements),
                "bytes": size,
                "wall": statistics.median(full[0] for full, _ in rounds),
                "cpu": statistics.median(full[1] for full, _ in rounds),
                "bare": statistics.median(alone[0] for _, alone in rounds),
                "bare_cpu": statistics.median(alone[1] for _, alone in rounds),
                "ratio": statistics.median(ratios),
                "spread": f"{min(ratios):.1f}–{max(ratios):.1f}",
            }
        )
    return rows


def main() -> None:
    """Print one table a size, then how the CPU grows from the first size to the last."""
    sizes = [*SIZES, 1_000_000] if "--million" in sys.argv else SIZES
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        made, told, costs = 0, model_notice(), {}
        for size in sizes:
            fill(made + 1, size, told)
            made = size
            print(
                f"\n{size:,} notices, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {ROUNDS} rounds"
            )
            head = f"{'search':<42} {'door':<5} {'SQL':>3} {'bytes':>7} {'ms':>7} {'CPU ms':>7}"
            print(f"{head} {'bare ms':>8} {'bare CPU':>8} {'CPU ratio':>9} spread")
            for title, query in CASES:
                for row in measure(query):
                    costs.setdefault((title, row["door"]), []).append(row["cpu"])
                    print(
                        f"{title:<42} {row['door']:<5} {row['sql']:>3} {row['bytes']:>7} {row['wall']:>7.1f} "
                        f"{row['cpu']:>7.1f} {row['bare']:>8.2f} {row['bare_cpu']:>8.2f} {row['ratio']:>9.1f} "
                        f"{row['spread']}"
                    )
        scale = math.log(sizes[-1] / sizes[0])
        print(f"\nexponent of CPU from {sizes[0]:,} to {sizes[-1]:,}")
        for (title, door), values in costs.items():
            print(f"{title:<42} {door:<5} {math.log(values[-1] / values[0]) / scale:>6.2f}")


if __name__ == "__main__":
    main()
