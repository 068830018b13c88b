"""The library of impact questions: `data/impact_questions.json`, each with where its idea comes from."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenders.enums import ImpactTheme

SHELF = Path(__file__).resolve().parent / "data" / "impact_questions.json"


@dataclass(frozen=True)
class LibraryQuestion:
    """A question ready to be asked, with the evidence to ask for. `for_state_startups`: the usual ones for a
    State startup.
    """

    code: str
    theme: ImpactTheme
    text: str
    evidence: str
    source: str
    for_state_startups: bool


@cache
def library() -> dict[str, LibraryQuestion]:
    """Every question by its code, in the order of the shelf."""
    rows = json.loads(SHELF.read_text(encoding="utf-8"))
    questions = (LibraryQuestion(**{**row, "theme": ImpactTheme(row["theme"])}) for row in rows)
    return {question.code: question for question in questions}
