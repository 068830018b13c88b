"""Ask for a document or for many, have it laid out, try again."""

import logging
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from foundation.accounts.models import Organisation
from foundation.bell import ring
from foundation.documents import printing, registry, selectors, storage
from foundation.documents.enums import DocumentState
from foundation.documents.models import Batch, Document, Rendition, Series
from foundation.documents.press.printed import Printed
from foundation.documents.services.conservation import term_open
from foundation.documents.workflow import WORKFLOW
from foundation.errors import Refusal
from foundation.journal import services as journal

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# A document that passed a limit will pass it again: one more try, for the case where the machine was at fault.
MAX_POISONED = 2
LIMITS_PASSED = {"TimeLimit", "MemoryError", "Crash"}
FINISHED = [
    *("state", "file", "sha256", "size", "pages", "ready_at"),
    *("claim", "rendering_at", "last_error"),
]
# Numbers follow the civil year of the people who read them, not the one of UTC.
CIVIL_TIME = ZoneInfo("Europe/Paris")


@transaction.atomic
def document_request(
    *,
    kind: str,
    obj: Model,
    facts: dict,
    title: str,
    by,
    at: datetime,
    organisation: Organisation | None = None,
    is_draft: bool = False,
    batch: Batch | None = None,
) -> Document:
    """Freeze the facts of a document about `obj` and have it laid out once the caller's transaction commits.

    `facts` is what the template of the kind prints, JSON only (Decimal and dates are stored as text). `organisation`
    is the administration whose letter-head and clauses in force are printed. The number, when the kind has a series
    and it is not a draft, is taken in the caller's transaction: a rollback gives it back, so the series has no gap.
    Raises LookupError for an undeclared kind.
    """
    declared = registry.find(kind)
    look = selectors.look_in_force(organisation, kind) if organisation else {}
    document = Document.objects.create(
        kind=kind,
        number="" if is_draft else _next_number(declared.numbering, at),
        title=title,
        object_type=obj._meta.label,
        object_id=str(obj.pk),
        organisation=organisation,
        form=declared.forms[0],
        is_draft=is_draft,
        batch=batch,
        facts=facts,
        created_at=at,
        created_by=by,
        **look,
    )
    term_open(document=document, at=at)
    _ring(document)
    journal.record(
        by=by,
        action="documents.request",
        obj=document,
        at=at,
        after={"kind": kind, "number": document.number},
        organisation=organisation,
    )
    return document


@transaction.atomic
def batch_request(*, title: str, obj: Model, requests: list[dict], by, at: datetime) -> Batch:
    """Ask for many documents about the parts of `obj` at once: one page shows how far they are, one file holds them.

    Each of `requests` holds the arguments of `document_request` that differ: kind, obj, facts, title, organisation,
    is_draft. Either all are asked for or none. Raises Refusal when there is nothing to make.
    """
    if not requests:
        raise Refusal(_("Aucun document n’est à établir ici pour l’instant."), code="conflict")
    batch = Batch.objects.create(
        title=title, object_type=obj._meta.label, object_id=str(obj.pk), created_at=at, created_by=by
    )
    for request in requests:
        document_request(**request, batch=batch, by=by, at=at)
    journal.record(
        by=by,
        action="documents.batch_request",
        obj=batch,
        at=at,
        after={"count": len(requests), "title": title},
    )
    return batch


