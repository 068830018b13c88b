"""Purchase techniques as data: ordinary contract, framework agreements, dynamic purchasing system."""

from dataclasses import dataclass

from tenders.enums import Procedure, Technique
from tenders.legal.numbers import ART, FRAMEWORK_MAXIMUM, FRAMEWORK_MONTHS, Rule
from tenders.legal.procedures import CODE_2019, LEGIFRANCE


@dataclass(frozen=True)
class TechniqueRule:
    """What a technique asks. `maximum`: the rule by which a maximum is announced (L51). `longest`: in months
    (L50). `orders` and `calls`: it is carried out by purchase orders, by subsequent contracts (L53).
    `procedures`: the only ones permitted; empty when all are.
    """

    technique: Technique
    summary: str
    article: str
    maximum: Rule | None = None
    longest: Rule | None = None
    orders: bool = False
    calls: bool = False
    procedures: tuple[Procedure, ...] = ()

    @property
    def is_framework(self) -> bool:
        """A framework agreement, whatever carries it out."""
        return self.maximum is not None


TECHNIQUES: dict[Technique, TechniqueRule] = {
    rule.technique: rule
    for rule in (
        TechniqueRule(
            Technique.CONTRACT,
            "Un besoin et un prix connus à la signature.",
            ART.format("L1111-1"),
        ),
        TechniqueRule(
            Technique.FRAMEWORK_ORDERS,
            "Tout est fixé d'avance : vous commandez au fil des besoins, sans nouvelle concurrence.",
            ART.format("R2162-2"),
            maximum=FRAMEWORK_MAXIMUM,
            longest=FRAMEWORK_MONTHS,
            orders=True,
        ),
        TechniqueRule(
            Technique.FRAMEWORK_SUBSEQUENT,
            "Tout n'est pas fixé : les titulaires sont remis en concurrence à chaque besoin.",
            ART.format("R2162-2"),
            maximum=FRAMEWORK_MAXIMUM,
            longest=FRAMEWORK_MONTHS,
            calls=True,
        ),
        TechniqueRule(
            Technique.FRAMEWORK_MIXED,
            "Une partie à bons de commande, une partie à marchés subséquents, chacune identifiée.",
            ART.format("R2162-3"),
            maximum=FRAMEWORK_MAXIMUM,
            longest=FRAMEWORK_MONTHS,
            orders=True,
            calls=True,
        ),
        TechniqueRule(
            Technique.DYNAMIC,
            "Un vivier ouvert en permanence pour des achats d'usage courant, entièrement en ligne.",
            Rule(1, CODE_2019, ART.format("R2162-37"), LEGIFRANCE, to_confirm=True).cited,
            calls=True,
            procedures=(Procedure.RESTRICTED,),
        ),
    )
}

FRAMEWORKS = tuple(rule.technique for rule in TECHNIQUES.values() if rule.is_framework)
"""The techniques that announce a maximum: no framework without one (L51)."""

ORDERING = tuple(rule.technique for rule in TECHNIQUES.values() if rule.orders)
"""The techniques that lead to purchase orders."""
