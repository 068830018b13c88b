"""Until when firms ask, and until when the buyer answers."""

from datetime import date, datetime, timedelta

from tenders.enums import DelayGround, Procedure
from tenders.legal.changes import LATE_INFORMATION_DAYS
from tenders.legal.numbers import ART, Rule, in_force
from tenders.legal.procedures import PROCEDURES

INFORMATION_DAYS = (LATE_INFORMATION_DAYS,)
"""L15: formal procedures; what was asked in time is answered this many days before the deadline."""
INFORMATION_DAYS_WHEN_URGENT = (
    Rule(4, date(2019, 4, 1), ART.format("R2132-6"), "https://code-commande-publique.com/?p=3911"),
)
TIME_TO_ANSWER = timedelta(days=2)
"""Our own default, not the law's: questions stop this long before answers are due."""
INFORMAL_DAYS = 4
"""Our own default where the law fixes no delay for answers."""


def information_rule(procedure: str, ground: str, on: date) -> Rule | None:
    """How many days before the deadline answers are due; None where the law fixes none."""
    if not PROCEDURES[Procedure(procedure)].formal:
        return None
    urgent = ground == DelayGround.URGENT
    return in_force(INFORMATION_DAYS_WHEN_URGENT if urgent else INFORMATION_DAYS, on)


def answers_due_at(procedure: str, ground: str, due_at: datetime) -> datetime:
    """The last instant at which an answer leaves firms the time that the law, or good practice, gives them."""
    rule = information_rule(procedure, ground, due_at.date())
    return due_at - timedelta(days=int(rule.value) if rule else INFORMAL_DAYS)


def questions_due_at(procedure: str, ground: str, due_at: datetime) -> datetime:
    """Until when firms ask when the notice announces no date."""
    return answers_due_at(procedure, ground, due_at) - TIME_TO_ANSWER


def deadline_after(procedure: str, ground: str, due_at: datetime, answered_at: datetime) -> datetime | None:
    """The deadline that gives firms back the days that a late answer took; None when it is in time."""
    late = answered_at - answers_due_at(procedure, ground, due_at)
    if late <= timedelta(0):
        return None
    return due_at + timedelta(days=late.days + bool(late % timedelta(days=1)))
