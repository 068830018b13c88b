"""Reads of documents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from foundation.accounts.models import Organisation
from foundation.documents import registry, rules
from foundation.documents.enums import DocumentState
from foundation.documents.models import Batch, Clauses, Document, Letterhead, Rendition, Retention

# A worker that has not finished after this long is held for dead: fifty pages take about six seconds.
LEASE = timedelta(minutes=2)


def documents_of(obj: Model) -> QuerySet[Document]:
    """Every document made for this object, newest first; the frozen facts are not loaded."""
    return Document.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk)).defer("facts")


def documents_of_visible_to(obj: Model, user) -> list[Document]:
    """The documents of this object that the reader may see, newest first."""
    return documents_about([obj], user)[obj]


def documents_about(objects: Collection[Model], user) -> dict[Model, list[Document]]:
    """The documents of each of these objects that the reader may see, newest first: one query, and what the rules of
    their kinds ask beyond the object, which each document has at hand (`subject`).
    """
    known = {(obj._meta.label, str(obj.pk)): obj for obj in objects}
    wanted = Q()
    for label in {label for label, _key in known}:
        keys = [key for of, key in known if of == label]
        wanted |= Q(object_type=label, object_id__in=keys)
    documents = list(Document.objects.filter(wanted).defer("facts")) if known else []
    for document in documents:
        document.subject = known[document.object_type, document.object_id]
    found: dict[Model, list[Document]] = {obj: [] for obj in objects}
    for document in rules.documents_seen(user, documents):
        found[document.subject].append(document)
    return found


def documents_to_render(*, at: datetime) -> QuerySet[Document]:
    """Rows left behind: due and waiting, or held by a worker that died."""
    waiting = Q(state=DocumentState.PENDING) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))
    abandoned = Q(state=DocumentState.RENDERING, rendering_at__lte=at - LEASE)
    return Document.objects.filter(waiting | abandoned).order_by("created_at")


def documents_in_batch(batch: Batch) -> QuerySet[Document]:
    """The documents of a batch in the order they were asked for."""
    return batch.documents.defer("facts").prefetch_related("renditions").order_by("title", "pk")


@dataclass(frozen=True)
class Progress:
    """How far a batch is, in documents."""

    total: int
    ready: int
    failed: int

    @property
    def is_settled(self) -> bool:
        """True when nothing will change without someone's action."""
        return self.ready + self.failed == self.total


def batch_progress(batch: Batch) -> Progress:
    """Counted in one query, purged documents being no longer awaited."""
    settled = Q(state__in=[DocumentState.READY, DocumentState.PURGED])
    counts = batch.documents.aggregate(
        total=Count("pk"),
        ready=Count("pk", filter=settled),
        failed=Count("pk", filter=Q(state=DocumentState.FAILED)),
    )
    return Progress(**counts)


def documents_of_parts(parts) -> QuerySet[Document]:
    """Every document of the objects named by pairs (model label, identifiers), the oldest first."""
    about = Q(pk__in=[])
    for label, identifiers in parts:
        about |= Q(object_type=label, object_id__in=[str(pk) for pk in identifiers])
    found = Document.objects.filter(about).defer("facts").prefetch_related("renditions")
    return found.order_by("created_at", "pk")


# What an administration prints.


def letterhead_in_force(organisation, *, lock: bool = False) -> Letterhead | None:
    """The latest version of the letter-head; `lock` has whoever saves the next one wait for his turn."""
    _take_turn(organisation, lock)
    return Letterhead.objects.filter(organisation=organisation).order_by("-version").first()


def clauses_in_force(organisation, kind: str, *, lock: bool = False) -> Clauses | None:
    """The latest version of the clauses of a kind."""
    _take_turn(organisation, lock)
    return Clauses.objects.filter(organisation=organisation, kind=kind).order_by("-version").first()


def _take_turn(organisation, lock: bool) -> None:
    if lock:
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def letterhead_versions(organisation) -> QuerySet[Letterhead]:
    """Every version of the letter-head, the one in force first."""
    rows = Letterhead.objects.filter(organisation=organisation).defer("logo")
    return rows.select_related("created_by").order_by("-version")


