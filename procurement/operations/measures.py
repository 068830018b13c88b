"""What is measured of the platform as a whole, for /metrics, the status page and the doctor.

Few queries: one for each table looked at, nothing that reads a whole table but the counts of states.
"""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import Count, Min, Q, Subquery
from django.db.models.functions import Coalesce

from foundation.database import grants
from foundation.documents.enums import DocumentState
from foundation.documents.models import Document
from foundation.journal import selectors as journal
from foundation.journal.models import Checkpoint, Link
from foundation.notifications.enums import EmailState
from foundation.notifications.models import OutboxEmail
from foundation.webhooks import selectors as webhooks
from procurement.models import TaskRun
from procurement.operations.runs import SENT_AT

QUEUE = "celery"
"""The list of Redis where Celery keeps what no worker has taken."""


@dataclass(frozen=True)
class Measure:
    """One number: `name` as Prometheus knows it, `text` in French for the page, `unit` s, o, or nothing."""

    name: str
    text: str
    value: float
    unit: str = ""
    labels: dict[str, str] = field(default_factory=dict)


def clock_drift() -> float:
    """Seconds by which this machine's clock is ahead of the database's, to within half the time of the question."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        told = float(cursor.fetchone()[0])
    return (before + time.time()) / 2 - told


def queue() -> tuple[int, float]:
    """How many messages no worker has taken, and for how many seconds the oldest has waited."""
    server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
    with server:
        oldest = server.lindex(QUEUE, -1)
        length = int(server.llen(QUEUE))
    if not oldest:
        return length, 0.0
    sent = json.loads(oldest).get("headers", {}).get(SENT_AT)
    return length, max(0.0, time.time() - sent) if sent else 0.0


def storage_space() -> tuple[int, int] | None:
    """Bytes free and in all where files are kept; None on an object storage, which tells nothing of it."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    folder = Path(default_storage.location)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def seconds_since(instant: datetime | None, at: datetime) -> float:
    """How long ago; 0 when nothing waits."""
    return max(0.0, (at - instant).total_seconds()) if instant else 0.0


def emails() -> dict:
    """Outbox: waiting, abandoned, and since when the oldest waits."""
    return OutboxEmail.objects.aggregate(
        waiting=Count("pk", filter=Q(state=EmailState.WAITING)),
        abandoned=Count("pk", filter=Q(state=EmailState.ABANDONED)),
        oldest=Min("queued_at", filter=Q(state=EmailState.WAITING)),
    )


def documents() -> dict:
    """Documents: waiting or in hand, failed, and since when the oldest waits."""
    waiting = Q(state__in=[DocumentState.PENDING, DocumentState.RENDERING])
    return Document.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=DocumentState.FAILED)),
        oldest=Min("queued_at", filter=waiting),
    )


def rights_too_many() -> int:
    """How many rights on tables the role of this process holds beyond what the models declare."""
    return len(grants.differences()[0])


def measures(*, at: datetime) -> list[Measure]:
    """Everything measured, at this instant. What cannot be reached is left out, and `jalon_reachable` says so."""
    found: list[Measure] = []
    for part in (_clock, _rights, _queue, _emails, _documents, _webhooks, _journal, _storage, _tasks):
        name = part.__name__.strip("_")
        try:
            found += part(at)
            reached = 1
        except Exception:  # a measure that fails must not hide the others
            reached = 0
        found.append(Measure("jalon_reachable", "joignable", reached, labels={"part": name}))
    return found


def _clock(at: datetime) -> Iterator[Measure]:
    yield Measure(
        "jalon_clock_drift_seconds", "Avance de cette horloge sur celle de la base", clock_drift(), "s"
    )


def _rights(at: datetime) -> Iterator[Measure]:
    yield Measure("jalon_database_rights_too_many", "Droits de trop sur la base", rights_too_many())


def _queue(at: datetime) -> Iterator[Measure]:
    length, age = queue()
    yield Measure("jalon_queue_messages", "Tâches dans la file", length)
    yield Measure("jalon_queue_oldest_seconds", "Attente de la plus ancienne tâche", age, "s")


def _emails(at: datetime) -> Iterator[Measure]:
    told = emails()
    yield Measure("jalon_emails_waiting", "E-mails à envoyer", told["waiting"])
    yield Measure("jalon_emails_abandoned", "E-mails abandonnés", told["abandoned"])
    age = seconds_since(told["oldest"], at)
    yield Measure("jalon_email_oldest_waiting_seconds", "Attente du plus ancien e-mail", age, "s")


def _documents(at: datetime) -> Iterator[Measure]:
    told = documents()
    yield Measure("jalon_documents_waiting", "Documents à produire", told["waiting"])
    yield Measure("jalon_documents_failed", "Documents en échec", told["failed"])
    age = seconds_since(told["oldest"], at)
    yield Measure("jalon_document_oldest_waiting_seconds", "Attente du plus ancien document", age, "s")


def _webhooks(at: datetime) -> Iterator[Measure]:
    age = seconds_since(webhooks.oldest_waiting_at(), at)
    yield Measure(
        "jalon_webhook_oldest_waiting_seconds", "Attente du plus ancien message à un autre logiciel", age, "s"
    )


def journal_lag() -> dict:
    """Lines that no checkpoint contains, and since when the oldest waits; in one query."""
    sealed = Checkpoint.objects.order_by("-size").values("size")[:1]
    outside = Link.objects.filter(index__gte=Coalesce(Subquery(sealed), 0))
    return outside.aggregate(lines=Count("index"), oldest=Min("recorded_at"))


def _journal(at: datetime) -> Iterator[Measure]:
    lag = journal_lag()
    yield Measure("jalon_journal_lines", "Lignes du journal", journal.size())
    yield Measure(
        "jalon_journal_lines_outside_checkpoint", "Lignes du journal non encore scellées", lag["lines"]
    )
    age = seconds_since(lag["oldest"], at)
    yield Measure(
        "jalon_journal_oldest_outside_seconds", "Attente de la plus ancienne de ces lignes", age, "s"
    )


def _storage(at: datetime) -> Iterator[Measure]:
    space = storage_space()
    if space:
        yield Measure("jalon_storage_free_bytes", "Place libre pour les fichiers", space[0], "o")
        yield Measure("jalon_storage_size_bytes", "Taille du disque des fichiers", space[1], "o")


def _tasks(at: datetime) -> Iterator[Measure]:
    for run in TaskRun.objects.order_by("name"):
        age = seconds_since(run.succeeded_at, at)
        yield Measure(
            "jalon_task_last_success_seconds", "Depuis le dernier succès", age, "s", {"task": run.name}
        )
        failed = float(bool(run.error))
        yield Measure("jalon_task_failed", "Dernier passage en erreur", failed, labels={"task": run.name})
