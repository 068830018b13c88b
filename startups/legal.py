"""Limits of the contract and of the programme: value, since when, where it is written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Limit:
    """A number, its unit, the day it began to bind, and its source."""

    value: int
    unit: str
    since: date
    article: str


# « sur la base de cycles itératifs de moins de trois semaines »: both days counted, 21 at most.
ITERATION_MAX = Limit(21, "days", date(2016, 1, 1), "CCTP « Start-up d'État » 2016, §1.4")
# « sur une durée de un à trois mois environ »
INVESTIGATION_MAX = Limit(3, "months", date(2016, 1, 1), "CCTP « Start-up d'État » 2016, §4.2.2")
# « une durée totale estimée de trois mois environ », then « après 3 à 6 mois d'expérimentation »
CONSTRUCTION_MAX = Limit(9, "months", date(2016, 1, 1), "CCTP « Start-up d'État » 2016, §4.3.1 et §4.3.4")
# « cette phase ne doit pas durer plus de deux mois »
TRANSFER_MAX = Limit(2, "months", date(2016, 1, 1), "CCTP « Start-up d'État » 2016, §4.5")
# The construction phase is decided « sur la base de la fiche produit, qui clôt la phase 1 ».
PRODUCT_SHEET = Limit(1, "sheet", date(2016, 1, 1), "CCTP « Start-up d'État » 2016, §4.3")
# « des mesures d'impact tous les 6 mois » (programme beta.gouv.fr, report of January 2025)
IMPACT_EVERY = Limit(6, "months", date(2025, 1, 1), "programme beta.gouv.fr, impact tous les 6 mois")
# Acceptance at a reduced price: between nothing and the whole price, both excluded.
REDUCTION_MAX = Limit(100, "percent", date(2021, 4, 1), "art. 34 du CCAG-TIC")
