"""Reads of open data: pages of texts, and all of them one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from foundation.open_data.models import Record, Release

PAGE_SIZE = 100
CHUNK = 500


@dataclass(frozen=True)
class Page:
    """Some texts, and the key after which the next page starts; None at the end."""

    texts: list[str]
    next_after: int | None


def releases_page(*, after: int) -> Page:
    """The releases that follow a key, in the order in which they were published; one query."""
    return _page(Release.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "text"))


def records_page(*, after: int) -> Page:
    """The processes whose last release follows a key: asked again later, only what changed comes; one query."""
    rows = Record.objects.filter(release_id__gt=after).order_by("release_id")
    return _page(rows.values_list("release_id", "text"))


def _page(rows: QuerySet) -> Page:
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page([text for _key, text in shown], shown[-1][0] if len(found) > PAGE_SIZE else None)


def release_lines() -> Iterator[str]:
    """The text of every release, one a line, some hundreds at a time.

    They are read from the database as they are sent: memory does not grow with their number.
    """
    texts = Release.objects.order_by("pk").values_list("text", flat=True).iterator(chunk_size=CHUNK)
    while some := list(islice(texts, CHUNK)):
        yield "\n".join(some) + "\n"


def last_released_at() -> datetime | None:
    """When something was last published; None before."""
    return Release.objects.order_by("-pk").values_list("released_at", flat=True).first()


def release_count() -> int:
    """How many releases there are."""
    return Release.objects.count()
