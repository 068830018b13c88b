"""What changed between two texts, word by word, and between two versions of a draft, row by row."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT_WORDS = 3
"""Fewer words than that, between two changes, are no landmark."""
_WORDS = re.compile(r"\w+", re.UNICODE)
_PIECES = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True)
class Piece:
    """A run of words. `kind`: same, added or removed."""

    kind: str
    text: str


def compare_words(before: str, after: str) -> list[Piece]:
    """The two texts as one: what both say, what was taken out, what was put in.

    One or two words that stay between two changes are told with them: a sentence rewritten reads as a sentence.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    for is_same, left, right in _runs(old, new):
        if is_same:
            pieces.append(Piece("same", left))
            continue
        pieces += [Piece(kind, text) for kind, text in (("removed", left), ("added", right)) if text]
    return pieces


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, str, str]]:
    """Runs (same?, text before, text after); neighbouring changes are one."""
    runs: list[tuple[bool, str, str]] = []
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for rank, (change, old_from, old_to, new_from, new_to) in enumerate(blocks):
        left, right = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        is_between = 0 < rank < len(blocks) - 1
        is_same = change == "equal" and not (is_between and len(_WORDS.findall(left)) < KEPT_WORDS)
        if runs and not is_same and not runs[-1][0]:
            _same, former_left, former_right = runs.pop()
            left, right = former_left + left, former_right + right
        runs.append((is_same, left, right))
    return runs


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
