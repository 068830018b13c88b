"""Reads of the supplier's file: whole, what is missing, and the copy that a candidature takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from concierge.enums import CertificateKind, CertificateStanding
from concierge.legal import TURNOVER_YEARS
from concierge.models import Certificate, SupplierFile
from foundation.accounts.models import Organisation
from foundation.nested import with_rows

PARIS = ZoneInfo("Europe/Paris")
FACTS = (
    "legal_form",
    "size",
    "founded_date",
    "presentation",
    "insurer",
    "insurance_policy",
    "contact_name",
    "contact_email",
    "contact_phone",
)
"""The fields of the file that its keepers write themselves."""
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Point:
    """One thing that buyers look for: whether it is there, and where it is written (a URL name of this app)."""

    code: str
    label: str
    met: bool
    url_name: str


def day_of(at: datetime) -> date:
    """The day it is in Paris."""
    return at.astimezone(PARIS).date()


def years_asked(on: date) -> list[int]:
    """The last three financial years that a buyer may ask, the latest first."""
    return [on.year - back for back in range(1, int(TURNOVER_YEARS.value) + 1)]


def supplier_file(organisation: Organisation) -> SupplierFile | None:
    """The file of a firm with all it holds; None when nothing was ever written. One query."""
    files = SupplierFile.objects.select_related("organisation")
    whole = with_rows(files, "figures", "capacities", "references", "certificates")
    return whole.filter(organisation=organisation).first()


def usable_certificates(file: SupplierFile | None, on: date) -> list[Certificate]:
    """The papers that have not ended on a day."""
    if file is None:
        return []
    found = file.certificates.all()
    return [one for one in found if one.standing(on) != CertificateStanding.EXPIRED]


def points(file: SupplierFile | None, on: date) -> list[Point]:
    """What buyers look for most, in the order of the page: it advises, it never blocks."""
    kinds = {one.kind for one in usable_certificates(file, on)}
    years = {one.year for one in file.figures.all()} if file else set()
    return [
        Point("facts", _("Forme juridique et taille"), bool(file and file.legal_form and file.size), "facts"),
        Point("contact", _("Un interlocuteur"), bool(file and file.contact_email), "facts"),
        Point("figures", _("Chiffres de trois exercices"), set(years_asked(on)) <= years, "facts"),
        Point("insurance", _("Assurance en cours"), CertificateKind.LIABILITY in kinds, "certificate_add"),
        Point("references", _("Une référence"), bool(file and file.references.all()), "reference_add"),
        Point("capacities", _("Une capacité"), bool(file and file.capacities.all()), "capacity_add"),
    ]


def content_of(certificate: Certificate) -> Iterator[bytes]:
    """The file of a paper, chunk by chunk. Raises OSError when the storage has lost it."""
    with default_storage.open(certificate.content.name, "rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            yield chunk


def frozen(organisation: Organisation, on: date) -> dict:
    """A copy of the file on a day, in JSON: what a candidature keeps, whatever the file becomes.

    `documents` names the papers still valid by their SHA-256; their files are copied beside.
    """
    file = supplier_file(organisation)
    copy = {
        "organisation": {
            name: getattr(organisation, name) for name in ("name", "siret", "address", "postal_code", "city")
        },
        "siren": organisation.siret[:9],
        "taken_on": on.isoformat(),
        "facts": {},
        "figures": [],
        "capacities": [],
        "references": [],
        "documents": [],
    }
    return {**copy, **_told(file, on)} if file else copy


def _told(file: SupplierFile, on: date) -> dict:
    return {
        "facts": {name: _text(getattr(file, name)) for name in FACTS}
        | {"legal_form_label": file.get_legal_form_display(), "size_label": file.get_size_display()},
        "figures": [
            {"year": one.year, "turnover_excl_tax": _text(one.turnover_excl_tax), "staff": one.staff}
            for one in file.figures.all()
        ],
        "capacities": [{"title": one.title, "description": one.description} for one in file.capacities.all()],
        "references": [_reference(one) for one in file.references.all()],
        "documents": [document_facts(one) for one in usable_certificates(file, on)],
    }


def _reference(one) -> dict:
    names = ("client", "subject", "amount_excl_tax", "started_date", "ended_date")
    return {name: _text(getattr(one, name)) for name in (*names, "contact_name", "contact_email")}


def document_facts(one: Certificate) -> dict:
    """What is said of a paper in a copy of the file."""
    return {
        "kind": one.kind,
        "title": str(one),
        "issuer": one.issuer,
        "issued_date": _text(one.issued_date),
        "expires_date": _text(one.expires_date),
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
    }


def _text(value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