def clauses_versions(organisation, kind: str) -> QuerySet[Clauses]:
    """Every version of the clauses of a kind, the one in force first."""
    rows = Clauses.objects.filter(organisation=organisation, kind=kind)
    return rows.select_related("created_by").order_by("-version")


def clauses_by_kind(organisation) -> dict[str, Clauses]:
    """The clauses in force of each kind that has some."""
    rows = Clauses.objects.filter(organisation=organisation).order_by("version")
    return {row.kind: row for row in rows}


def look_in_force(organisation, kind: str) -> dict:
    """The keys of the versions that a new document of this kind is made with: one query."""
    own = {"organisation": OuterRef("pk")}
    rows = {"letterhead_id": Letterhead.objects.filter(**own)}
    if registry.find(kind).takes_clauses:
        rows["clauses_id"] = Clauses.objects.filter(**own, kind=kind)
    keys = {name: Subquery(found.order_by("-version").values("pk")[:1]) for name, found in rows.items()}
    return Organisation.objects.filter(pk=organisation.pk).values(**keys).get()


# How long documents stay.


def terms_of(objects: list[Model]) -> QuerySet[Retention]:
    """The terms of every document about these objects, and about those that follow them."""
    by_type: dict[str, list] = {}
    for obj in objects:
        by_type.setdefault(obj._meta.label, []).append(obj.pk)
    followers = [pair for label, pks in by_type.items() for pair in registry.followers_of(label, pks)]
    about = Q(pk__in=[])
    for label, identifiers in [*by_type.items(), *followers]:
        about |= Q(document__object_type=label, document__object_id__in=[str(pk) for pk in identifiers])
    return Retention.objects.filter(about).select_related("document")


def term_already_started(document: Document, retention_class: str) -> date | None:
    """The day on which the term of an elder of the same object and class began; None while it has not."""
    elders = Retention.objects.filter(
        document__object_type=document.object_type,
        document__object_id=document.object_id,
        retention_class=retention_class,
    )
    return elders.aggregate(latest=Max("starts_date"))["latest"]


def documents_to_purge(*, at: datetime) -> QuerySet[Document]:
    """Documents whose term is over and that nobody holds, the oldest term first."""
    whole = Document.objects.filter(state__in=[DocumentState.READY, DocumentState.FAILED])
    over = whole.filter(retention__keep_until_date__lt=localdate(at), retention__held_at__isnull=True)
    return over.select_related("retention").order_by("retention__keep_until_date", "pk")


def purged_with_files() -> QuerySet[Document]:
    """Purged documents whose files still have to be taken away."""
    left = Document.objects.filter(state=DocumentState.PURGED)
    return left.filter(
        ~Q(file="") | Exists(Rendition.objects.filter(document=OuterRef("pk")).exclude(file=""))
    )


def file_is_needed(name: str) -> bool:
    """Whether a document that is not purged has this file."""
    kept = Document.objects.exclude(state=DocumentState.PURGED).filter(file=name)
    others = Rendition.objects.exclude(document__state=DocumentState.PURGED).filter(file=name)
    return kept.exists() or others.exists()


def terms_ahead(organisations, *, until: date) -> QuerySet[Document]:
    """Documents of these organisations that will be purged until this day, or that someone holds; the next first."""
    listed = Document.objects.filter(organisation__in=organisations).exclude(state=DocumentState.PURGED)
    listed = listed.filter(Q(retention__keep_until_date__lte=until) | Q(retention__held_at__isnull=False))
    rows = listed.select_related("retention__held_by", "organisation").defer("facts")
    return rows.order_by("retention__keep_until_date", "pk")


def purged_documents(organisations) -> QuerySet[Document]:
    """What was purged, the latest first."""
    gone = Document.objects.filter(organisation__in=organisations, state=DocumentState.PURGED)
    return gone.select_related("retention", "organisation").order_by("-purged_at", "pk")
