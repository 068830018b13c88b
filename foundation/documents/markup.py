"""The restricted markup of clauses: paragraphs, titles, lists, **bold**, *italic* and declared variables.

Markdown is read first and variables are put in afterwards, as words: a fact never becomes markup. HTML typed in a
clause is shown as it was typed; what comes out goes once more through a list of allowed tags.
"""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from foundation.documents.registry import DocumentKind, Variable

VARIABLE = re.compile(r"\{\{\s*(?P<name>[^{}]*?)\s*\}\}")
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "br"}
HEADINGS = {"h1": "h2", "h2": "h3"}
_READER = MarkdownIt("zero").enable(["emphasis", "list", "heading", "newline"])

COMMON = (
    Variable("numero", "numéro du document", "PV-2026-0001"),
    Variable("titre", "titre du document", "Procès-verbal d’ouverture des plis"),
    Variable("date", "date du document", "3 mars 2026"),
    Variable("nature", "nature du document", "Procès-verbal"),
    Variable(
        "administration",
        "administration qui établit le document",
        "Direction interministérielle du numérique",
    ),
)


def variables_of(kind: DocumentKind) -> tuple[Variable, ...]:
    """What may be written in the clauses of this kind."""
    return (*COMMON, *kind.variables)


def unknown_variables(text: str, kind: DocumentKind) -> list[str]:
    """Names written between braces that this kind does not know, each once."""
    known = {variable.name for variable in variables_of(kind)}
    names = [match["name"] for match in VARIABLE.finditer(text)]
    return list(dict.fromkeys(name for name in names if name not in known))


def to_html(text: str, values: dict[str, str]) -> SafeString:
    """The clauses as HTML of the allowed tags only, variables replaced."""
    tokens = _read(text, values)
    written = _READER.renderer.render(tokens, _READER.options, {})
    return mark_safe(nh3.clean(written, tags=TAGS, attributes={}, link_rel=None))


def to_blocks(text: str, values: dict[str, str]) -> list[dict[str, str]]:
    """The clauses as plain blocks for Word: {"kind": "heading" | "item" | "paragraph", "text": …}."""
    blocks, inside = [], []
    for token in _read(text, values):
        if token.nesting == 1:
            inside.append(token.type.removesuffix("_open"))
        elif token.nesting == -1:
            inside.pop()
        elif token.type == "inline":
            kind = "heading" if "heading" in inside else "item" if "list_item" in inside else "paragraph"
            blocks.append({"kind": kind, "text": "".join(_words(child) for child in token.children or ())})
    return blocks


def _words(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _read(text: str, values: dict[str, str]) -> list[Token]:
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = HEADINGS.get(token.tag, "h3")
        for child in token.children or ():
            if child.type == "text":
                child.content = VARIABLE.sub(lambda match: values.get(match["name"], ""), child.content)
    return tokens
