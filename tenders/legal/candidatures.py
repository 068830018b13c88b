"""What the law says of candidatures. Articles from memory are « à confirmer »."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from tenders.enums import Piece, RejectionGround
from tenders.legal.numbers import ART, Rule

SINCE = date(2019, 4, 1)
LEGIFRANCE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019/"


def _rule(article: str, value: int = 1) -> Rule:
    return Rule(value, SINCE, ART.format(article), LEGIFRANCE, to_confirm=True)


DECLARATION = _rule("R2143-3")
"""A candidate declares on his honour that no exclusion stops him, and shows what he is able to do."""

DECLARATION_WORDS = _(
    "Je déclare sur l'honneur que l'entreprise, et chaque membre du groupement que je représente, n'entre dans aucun "
    "des cas d'exclusion prévus aux articles L2141-1 à L2141-5 et L2141-7 à L2141-11 du code de la commande publique, "
    "et satisfait à l'obligation d'emploi des travailleurs handicapés des articles L5212-1 à L5212-11 du code du "
    "travail. Les renseignements et documents de cette candidature sont exacts."
)
"""The words that are accepted, frozen in the envelope (R2143-3, 1°)."""

DECLARATION_MISSING = _("Cochez la déclaration sur l'honneur : une candidature ne va pas sans elle.")

CONSORTIUM = _rule("R2142-19 à R2142-27")
"""Consortium, joint or several; one member is the agent of all; no form may be demanded to be a candidate."""

ONE_AGENT = _rule("R2142-23")
"""One firm is not the agent of several consortiums for one contract."""

SUBCONTRACTING = _rule("R2193-1")
"""What is said of a subcontractor: services, name, amount, conditions of payment, capacities (form DC4)."""

COMPLEMENTS = _rule("R2144-2")
"""A buyer may ask ALL the candidates concerned to complete, within one appropriate delay, the same for all."""

ONLY_ONCE = _rule("R2143-14")
"""A candidate does not give again what the buyer already holds and is still valid."""

REJECTION = _rule("R2144-7")
"""A candidature that stays incomplete or shows too little capacity is rejected."""

OBSERVATIONS = _rule("L2141-11")
"""An exclusion at the buyer's discretion comes after the candidate could say why it should not be."""

BEFORE_AWARD = _rule("R2144-3")
"""The aptitude and the capacities of the candidates are checked at any time, before the award at the latest."""

TELLING = _rule("R2181-1")
"""Each candidate is told the rejection of his candidature, and why."""

COMPLEMENT_HOURS = 24
"""The shortest delay of a request. Our choice: the law says « approprié »."""

SELECTION = _rule("R2142-15 à R2142-18")
"""A buyer who announced a number of candidates keeps the best ones, by criteria that he announced."""

GROUND_ARTICLES = {
    RejectionGround.INCOMPLETE: REJECTION,
    RejectionGround.CAPACITY: REJECTION,
    RejectionGround.MANDATORY: _rule("L2141-1 à L2141-6"),
    RejectionGround.APPRECIATION: _rule("L2141-7 à L2141-11"),
    RejectionGround.NOT_SELECTED: SELECTION,
}
NEEDS_OBSERVATIONS = frozenset({RejectionGround.APPRECIATION})

PIECE_ARTICLES = {
    Piece.DECLARATION: DECLARATION,
    Piece.TURNOVER: DECLARATION,
    Piece.REFERENCES: DECLARATION,
    Piece.INSURANCE: DECLARATION,
    Piece.MEMBERS: CONSORTIUM,
    Piece.SUBCONTRACTORS: SUBCONTRACTING,
    Piece.OBSERVATIONS: OBSERVATIONS,
}
