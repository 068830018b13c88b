"""Tables that clauses print from the draft: lots, criteria, price schedule, what a firm engages on."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from tenders.models import Tender
from tenders.snapshots import words_of

Table = dict[str, object]


def _lots(tender: Tender) -> Table:
    rows = [
        [str(lot.number), lot.title, lot.description or "", str(lot.max_holders)] for lot in tender.lots.all()
    ]
    head = [_("Lot"), _("Intitulé"), _("Contenu"), _("Titulaires au plus")]
    return {"caption": _("Lots de la consultation"), "head": head, "rows": rows}


def _criteria(tender: Tender) -> Table:
    rows = [
        [str(lot.number), criterion.label, f"{words_of(criterion.weight)} %", criterion.description]
        for lot in tender.lots.prefetch_related("criteria")
        for criterion in lot.criteria.all()
    ]
    head = [_("Lot"), _("Critère"), _("Poids"), _("Ce qui est apprécié")]
    return {"caption": _("Critères et pondérations"), "head": head, "rows": rows}


def _prices(tender: Tender) -> Table:
    rows = [
        [str(lot.number), line.code, line.label, line.unit, words_of(line.simulated_quantity)]
        for lot in tender.lots.prefetch_related("price_lines")
        for line in lot.price_lines.all()
    ]
    head = [_("Lot"), _("Code"), _("Unité d'œuvre"), _("Unité"), _("Quantité simulée")]
    return {"caption": _("Unités d'œuvre et simulation de commandes"), "head": head, "rows": rows}


def _engagement(tender: Tender) -> Table:
    rows = [[str(lot.number), lot.title, "☐", ""] for lot in tender.lots.all()]
    head = [_("Lot"), _("Intitulé"), _("Répond"), _("Total de la simulation HT")]
    return {"caption": _("Lots auxquels le candidat répond"), "head": head, "rows": rows}


TABLES: dict[str, Callable[[Tender], Table]] = {
    "lots": _lots,
    "criteria": _criteria,
    "prices": _prices,
    "engagement": _engagement,
}
"""Name of a table in the library → what makes it."""
