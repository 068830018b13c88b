"""How long documents stay: their term begins with an event, a hold suspends it, the purge comes after it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from foundation.documents import registry, rules, selectors, storage
from foundation.documents.legal import RetentionClass, keep_until
from foundation.documents.models import Document, Rendition, Retention
from foundation.documents.workflow import WORKFLOW
from foundation.errors import Refusal
from foundation.journal import services as journal


def term_open(*, document: Document, at: datetime) -> Retention:
    """Write the class of a new document. A draft's term begins at once; another's with that of its elders, if begun."""
    retention = Retention(document=document, retention_class=registry.find(document.kind).retention)
    if document.is_draft:
        retention.retention_class = RetentionClass.WORKING
    if retention.retention_class == RetentionClass.WORKING:
        retention.starts_date = localdate(at)
    else:
        retention.starts_date = selectors.term_already_started(document, retention.retention_class)
    if retention.starts_date:
        retention.keep_until_date = keep_until(retention.retention_class, retention.starts_date)
    retention.save(force_insert=True)
    return retention


@transaction.atomic
def term_start(*, objects: list[Model], starts_date: date, by, at: datetime) -> int:
    """Tell the documents of `objects` that the event of their class happened on `starts_date`; how many it concerns.

    The stage calls it when the contract is signed, the procedure given up, the execution ended. Told again, a later
    date replaces the former: a term is never shortened. Documents of work have their own event.
    """
    terms = selectors.terms_of(objects).exclude(retention_class=RetentionClass.WORKING)
    changed = []
    for term in terms.select_for_update(of=("self",)):
        if term.starts_date is None or term.starts_date < starts_date:
            term.starts_date = starts_date
            term.keep_until_date = keep_until(term.retention_class, starts_date)
            changed.append(term)
    Retention.objects.bulk_update(changed, ["starts_date", "keep_until_date"])
    for term in changed:
        journal.record(
            by=by,
            action="documents.term_start",
            obj=term.document,
            at=at,
            after={"class": term.retention_class, "keep_until": term.keep_until_date.isoformat()},
        )
    return len(changed)


@transaction.atomic
def terms_complete(*, at: datetime) -> int:
    """Write the class of documents asked for before classes existed; how many there were."""
    found = list(Document.objects.filter(retention__isnull=True).defer("facts")[:1000])
    known = {kind.code for kind in registry.kinds()}
    return len([term_open(document=document, at=at) for document in found if document.kind in known])


@transaction.atomic
def document_hold(*, document: Document, reason: str, by, at: datetime) -> Retention:
    """Keep a document beyond its term, for a dispute or an audit. Raises Refusal without right, without reason."""
    term = _locked_term(document, by)
    if not reason.strip():
        raise Refusal(
            _("Dites pourquoi ce document est retenu, par exemple le numéro du recours."), field="reason"
        )
    if document.purged_at:
        raise Refusal(
            _("Le contenu de ce document n’existe plus : il ne peut plus être retenu."), code="conflict"
        )
    term.held_at, term.held_by, term.hold_reason = at, by, reason.strip()
    term.save(update_fields=["held_at", "held_by", "hold_reason"])
    _tell(document, "documents.hold", by=by, at=at, reason=term.hold_reason)
    return term


@transaction.atomic
def document_release(*, document: Document, by, at: datetime) -> Retention:
    """Let the term run again. Raises Refusal without right."""
    term = _locked_term(document, by)
    term.held_at, term.held_by, term.hold_reason = None, None, ""
    term.save(update_fields=["held_at", "held_by", "hold_reason"])
    _tell(document, "documents.release", by=by, at=at)
    return term


def _locked_term(document: Document, by) -> Retention:
    if not rules.can_hold_document(by, document):
        raise Refusal(_("Vous n'avez pas le droit de faire cette action."), code="forbidden")
    return Retention.objects.select_for_update(of=("self",)).get(document=document)


def _tell(document: Document, action: str, *, by, at: datetime, reason: str = "") -> None:
    journal.record(
        by=by, action=action, obj=document, at=at, reason=reason, organisation=document.organisation
    )


def documents_purge(*, at: datetime, limit: int = 500) -> int:
    """Take away the content of documents whose term is over; how many. Number, title and digests stay in the row.

    Each document is purged in its own transaction, its files are removed from the storage after it: a crash in between
    leaves rows that name a file, which the next run removes. PostgreSQL refuses the change before the term's date.
    """
    purged = [
        pk
        for pk in selectors.documents_to_purge(at=at).values_list("pk", flat=True)[:limit]
        if _purge(pk, at)
    ]
    for document in selectors.purged_with_files()[:limit]:
        _remove_files(document)
    return len(purged)


@transaction.atomic
def _purge(document_id, at: datetime) -> bool:
    due = selectors.documents_to_purge(at=at).select_for_update(of=("self",), skip_locked=True)
    document = due.filter(pk=document_id).first()
    if document is None:
        return False
    WORKFLOW.apply(document, "purge", by=None, at=at)
    document.facts, document.purged_at = {}, at
    document.save(update_fields=["state", "facts", "purged_at"])
    term = document.retention
    journal.record(
        by=None,
        action="documents.purge",
        obj=document,
        at=at,
        before={"number": document.number, "sha256": document.sha256},
        after={"class": term.retention_class, "kept_until": term.keep_until_date.isoformat()},
    )
    return True


def _remove_files(document: Document) -> None:
    """Take the files away, unless another document has the very same content, then forget their names."""
    files = [document, *document.renditions.all()]
    for row in files:
        if row.file and not selectors.file_is_needed(row.file.name):
            storage.remove(row.file.name)
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(file="")
        Rendition.objects.filter(document=document).update(file="")
