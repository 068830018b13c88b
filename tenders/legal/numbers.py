"""Legal numbers of consultations: value, date of force, article, source. L.. numbers a statement, for the tests.

« à confirmer » marks what was not read in the text itself: check it on Légifrance before relying on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CODE = "du code de la commande publique"


@dataclass(frozen=True)
class Rule:
    """A number of the law from a date on. `to_confirm` when only secondary sources were read."""

    value: Decimal | int
    from_date: date
    article: str
    source: str
    to_confirm: bool = False

    @property
    def cited(self) -> str:
        """The article as a message names it, with its reserve."""
        return self.article + (" — à confirmer" if self.to_confirm else "")


def in_force(rules: Iterable[Rule], on: date) -> Rule | None:
    """The latest rule in force on a day; None before the first."""
    return max((r for r in rules if r.from_date <= on), key=lambda r: r.from_date, default=None)


ART = "art. {} " + CODE

SEUILS = "https://www.code-commande-publique.com/nouveaux-seuils-2026-pour-la-passation-des-marches"
FORMAL_THRESHOLD_STATE = (
    Rule(Decimal(143_000), date(2024, 1, 1), ART.format("L2124-1"), SEUILS),
    Rule(Decimal(140_000), date(2026, 1, 1), ART.format("L2124-1"), SEUILS),
)
FORMAL_THRESHOLD_OTHERS = (
    Rule(Decimal(221_000), date(2024, 1, 1), ART.format("L2124-1"), SEUILS),
    Rule(Decimal(216_000), date(2026, 1, 1), ART.format("L2124-1"), SEUILS),
)
"""L01: above them a formal procedure is due. For a framework the maximum counts (L05, R2121-8)."""

NO_PUBLICITY = (
    "https://www.marche-public.fr/Marches-publics/Textes/Decrets/Decret_no_2025-1386-seuils-ECOM2535495D.htm"
)
NO_PUBLICITY_THRESHOLD = (
    Rule(Decimal(40_000), date(2020, 1, 1), ART.format("R2122-8"), NO_PUBLICITY),
    Rule(Decimal(60_000), date(2026, 4, 1), ART.format("R2122-8"), NO_PUBLICITY),
)
"""L02: from it on, a purchase of services is made public and put to competition."""

NATIONAL_PUBLICITY_THRESHOLD = (
    Rule(
        Decimal(90_000),
        date(2019, 4, 1),
        ART.format("R2131-12"),
        "https://www.legifrance.gouv.fr/",
        to_confirm=True,
    ),
)
"""L16: from it on, a notice in the BOAMP or a journal of legal announcements."""

FRAMEWORK_MAXIMUM = Rule(
    1,
    date(2022, 1, 1),
    ART.format("R2162-4"),
    "https://eur-lex.europa.eu/legal-content/FR/TXT/HTML/?uri=CELEX:62020CJ0023",
)
"""L51: a framework agreement announces a maximum, in value or quantity."""

FRAMEWORK_MONTHS = Rule(
    48,
    date(2019, 4, 1),
    ART.format("L2125-1"),
    "https://www.legifrance.gouv.fr/affichCode.do?idSectionTA=LEGISCTA000037730365&cidTexte=LEGITEXT000037701019",
)
"""L50: four years, more only with a reason."""

ENVIRONMENTAL_CRITERION = Rule(
    1,
    date(2026, 8, 21),
    ART.format("L2152-7"),
    "https://www.asterio-avocats.com/articles/le-decret-dapplication-de-larticle-35-de-la-loi-climat-et-resilience/",
    to_confirm=True,
)
"""L04: at least one criterion on the environment; a sole criterion can only be the life-cycle cost."""

MARCHE_PUBLIC = "https://www.marche-public.fr/Marches-publics/Textes/Jurisprudence/"
LATE_BIDS = Rule(
    0, date(2019, 4, 1), ART.format("R2151-5"), MARCHE_PUBLIC + "CE-449250-dematerialisation-hors-delai.htm"
)
LAST_BID = Rule(
    1,
    date(2019, 4, 1),
    ART.format("R2151-6"),
    "https://kiosque.bercy.gouv.fr/alyas/msite/view/lettre-daj/16486",
)
CONFIDENTIALITY = Rule(1, date(2019, 4, 1), ART.format("R2132-9"), "https://french-business-law.com/")
CONFLICT_OF_INTEREST = Rule(
    1, date(2019, 4, 1), ART.format("L2141-10"), "https://marche-public.info/conflit-interets"
)
BACKUP_COPY = Rule(
    1,
    date(2019, 4, 1),
    ART.format("R2132-11") + " et son annexe 6",
    "http://www.signature-electronique.pro/copie-sauvegarde/",
)
"""L25: optional, in time itself, opened in two cases only, traced."""
ANNOUNCED_CRITERIA = Rule(
    1, date(2019, 4, 1), ART.format("R2152-11"), "https://www.legifrance.gouv.fr/", to_confirm=True
)

ZERO_PRICE = Rule(
    0,
    date(2020, 9, 10),
    "CJUE, 10 septembre 2020, Tax-Fin-Lex, C-367/19",
    "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:62019CJ0367",
)
"""The least price of an offer: nothing is refused for the sole reason that it costs zero. It may look abnormally low
and is then asked about before any decision (L2152-6, R2152-3).
"""

LOT_LIMITS = Rule(
    1, date(2019, 4, 1), ART.format("R2113-1"), "https://www.legifrance.gouv.fr/", to_confirm=True
)
"""The buyer may limit the lots a firm tenders for or wins, if the notice says so (L2113-10, R2113-1)."""

STANDSTILL_DAYS = (
    Rule(11, date(2019, 4, 1), ART.format("R2182-1"), "https://code-commande-publique.com/?p=2945"),
)
"""L41: electronic notices, formal procedures; day of sending included."""

REASONS_DAYS = Rule(
    15,
    date(2019, 4, 1),
    "art. R2181-2 et R2181-4 " + CODE,
    "https://french-business-law.com/french-legislation-art/article-r2181-3-of-the-french-public-procurement-code/",
)
"""L40: days to answer a firm that asks for the detailed reasons."""

AWARD_NOTICE_DAYS = Rule(
    30,
    date(2019, 4, 1),
    ART.format("R2183-1"),
    "https://french-business-law.com/french-legislation/legiscta000037730015-legiscta000037729977-chapter-iii-award-notice",
)
"""L42: days after the signature to publish the award notice of a formal procedure."""

NEXT_RANKED = Rule(
    1,
    date(2026, 1, 1),
    ART.format("R2181-7"),
    "https://www.seban-associes.avocat.fr/marches-publics-simplification-clarification-et-modification-de-certains-seuils-par-deux-decrets-du-29-decembre-2025",
)
"""L03: a firm prevented before the service of the contract gives way to the next in the ranking, in cascade."""

SIGNATURE = Rule(
    1, date(2019, 4, 1), ART.format("R2182-3"), "https://www.legifrance.gouv.fr/", to_confirm=True
)
"""The contract may be signed electronically, by the rules of an order of the minister."""

CHALLENGE = Rule(
    1,
    date(2019, 4, 1),
    "art. L551-4 du code de justice administrative",
    "https://considerant.fr/commandepublique/delai-de-standstill-2/",
)
"""L41: nothing is signed from the filing of a challenge until the judge has decided."""

HOLDER_PIECES = (
    "Acte d'engagement signé électroniquement",
    "Attestation de régularité fiscale (art. R2143-7)",
    "Attestation de vigilance sociale de moins de six mois (art. R2143-8)",
    "Pouvoir de la personne qui signe",
    "Attestation d'assurance responsabilité civile professionnelle",
    "Jugement de redressement judiciaire, le cas échéant (art. R2143-9)",
)
"""What is usually asked from the future holder; what an administration can obtain itself is not (R2143-13)."""
