"""What an administration prints on its documents, ready for the press: its letter-head, its foot, its clauses."""

import base64
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from foundation.documents import markup, registry
from foundation.documents.models import Document

PREVIEW = "documents.preview"


@dataclass(frozen=True)
class Appearance:
    """`logo` is a PNG, or nothing; `clauses` is the text as it was typed, `values` what its variables say."""

    name: str
    address: tuple[str, ...]
    footer: str
    logo: bytes
    logo_alternative: str
    clauses: str
    values: dict[str, str]

    @property
    def clauses_html(self) -> SafeString:
        """The clauses for the page."""
        return markup.to_html(self.clauses, self.values)

    @property
    def clauses_blocks(self) -> list[dict[str, str]]:
        """The clauses for Word."""
        return markup.to_blocks(self.clauses, self.values)


def of(document: Document) -> Appearance:
    """The appearance of a document: the versions it was made with, or the words of a preview."""
    if document.kind == PREVIEW:
        return _of_preview(document)
    issuer, head = document.facts.get("issuer") or {}, document.letterhead
    return Appearance(
        name=head.name if head else issuer.get("name", ""),
        address=tuple(head.address.splitlines()) if head else (),
        footer=head.footer if head else "",
        logo=bytes(head.logo) if head else b"",
        logo_alternative=head.logo_alternative if head else "",
        clauses=document.clauses.text if document.clauses else "",
        values=values_of(document),
    )


def _of_preview(document: Document) -> Appearance:
    typed = document.facts["appearance"]
    kind = registry.find(typed["kind"]) if typed["kind"] else registry.find(PREVIEW)
    return Appearance(
        name=typed["name"],
        address=tuple(typed["address"].splitlines()),
        footer=typed["footer"],
        logo=base64.b64decode(typed["logo"]),
        logo_alternative=typed["logo_alternative"],
        clauses=typed["clauses"],
        values={variable.name: variable.example for variable in markup.variables_of(kind)},
    )


def values_of(document: Document) -> dict[str, str]:
    """What each variable of the kind says in this document."""
    kind = registry.find(document.kind)
    issuer = document.facts.get("issuer") or {}
    values = {
        "numero": document.number,
        "titre": document.title,
        "date": date_format(localtime(document.created_at), "j F Y"),
        "nature": str(kind.label),
        "administration": document.letterhead.name if document.letterhead else issuer.get("name", ""),
    }
    return values | {variable.name: _at(document.facts, variable.path) for variable in kind.variables}


def _at(facts: dict, path: str) -> str:
    """The fact found by « holder.name », as words; nothing when it is not there."""
    found = facts
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return "" if found is None else str(found)
