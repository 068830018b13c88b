"""What changed between two texts, word by word, and between two versions of a draft, row by row."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True)
class Piece:
    """A run of words. `kind`: same, added or removed."""

    kind: str
    text: str


def compare_words(before: str, after: str) -> list[Piece]:
    """The two texts as one: what both say, what was taken out, what was put in."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for change, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if change == "equal":
            pieces.append(Piece("same", "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("removed", "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece("added", "".join(new[new_from:new_to])))
    return pieces


@dataclass(frozen=True)
class RowChange:
    """A row of a part that is no longer the same; a row that came or went has an empty side."""

    label: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """What changed in it, word by word."""
        return compare_words(self.before, self.after)


def compare_parts(before: dict[str, list[dict]], after: dict[str, list[dict]]) -> dict[str, list[RowChange]]:
    """Section → rows that changed; a section where nothing changed is left out."""
    changes = {}
    for section in [*before, *(new for new in after if new not in before)]:
        old = {row["label"]: row["value"] for row in before.get(section, [])}
        new = {row["label"]: row["value"] for row in after.get(section, [])}
        labels = [*new, *(label for label in old if label not in new)]
        rows = [
            RowChange(label, old.get(label, ""), new.get(label, ""))
            for label in labels
            if old.get(label, "") != new.get(label, "")
        ]
        if rows:
            changes[section] = rows
    return changes
