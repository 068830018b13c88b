"""What the law says of changes after the publication: what is told, when a deadline moves, how a procedure ends."""

from datetime import date

from tenders.enums import CancelGround
from tenders.legal.numbers import ART, Rule

LEGIFRANCE = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000037701019"
NO_CONTRACT = Rule(1, date(2019, 4, 1), ART.format("R2185-1"), LEGIFRANCE, to_confirm=True)
NO_CONTRACT_TOLD = Rule(1, date(2019, 4, 1), ART.format("R2185-2"), LEGIFRANCE, to_confirm=True)
"""A procedure may be given up at any moment; the candidates are told why."""
NO_USEFUL_BID = Rule(1, date(2019, 4, 1), ART.format("R2122-2"), LEGIFRANCE, to_confirm=True)
"""No candidature, no bid, or only bids that are irregular, unacceptable or inappropriate."""
CANCEL_RULES = {
    CancelGround.NO_BID: NO_USEFUL_BID,
    CancelGround.NO_FIT_BID: NO_USEFUL_BID,
}
EXTENSION = Rule(1, date(2019, 4, 1), ART.format("R2151-4"), LEGIFRANCE, to_confirm=True)
"""L15: the deadline moves later, in proportion, when the file changes a lot or an answer comes late."""
LATE_INFORMATION_DAYS = Rule(6, date(2019, 4, 1), ART.format("R2132-6"), LEGIFRANCE)
"""L15: what is added to the file reaches everybody so many days before the deadline, in formal procedures."""


def cancel_rule(ground: str) -> Rule:
    """Under which article a consultation ends on this ground."""
    return CANCEL_RULES.get(ground, NO_CONTRACT)
