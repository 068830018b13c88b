"""Our words are French in the source: none of them may be taken for the English of a library and translated."""

import re
from pathlib import Path

from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("foundation", "needs", "tenders", "framework_agreements", "startups", "procurement", "templates")
SAID = (
    re.compile(r"{%-?\s*trans(?:late)?\s+([\"'])(.+?)\1"),
    re.compile(r"\b_(?:now)?\(\s*([\"'])(.+?)\1\s*[,)]"),
    re.compile(r"\bgettext(?:_lazy)?\(\s*([\"'])(.+?)\1"),
)
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?[^%]*%}(.*?){%\s*(?:plural|endblock)", re.DOTALL)


def our_words() -> dict[str, str]:
    """Every sentence given to gettext, with a file where it is."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for file in (ROOT / room).rglob("*"):
            if file.suffix in {".py", ".html", ".txt"}:
                text = file.read_text()
                words = [match[2] for said in SAID for match in said.finditer(text)]
                words += [match[1].strip() for match in BLOCK.finditer(text)]
                found |= dict.fromkeys(words, str(file.relative_to(ROOT)))
    return found


def test_no_word_of_ours_is_translated_again() -> None:
    """« Usage » was shown as « Utilisation » and « Note » as « Remarque »: both are English words too."""
    words = our_words()
    assert len(words) > 1000
    with translation.override("fr"):
        changed = [
            f"{said} → {translation.gettext(said)} ({where})"
            for said, where in words.items()
            if translation.gettext(said) != said
        ]
    assert changed == []
