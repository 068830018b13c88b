"""The legal check-list of a draft: what is missing, why, by which article, on which step it is mended.

Read live by every page of the form, by the API and by publication.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.errors import Reason
from tenders import legal
from tenders.checklist.brief import brief_reasons, plain_reasons
from tenders.checklist.custodians import (
    custodian_reasons,
    custodians_to_check,
    custodians_with_key,
    rehearsal_reasons,
)
from tenders.checklist.invited import few_invited_reasons, invited_reasons
from tenders.checklist.notice import (
    cpv_reasons,
    deadline_reasons,
    description_reasons,
    framework_reasons,
    place_reasons,
    procedure_reasons,
    rule_of,
    state_threshold_reasons,
    value_reasons,
)
from tenders.checklist.papers import papers_reasons
from tenders.checklist.terms import (
    environment_reasons,
    impact_reasons,
    lots_reasons,
    notation_reasons,
    prices_reasons,
    weight_reasons,
    weights_reason,
)
from tenders.models import Lot, Tender
from tenders.selectors import lots_with_terms


@dataclass(frozen=True)
class Check:
    """A point of the check-list: done when it has no reason left. `step` names the page of the form that
    mends it. An advice never blocks the publication.
    """

    code: str
    label: str
    step: str
    reasons: tuple[Reason, ...]
    blocking: bool = True

    @property
    def is_done(self) -> bool:
        return not self.reasons


def publication_checklist(tender: Tender, at: datetime, lots: Iterable[Lot] | None = None) -> list[Check]:
    """Every point checked before publication, in the order of the form.

    `lots` are those of the tender with their criteria and price lines, when the caller has read them already.
    """
    on = at.astimezone(legal.PARIS).date()
    if lots is None:
        lots = lots_with_terms().filter(tender=tender) if tender.pk else []
    custodians = custodians_to_check(tender, at)
    return [
        *_notice(tender, on, at),
        *_invited(tender),
        *_terms(tender, list(lots), custodians, on),
        *_rehearsal(tender, custodians),
    ]


def _notice(tender: Tender, on, at) -> list[Check]:
    rows = (
        ("description", _("Intitulé et objet"), description_reasons(tender)),
        ("procedure", _("Procédure et technique"), procedure_reasons(tender)),
        ("value", _("Valeur estimée et seuils"), value_reasons(tender, on)),
        ("framework", _("Montant maximum et durée"), framework_reasons(tender, on)),
        ("deadline", _("Délai de réception"), deadline_reasons(tender, at)),
    )
    checks = [Check(code, label, "identity", tuple(reasons)) for code, label, reasons in rows]
    checks += [
        Check("cpv", _("Code CPV"), "scope", tuple(cpv_reasons(tender))),
        Check("place", _("Lieu d'exécution"), "scope", tuple(place_reasons(tender))),
    ]
    advice = tuple(state_threshold_reasons(tender, on))
    if advice:
        checks.append(
            Check("threshold_state", _("Seuil propre à l'État"), "identity", advice, blocking=False)
        )
    return checks


def _terms(tender: Tender, lots: list[Lot], custodians: list, on) -> list[Check]:
    rows = (
        ("lots", _("Lots"), "lots", lots_reasons(tender, lots)),
        ("weights", _("Critères et pondérations"), "criteria", weight_reasons(lots)),
        ("environment", _("Critère environnemental"), "criteria", environment_reasons(lots, on)),
        ("prices", _("Bordereaux des prix"), "prices", prices_reasons(lots)),
        ("papers", _("Pièces écrites"), "papers", papers_reasons(tender)),
        ("custodians", _("Dépositaires des clés"), "custodians", custodian_reasons(tender, custodians)),
    )
    advice = (
        ("levels", _("Niveaux de notation"), "criteria", notation_reasons(lots)),
        ("impact", _("Questions d'impact"), "impact", impact_reasons(lots)),
        ("brief", _("Expression du besoin"), "identity", brief_reasons(tender)),
        ("plain", _("Langage clair"), "identity", plain_reasons(tender)),
    )
    checks = [Check(code, label, step, tuple(reasons)) for code, label, step, reasons in rows]
    return checks + [
        Check(code, label, step, tuple(reasons), blocking=False) for code, label, step, reasons in advice
    ]


def _rehearsal(tender: Tender, custodians: list) -> list[Check]:
    """Shown when somebody has to rehearse."""
    advice = tuple(rehearsal_reasons(tender, custodians))
    label = _("Répétition des dépositaires")
    return [Check("rehearsal", label, "custodians", advice, blocking=False)] if advice else []


def _invited(tender: Tender) -> list[Check]:
    """What is asked when no notice is published; nothing otherwise."""
    if rule_of(tender).publishes:
        return []
    count = tender.invited.count() if tender.pk else 0
    checks = [Check("invited", _("Entreprises invitées"), "invited", tuple(invited_reasons(tender, count)))]
    advice = tuple(few_invited_reasons(tender, count))
    if advice:
        checks.append(Check("invited_few", _("Nombre d'invitées"), "invited", advice, blocking=False))
    return checks


def publication_reasons(tender: Tender, at: datetime) -> list[Reason]:
    """Why the consultation cannot be published at `at`; empty when it can. A condition of the workflow."""
    checks = publication_checklist(tender, at)
    return [reason for check in checks if check.blocking for reason in check.reasons]


__all__ = [
    "Check",
    "custodians_with_key",
    "deadline_reasons",
    "publication_checklist",
    "publication_reasons",
    "weights_reason",
]
