"""Saved searches: keep one, change its pace, and tell its owner of what is new."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from tenders.enums import AlertPace
from tenders.models import SavedSearch, SearchHit, Tender
from tenders.notifications import tell_search_found

MOST_SEARCHES = 50
"""Searches that one person may keep."""
OVERLAP = timedelta(hours=1)
"""A publication is dated when it begins and seen when it is committed: each look goes back this far, and what was
told is never told again."""
PACES = {
    AlertPace.AT_ONCE: timedelta(0),
    AlertPace.DAILY: timedelta(days=1),
    AlertPace.WEEKLY: timedelta(weeks=1),
}
LISTED = 20
"""Consultations named in one message; the others are counted."""

Find = Callable[[dict, QuerySet[Tender]], QuerySet[Tender]]


@transaction.atomic
def search_save(*, name: str, criteria: dict, pace: str, by, at: datetime) -> SavedSearch:
    """Keep a search (the parameters of its address); saved again, it takes the new name and pace. Raises Refusal."""
    kept = SavedSearch.objects.select_for_update(of=("self",)).filter(user=by)
    if len(kept.exclude(criteria=criteria)) >= MOST_SEARCHES:
        raise Refusal(
            _("Vous gardez déjà %(count)d recherches : supprimez-en une.") % {"count": MOST_SEARCHES}
        )
    facts = {"name": name.strip(), "pace": pace}
    new = {**facts, "created_at": at, "looked_at": at}
    return SavedSearch.objects.update_or_create(
        user=by, criteria=criteria, defaults=facts, create_defaults=new
    )[0]


@transaction.atomic
def search_change(*, search: SavedSearch, name: str, pace: str, at: datetime) -> SavedSearch:
    """Give a search another name or pace; after a silence, what was published meanwhile is not told."""
    search = SavedSearch.objects.select_for_update(of=("self",)).get(pk=search.pk)
    if search.pace == AlertPace.NEVER and pace != AlertPace.NEVER:
        search.looked_at = at
    search.name, search.pace = name.strip(), pace
    search.save(update_fields=["name", "pace", "looked_at"])
    return search


@transaction.atomic
def search_remove(*, search: SavedSearch) -> None:
    """Forget a search."""
    SavedSearch.objects.filter(pk=search.pk).delete()


def searches_tell(*, find: Find, at: datetime) -> int:
    """Tell the owners of the searches whose time has come of what is new; gives how many were told.

    `find(criteria, tenders)` is the door's: it reads the parameters of an address.
    """
    due = Q()
    for pace, delay in PACES.items():
        due |= Q(pace=pace, looked_at__lte=at - delay)
    told = 0
    for pk in SavedSearch.objects.filter(due).order_by("looked_at", "pk").values_list("pk", flat=True):
        told += _tell(pk, find, at)
    return told


@transaction.atomic
def _tell(pk: int, find: Find, at: datetime) -> bool:
    """One search, under its lock; another worker at it is left alone."""
    rows = SavedSearch.objects.select_for_update(of=("self",), skip_locked=True)
    search = rows.select_related("user").filter(pk=pk).exclude(pace=AlertPace.NEVER).first()
    if search is None:
        return False
    since = max(search.looked_at - OVERLAP, search.created_at)
    recent = Tender.objects.public().filter(published_at__gte=since, published_at__lte=at)
    fresh = find(search.criteria, recent).exclude(pk__in=search.hits.values("tender"))
    found = list(fresh.select_related("buyer").defer("search_vector").order_by("-published_at", "-pk"))
    search.looked_at = at
    search.save(update_fields=["looked_at"])
    SearchHit.objects.bulk_create(SearchHit(search=search, tender=tender, told_at=at) for tender in found)
    if found:
        tell_search_found(search, found[:LISTED], len(found), at)
    return bool(found)
