"""The envelope of OCDS around our texts: who publishes, under which licence, with which extensions."""

import json
from datetime import datetime

from django.conf import settings
from django.urls import reverse

VERSION = "1.1"
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_REGISTERED = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/{}/extension.json"
)
EXTENSIONS = tuple(
    _REGISTERED.format(name, version)
    for name, version in (
        ("lots", "v1.1.5"),
        ("bid", "v1.1.5"),
        ("enquiry", "v1.1.5"),
        ("techniques", "master"),
        ("submissionTerms", "master"),
        ("awardCriteria", "master"),
        ("sustainability", "master"),
        ("pagination", "master"),
    )
)
"""Those whose fields our releases use: a reader that does not know one ignores its fields."""


def package(name: str, *, key: str, texts: list[str], next_after: int | None, at: datetime) -> str:
    """The JSON of a page of releases or records, of which the texts are copied as they are."""
    address = settings.PUBLIC_URL + reverse(f"open_data:{name}")
    head = {
        "uri": address,
        "version": VERSION,
        "extensions": EXTENSIONS,
        "publishedDate": at.isoformat(timespec="seconds"),
        "publisher": publisher(),
        "license": LICENCE,
        "publicationPolicy": settings.PUBLIC_URL + reverse("open_data:home"),
    }
    if next_after is not None:
        head["links"] = {"next": f"{address}?after={next_after}"}
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    return f'{opened}, "{key}": [{",".join(texts)}]}}'


def publisher() -> dict[str, str]:
    """Who answers for these data: the administration that runs the platform."""
    named = {"name": settings.OPEN_DATA_PUBLISHER, "uri": settings.PUBLIC_URL}
    if settings.OPEN_DATA_PUBLISHER_SIRET:
        named |= {"scheme": "FR-RCS", "uid": settings.OPEN_DATA_PUBLISHER_SIRET}
    return named
