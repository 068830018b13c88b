"""Writes of open data: one release for each public act."""

import json
from datetime import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.urls import reverse

from foundation.open_data.models import Record, Release

# Any number that no other advisory lock of the platform uses: « OCDS » in ASCII.
ONE_AT_A_TIME = 0x4F434453


def ocid_of(local_id: str) -> str:
    """The identifier of a contracting process, worldwide: the prefix of the publisher, then ours."""
    return f"{settings.OCDS_PREFIX}-{local_id}"


@transaction.atomic
def release_publish(*, ocid: str, tags: list[str], body: dict, at: datetime) -> Release:
    """Write what the public may know of a process from now on, in the caller's transaction.

    `body` holds the sections of OCDS (`parties`, `buyer`, `tender`…) and nothing that the public may not read;
    decimals and dates are allowed. Releases are written one at a time until the commit, so that their keys follow the
    order in which readers can see them. The acts of a process are ordered by the lock that its service holds.
    """
    _serialise()
    number = Release.objects.filter(ocid=ocid).count() + 1
    release_id = f"{ocid}-{number:03d}"
    head = {"ocid": ocid, "id": release_id, "date": at.isoformat(timespec="seconds"), "tag": tags}
    told = {**head, "initiationType": "tender", "language": "fr", **body}
    release = Release.objects.create(
        ocid=ocid, release_id=release_id, tags=tags, released_at=at, text=_json(told)
    )
    compiled = {**told, "tag": ["compiled"]}
    record = {"ocid": ocid, "releases": _linked(ocid), "compiledRelease": compiled}
    Record.objects.update_or_create(ocid=ocid, defaults={"release": release, "text": _json(record)})
    return release


def _linked(ocid: str) -> list[dict]:
    """Where each release of the process is read: first of the page that follows the key before its own."""
    address = settings.PUBLIC_URL + reverse("open_data:releases")
    return [
        {
            "url": f"{address}?after={release.pk - 1}#{release.release_id}",
            "date": release.released_at,
            "tag": release.tags,
        }
        for release in Release.objects.filter(ocid=ocid).defer("text").order_by("pk")
    ]


def _serialise() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


class _Encoder(DjangoJSONEncoder):
    """Amounts as numbers, which OCDS wants; they have two decimals, which a float keeps up to thousands of billions."""

    def default(self, o):
        if hasattr(o, "as_tuple"):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


def _json(told: dict) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), cls=_Encoder)
