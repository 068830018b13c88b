"""Legal numbers of consultations: value, date of force, article, source. L.. numbers a statement, for the tests.

« à confirmer » marks what was not read in the text itself: check it on Légifrance before relying on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.easter import easter

from tenders.enums import Procedure

PARIS = ZoneInfo("Europe/Paris")
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


@dataclass(frozen=True)
class ProcedureRule:
    """What a procedure asks: its minimum delay for bids (days), its standstill, whether its value is
    capped.
    """

    procedure: Procedure
    minimum_delay: tuple[Rule, ...]
    has_standstill: bool
    formal: bool


ART = "art. {} " + CODE
AMP = "https://ampconsultants.fr/les-principaux-delais-dans-une-procedure-de-marche-public"

PROCEDURES = {
    Procedure.OPEN: ProcedureRule(
        procedure=Procedure.OPEN,
        # 35 days, less 5 because the platform takes answers electronically (L10). Its own answers are all
        # electronic.
        minimum_delay=(Rule(30, date(2019, 4, 1), "art. R2161-2 et R2161-3 " + CODE, AMP),),
        has_standstill=True,
        formal=True,
    ),
    # L14: no fixed minimum, the delay must be sufficient for the purchase.
    Procedure.ADAPTED: ProcedureRule(
        procedure=Procedure.ADAPTED, minimum_delay=(), has_standstill=False, formal=False
    ),
}

OPEN_DELAY_ON_PAPER = (Rule(35, date(2019, 4, 1), ART.format("R2161-2"), AMP),)

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
ANNOUNCED_CRITERIA = Rule(
    1, date(2019, 4, 1), ART.format("R2152-11"), "https://www.legifrance.gouv.fr/", to_confirm=True
)

STANDSTILL_DAYS = (
    Rule(11, date(2019, 4, 1), ART.format("R2182-1"), "https://code-commande-publique.com/?p=2945"),
)
"""L41: electronic notices, formal procedures; day of sending included."""


def public_holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of metropolitan France (art. L3133-1 of the labour code)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset({*moving, *(date(year, month, day) for month, day in fixed)})


def is_working_day(day: date) -> bool:
    """Neither a Saturday, nor a Sunday, nor a public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def clear_days_end(sent: date, days: int) -> datetime:
    """First instant after `days` clear days (« jours francs »), Paris time.

    The day of sending does not count; a period that would end on a day that is not worked ends on the next
    worked one.
    """
    last = sent + timedelta(days=days)
    while not is_working_day(last):
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(0), PARIS)


def minimum_delay(procedure: str, on: date) -> Rule | None:
    """The minimum delay of a procedure published on a day; None when the law fixes none."""
    return in_force(PROCEDURES[Procedure(procedure)].minimum_delay, on)


def earliest_due_at(procedure: str, sent_at: datetime) -> datetime | None:
    """The earliest deadline allowed for a notice sent at an instant; None when the law fixes no minimum."""
    sent = sent_at.astimezone(PARIS).date()
    rule = minimum_delay(procedure, sent)
    return clear_days_end(sent, int(rule.value)) if rule else None


def earliest_signature_date(procedure: str, notices_sent_at: datetime) -> date:
    """First day on which the contract may be signed once the last rejection notice was sent electronically
    (L41).
    """
    sent = notices_sent_at.astimezone(PARIS).date()
    rule = in_force(STANDSTILL_DAYS, sent)
    if rule is None or not PROCEDURES[Procedure(procedure)].has_standstill:
        return sent
    return sent + timedelta(days=int(rule.value))
