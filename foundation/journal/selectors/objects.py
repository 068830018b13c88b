"""Whether the rows of the platform are still those that the journal knew."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import CharField, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.fields.files import FieldFile
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject

from foundation.files.storage import STORAGE_FAILURES
from foundation.journal import commitments
from foundation.journal.commitments import Commitment
from foundation.journal.digests import digest
from foundation.journal.models import Entry

ROWS_AT_ONCE = 200


@dataclass
class Tally:
    """What was read again: comparisons of an object with its line, files and their bytes."""

    objects: int = 0
    files: int = 0
    bytes: int = 0


def altered_objects(tally: Tally) -> Iterator[str]:
    """Each object that is no longer what the journal knew, in words: changed, never known, gone, or known twice.

    A fixed number of statements for each kind, and one for each `ROWS_AT_ONCE` rows of its parts. Whoever calls it
    holds one snapshot of the database, so that an act under way is seen whole or not at all.
    """
    for one in commitments.every():
        yield from _changed(one, tally)
        yield from _gone(one)
        if one.is_settled:
            yield from _told_twice(one)


def _lines(one: Commitment) -> QuerySet[Entry]:
    return Entry.objects.filter(object_type=one.object_type, rows__has_key=one.name)


def _changed(one: Commitment, tally: Tally) -> Iterator[str]:
    """Rows that their last line does not tell, or that no line tells; files that are not those of their row."""
    lines = _lines(one).filter(object_id=Cast(OuterRef("pk"), CharField())).order_by("-id")
    last = lines.values(found=JSONObject(digest=KT(f"rows__{one.name}"), index=F("link__index")))[:1]
    for row in one.rows.annotate(told=Subquery(last)).iterator(chunk_size=ROWS_AT_ONCE):
        tally.objects += 1
        if row.told is None:
            yield f"{_named(one, row.pk)} : aucune ligne du journal ne le connaît"
        elif row.told["digest"] != digest(one.facts(row)):
            yield f"{_named(one, row.pk)} : ce n'est plus ce que tient la ligne {row.told['index']} du journal"
        for file, sha256 in one.files(row) if one.files else ():
            tally.files += 1
            yield from _changed_file(one, row.pk, file, sha256, tally)


def _changed_file(one: Commitment, key, file: FieldFile, sha256: str, tally: Tally) -> Iterator[str]:
    found = hashlib.sha256()
    try:
        with file.storage.open(file.name, "rb") as stored:
            for chunk in stored.chunks():
                found.update(chunk)
                tally.bytes += len(chunk)
    except STORAGE_FAILURES as error:
        yield f"{_named(one, key)} : le fichier {file.name} ne se lit pas ({type(error).__name__})"
        return
    if found.hexdigest() != sha256:
        yield f"{_named(one, key)} : le fichier {file.name} n'est plus celui qui a été gardé"


def _gone(one: Commitment) -> Iterator[str]:
    """Objects that a line tells and that are no longer there, unless an act let them go."""
    here = (
        one.rows.order_by().annotate(told_key=Cast("pk", CharField())).filter(told_key=OuterRef("object_id"))
    )
    ended = Entry.objects.filter(
        object_type=one.object_type, object_id=OuterRef("object_id"), action__in=one.ended_by
    )
    lines = _lines(one).exclude(Exists(here)).exclude(Exists(ended))
    told = lines.values("object_id").annotate(index=Max("link__index")).order_by("object_id")
    for line in told.iterator():
        yield f"{_named(one, line['object_id'])} : la ligne {line['index']} du journal le connaît, il n'y est plus"


def _told_twice(one: Commitment) -> Iterator[str]:
    """Objects of which two lines say something else although nothing of them ever changes."""
    said = KT(f"rows__{one.name}")
    lines = _lines(one).values("object_id").annotate(low=Min(said), high=Max(said), index=Max("link__index"))
    for line in lines.exclude(low=F("high")).order_by("object_id").iterator():
        yield f"{_named(one, line['object_id'])} : la ligne {line['index']} du journal contredit une autre"


def _named(one: Commitment, key) -> str:
    return f"{one.label} ({one.object_type} {key})"
