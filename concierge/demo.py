"""The files of the three demonstration firms, told through the services. Told again, they change nothing.

The first is complete, the second has a paper about to end, the third has just begun its own.
"""

from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image

from concierge import services
from concierge.enums import CertificateKind, FirmSize, LegalForm
from concierge.models import SupplierFile
from concierge.selectors import day_of, years_asked


def tell(cast, *, at) -> None:
    """Tell the files that are missing."""
    for name, tale in (("fournisseur", _complete), ("fournisseur2", _ending), ("fournisseur3", _begun)):
        if not SupplierFile.objects.filter(organisation=cast.orgs[name]).exists():
            tale(cast.orgs[name], cast.people[name], at)


def _complete(organisation, by, at) -> None:
    _facts(
        organisation,
        by,
        at,
        legal_form=LegalForm.COOPERATIVE,
        founded_date=date(2014, 3, 3),
        presentation="Coopérative de développeuses, designers et coachs qui travaillent avec les usagers.",
        turnover=1_450_000,
        staff=19,
    )
    _paper(organisation, by, at, CertificateKind.LIABILITY, "Mutuelle de l'Ouest (démonstration)", months=10)
    _paper(organisation, by, at, CertificateKind.SOCIAL, "Urssaf", months=5)
    _paper(organisation, by, at, CertificateKind.TAX, "Direction générale des finances publiques", months=9)
    _paper(
        organisation,
        by,
        at,
        CertificateKind.QUALIFICATION,
        "Label (démonstration)",
        title="Numérique responsable",
    )
    _reference(
        organisation,
        by,
        at,
        "Région Bretagne (démonstration)",
        "Refonte des aides à la mobilité",
        320_000,
        14,
    )
    _reference(organisation, by, at, "Ville de Nantes (démonstration)", "Inscription en crèche", 145_000, 26)
    services.capacity_save(
        organisation=organisation,
        title="Recherche auprès des usagers",
        description="Deux personnes à plein temps ; 140 entretiens en 2025.",
        by=by,
        at=at,
    )
    services.capacity_save(
        organisation=organisation,
        title="Accessibilité",
        description="Trois personnes formées aux audits RGAA.",
        by=by,
        at=at,
    )


def _ending(organisation, by, at) -> None:
    _facts(organisation, by, at, legal_form=LegalForm.SARL, founded_date=date(2009, 9, 1),
           presentation="Agence familiale de services numériques.", turnover=980_000, staff=12)  # fmt: skip
    _paper(organisation, by, at, CertificateKind.LIABILITY, "Assurances du Rhône (démonstration)", days=12)
    _reference(organisation, by, at, "Métropole de Lyon (démonstration)", "Carte des services", 88_000, 20)


def _begun(organisation, by, at) -> None:
    services.file_update(
        organisation=organisation,
        figures={},
        legal_form=LegalForm.SAS,
        size=FirmSize.SMALL_MEDIUM,
        contact_name=by.full_name,
        contact_email=by.email,
        by=by,
        at=at,
    )


def _facts(organisation, by, at, *, turnover, staff, **facts) -> None:
    years = years_asked(day_of(at))
    services.file_update(
        organisation=organisation,
        figures={year: (Decimal(turnover - 90_000 * back), staff - back) for back, year in enumerate(years)},
        size=FirmSize.SMALL_MEDIUM,
        insurer="Assureur de démonstration",
        insurance_policy="RC-2026-0417",
        contact_name=by.full_name,
        contact_email=by.email,
        by=by,
        at=at,
        **facts,
    )


def _paper(organisation, by, at, kind, issuer, *, title="", months=0, days=0) -> None:
    today = day_of(at)
    ends = today + relativedelta(months=months, days=days) if months or days else None
    services.certificate_add(
        organisation=organisation,
        kind=kind,
        upload=_scan(f"{slugify(CertificateKind(kind).label)}.png"),
        title=title,
        issuer=issuer,
        issued_date=today - timedelta(days=30),
        expires_date=ends,
        by=by,
        at=at,
    )


def _scan(name: str) -> ContentFile:
    """A blank scan: the demonstration imitates no official paper."""
    page = ContentFile(b"", name=name)
    Image.new("L", (420, 594), 245).save(page, format="PNG")
    return ContentFile(page.file.getvalue(), name=name)


def _reference(organisation, by, at, *said) -> None:
    client, subject, amount, months_ago = said
    started = day_of(at) - relativedelta(months=months_ago)
    services.reference_save(
        organisation=organisation,
        client=client,
        subject=subject,
        amount_excl_tax=Decimal(amount),
        started_date=started,
        ended_date=started + relativedelta(months=9),
        contact_name="",
        contact_email="",
        by=by,
        at=at,
    )