def _next_number(prefix: str, at: datetime) -> str:
    """The next number of the yearly series; its row stays locked until the caller commits."""
    if not prefix:
        return ""
    year = at.astimezone(CIVIL_TIME).year
    Series.objects.get_or_create(prefix=prefix, year=year)
    series = Series.objects.select_for_update().get(prefix=prefix, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return f"{prefix}-{year}-{series.last_number:04d}"


def document_render(*, document_id: uuid.UUID, at: datetime) -> Document | None:
    """Lay out the files of a document that waits; None when there is nothing to do.

    Safe to call any number of times: a claim written in the row lets one worker alone finish, and a
    worker that died loses its claim after `selectors.LEASE`.
    """
    document = _claim(document_id, at)
    if document is None:
        return None
    try:
        printed = printing.print_document(document)
        names = [storage.put(one) for one in printed]
    except Exception as error:  # whatever went wrong must end in the row, not in a lost task
        logger.exception("Document %s could not be laid out", document_id)
        return _put_off(document, error=error, at=at)
    return _finish(document, printed=printed, names=names, at=at)


@transaction.atomic
def _claim(document_id: uuid.UUID, at: datetime) -> Document | None:
    due = selectors.documents_to_render(at=at).select_for_update(of=("self",), skip_locked=True)
    document = due.filter(pk=document_id).first()
    if document is None:
        return None
    WORKFLOW.apply(document, "claim", by=None, at=at)
    document.claim, document.rendering_at, document.next_try_at = uuid.uuid4(), at, None
    document.attempts += 1
    document.save(update_fields=["state", "claim", "rendering_at", "next_try_at", "attempts"])
    return document


def _still_mine(document: Document) -> Document | None:
    """The locked row if this worker's claim still stands, None if another took over meanwhile."""
    rows = Document.objects.select_for_update(of=("self",)).defer("facts")
    return rows.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).first()


@transaction.atomic
def _finish(document: Document, *, printed: list[Printed], names: list[str], at: datetime) -> Document | None:
    document = _still_mine(document)
    if document is None:
        return None
    WORKFLOW.apply(document, "finish", by=None, at=at)
    (main, *others), (document.file.name, *other_names) = printed, names
    document.sha256, document.size, document.pages = main.sha256, len(main.content), main.pages
    document.ready_at = at
    document.claim = document.rendering_at = None
    document.last_error = ""
    document.save(update_fields=FINISHED)
    Rendition.objects.bulk_create(
        Rendition(
            document=document,
            form=one.form,
            file=name,
            sha256=one.sha256,
            size=len(one.content),
            pages=one.pages,
        )
        for one, name in zip(others, other_names, strict=True)
    )
    registry.tell_ready(document, at)
    digests = {one.form: one.sha256 for one in printed}
    journal.record(
        by=None,
        action="documents.render",
        obj=document,
        at=at,
        after={"number": document.number, "size": document.size, **digests},
    )
    return document


@transaction.atomic
def _put_off(document: Document, *, error: Exception, at: datetime) -> Document | None:
    """Try again later and later, then say that it failed and wait for someone."""
    document = _still_mine(document)
    if document is None:
        return None
    # The name alone: the message of an error may quote facts, paths or addresses.
    document.last_error = getattr(error, "name", type(error).__name__)
    given_up = document.attempts >= (MAX_POISONED if document.last_error in LIMITS_PASSED else MAX_ATTEMPTS)
    WORKFLOW.apply(document, "give_up" if given_up else "postpone", by=None, at=at)
    document.claim = document.rendering_at = None
    document.failed_at = at if given_up else None
    document.next_try_at = None if given_up else at + back_off(document.attempts)
    document.save(update_fields=["state", "claim", "rendering_at", "failed_at", "next_try_at", "last_error"])
    return document


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many failures: 15 s, then twice as long each time."""
    return timedelta(seconds=15 * 2 ** (attempts - 1))


@transaction.atomic
def document_retry(*, document: Document, by, at: datetime) -> Document:
    """Give a failed document a new chance. Raises Refusal when it did not fail or `by` may not see it."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    previous = WORKFLOW.apply(document, "retry", by=by, at=at)
    document.attempts, document.failed_at, document.last_error = 0, None, ""
    document.queued_at = Now()
    document.save(update_fields=["state", "attempts", "failed_at", "last_error", "queued_at"])
    document.refresh_from_db(fields=["queued_at"])
    _ring(document)
    journal.record(
        by=by,
        action="documents.retry",
        obj=document,
        at=at,
        before={"state": previous},
        after={"state": document.state},
    )
    return document


def _ring(document: Document) -> None:
    # Imported late: the task is a door that calls this module.
    from foundation.documents.tasks import render_document

    ring(render_document, str(document.pk))
