"""Tables that clauses print from the draft: lots, criteria, price schedule, what a firm engages on."""

from collections.abc import Callable

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from tenders.models import Lot, Tender
from tenders.snapshots import words_of

Table = dict[str, object]


def _lots(tender: Tender) -> Table:
    rows = [
        [str(lot.number), lot.title, lot.description or "", str(lot.max_holders)] for lot in tender.lots.all()
    ]
    head = [_("Lot"), _("Intitulé"), _("Contenu"), _("Titulaires au plus")]
    return {"caption": _("Lots de la consultation"), "head": head, "rows": rows}


def _lots_with(tender: Tender, rows: str) -> list[Lot]:
    """The lots with these rows of theirs; nothing is read when they came with the consultation."""
    lots = list(tender.lots.all())
    prefetch_related_objects(lots, rows)
    return lots


def _criteria(tender: Tender) -> Table:
    rows = [
        [str(lot.number), criterion.label, f"{words_of(criterion.weight)} %", criterion.description]
        for lot in _lots_with(tender, "criteria")
        for criterion in lot.criteria.all()
    ]
    head = [_("Lot"), _("Critère"), _("Poids"), _("Ce qui est apprécié")]
    return {"caption": _("Critères et pondérations"), "head": head, "rows": rows}


def _prices(tender: Tender) -> Table:
    rows = [
        [str(lot.number), line.code, line.label, line.unit, words_of(line.simulated_quantity)]
        for lot in _lots_with(tender, "price_lines")
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
