"""The library of clauses that comes with the platform: one file a paper, one entry a clause, each with its article.

A text that changes takes the next `version` here, so that a paper says which one it was written from. What an
organisation writes otherwise is in the database (`tenders.models.OwnClause`) and comes before.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PAPERS = ("rc", "ccap", "cctp", "ae")


@dataclass(frozen=True)
class Clause:
    """A clause of the library. `text`: restricted markup with « {{ variables }} ». `advice`: why one chooses it.

    `table` names a table made from the draft, printed under the text; `only` names when the clause is proposed.
    """

    code: str
    paper: str
    chapter: str
    title: str
    text: str
    article: str
    advice: str
    table: str = ""
    only: str = ""
    version: int = 1

    @property
    def origin(self) -> str:
        """What a paper remembers of where its text comes from."""
        return f"Jalon v{self.version}"


@cache
def clauses(paper: str) -> tuple[Clause, ...]:
    """The clauses of a paper, in the order in which they are printed."""
    with (FOLDER / f"{paper}.toml").open("rb") as source:
        entries = tomllib.load(source)["clause"]
    return tuple(Clause(**{**entry, "paper": paper, "text": entry["text"].strip()}) for entry in entries)


def all_clauses() -> list[Clause]:
    """Every clause, paper by paper."""
    return [clause for paper in PAPERS for clause in clauses(paper)]


def clause(code: str) -> Clause | None:
    """The clause of a code; None for an unknown one."""
    return next((found for found in all_clauses() if found.code == code), None)
