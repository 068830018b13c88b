"""How the consultations of the tour are judged: sub-criteria, notation levels, costs of use, impact questions."""

from decimal import Decimal

from tenders import services
from tenders.enums import CriterionKind, PriceFormula
from tenders.impact import library

SUB_CRITERIA = [
    {
        "label": "Coût sur quatre ans",
        "kind": CriterionKind.COST,
        "weight": Decimal(35),
        "description": "Total de la simulation, plus l'hébergement que demande le service.",
    },
    {
        "label": "Équipe et méthode",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(45),
        "description": "Une équipe réunie, qui montre son travail toutes les deux semaines.",
        "children": [
            {"label": "Composition de l'équipe", "weight": Decimal(40)},
            {"label": "Écoute des usagers", "weight": Decimal(35)},
            {"label": "Accessibilité et code ouvert", "weight": Decimal(25)},
        ],
    },
    {
        "label": "Sobriété numérique",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(20),
        "description": "Écoconception, hébergement, durée de vie des terminaux.",
        "is_environmental": True,
    },
]
LEVELS = [
    {
        "points": Decimal(5),
        "label": "Excellent",
        "description": "Prouvé par un service en production, mesuré.",
    },
    {"points": Decimal(4), "label": "Bon", "description": "Complet et précis, illustré d'exemples."},
    {"points": Decimal(3), "label": "Satisfaisant", "description": "Conforme, peu illustré."},
    {"points": Decimal(1), "label": "Insuffisant", "description": "Trop général pour être jugé."},
    {"points": Decimal(0), "label": "Absent", "description": "Aucune réponse."},
]
HOSTING = [
    {
        "label": "Hébergement",
        "unit": "processeur virtuel, en moyenne par mois",
        "unit_cost_excl_tax": Decimal("28.5"),
        "multiplier": Decimal(48),
    }
]
ASKED = ("usagers-mesure", "usagers-premiere-version", "acces-rgaa", "env-sobriete", "communs-reprise")


def tell_how_to_judge(lot, by, at) -> None:
    """Write the notation of each criterion of a lot, and ask questions of the library."""
    for criterion in lot.scored_criteria():
        services.criterion_notation_set(criterion=criterion, **_notation(criterion), by=by, at=at)
    reader = next(row for row in lot.scored_criteria() if not row.is_scored_by_formula)
    questions = [_question(library()[code], reader) for code in ASKED]
    services.impact_questions_set(lot=lot, questions=questions, by=by, at=at)


def _notation(criterion) -> dict:
    if criterion.kind == CriterionKind.COST:
        return {"formula": PriceFormula.PROPORTIONAL, "cost_items": HOSTING}
    if criterion.is_scored_by_formula:
        return {"formula": PriceFormula.PROPORTIONAL}
    return {"levels": LEVELS, "minimum_points": Decimal(1) if criterion.is_environmental else None}


def _question(found, reader) -> dict:
    return {
        "code": found.code,
        "theme": found.theme,
        "text": found.text,
        "evidence": found.evidence,
        "criterion": reader,
    }
