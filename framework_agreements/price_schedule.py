"""The catalogue offered to drafts of consultations as a ready price schedule."""

from django.utils.translation import gettext as _

from framework_agreements import catalogue
from tenders.registry import PriceTemplate, register_price_template


def declare() -> None:
    """Let a buyer load every unit of the specification, lot by lot, in a draft consultation."""
    lots = [
        (lot.number, lot.title, [(unit.code, unit.title, "unité d’œuvre") for unit in lot.units])
        for lot in catalogue.LOTS
    ]
    label = _("Unités d’œuvre du CCTP « startups d’État » (SGMAP 2016), deux lots")
    register_price_template(PriceTemplate(code=catalogue.TEMPLATE_CODE, label=label, lots=lots))
