"""How competition is organised: procedure, techniques, criteria."""

from tenders.enums import CriterionKind, Procedure, Technique
from tenders.legal import PROCEDURES, TECHNIQUES, ProcedureRule
from tenders.models import Criterion, Lot, Tender

REOPENING = {
    (True, False): "withoutReopeningCompetition",
    (False, True): "withReopeningCompetition",
    (True, True): "withAndWithoutReopeningCompetition",
}
"""How a framework agreement is carried out, by (purchase orders, subsequent contracts)."""


def of(tender: Tender) -> dict:
    """Procedure and techniques."""
    criteria = list(Criterion.objects.filter(lot__tender=tender))
    is_green = any(criterion.is_environmental for criterion in criteria)
    return {
        "procurementMethod": _method(PROCEDURES[Procedure(tender.procedure)]),
        "procurementMethodDetails": tender.get_procedure_display(),
        "awardCriteria": "ratedCriteria" if len(criteria) > 1 else "priceOnly",
        "techniques": _techniques(tender),
        "hasSustainability": is_green,
        "sustainability": [{"goal": "environmental", "strategies": ["awardCriteria"]}] if is_green else [],
    }


def _method(rule: ProcedureRule) -> str:
    """Anyone answers, the buyer selects candidates first, or he invites some."""
    if not rule.publishes:
        return "limited"
    return "selective" if rule.selects_candidates else "open"


def _techniques(tender: Tender) -> dict:
    rule = TECHNIQUES[Technique(tender.technique)]
    if not rule.is_framework:
        return {
            "hasFrameworkAgreement": False,
            "hasDynamicPurchasingSystem": tender.technique == Technique.DYNAMIC,
        }
    return {
        "hasFrameworkAgreement": True,
        "frameworkAgreement": {
            "method": REOPENING[rule.orders, rule.calls],
            "maximumParticipants": sum(lot.max_holders for lot in tender.lots.all()),
            "value": value(tender.maximum_value_excl_tax),
            "periodRationale": tender.duration_justification,
        },
    }


def value(amount) -> dict:
    """An amount in euros, excluding tax; nothing when it is not known."""
    return {"amount": amount, "currency": "EUR"} if amount is not None else {}


def award_criteria(lot: Lot) -> dict:
    """The announced criteria of a lot with their weights."""
    return {
        "criteria": [_criterion(criterion) for criterion in lot.criteria.all() if not criterion.parent_id]
    }


def _criterion(criterion: Criterion) -> dict:
    return {
        "type": CriterionKind(criterion.kind).value,
        "name": criterion.label,
        "description": criterion.description,
        "numbers": [{"number": criterion.weight, "weight": "percentageExact"}],
    }
