"""Reads of the papers: the library as an organisation has it, what a paper says, what is still to be said."""

from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects

from foundation.documents.selectors import documents_about
from foundation.nested import with_rows
from tenders import library
from tenders.comparison import RowChange
from tenders.enums import PaperKind
from tenders.library import variables
from tenders.library.tables import TABLES
from tenders.models import OwnClause, Paper, PaperClause, PaperVersion, Tender


@dataclass(frozen=True)
class LibraryClause:
    """A clause as this organisation would put it in a paper today; `own` when it wrote it itself."""

    code: str
    paper: str
    chapter: str
    title: str
    text: str
    article: str
    advice: str
    table: str
    only: str
    origin: str
    own: OwnClause | None = None


def library_of(organisation, paper: str = "") -> list[LibraryClause]:
    """The clauses of the platform, each replaced by the organisation's own, then those it added; by paper."""
    own = {found.code: found for found in own_clauses(organisation)}
    shipped = [_clause(clause, own.pop(clause.code, None)) for clause in library.all_clauses()]
    added = [_own(found) for found in own.values()]
    order = {kind: rank for rank, kind in enumerate(PaperKind.values)}
    found = sorted([*shipped, *added], key=lambda clause: order[clause.paper])
    return [clause for clause in found if paper in ("", clause.paper)]


def own_clauses(organisation) -> QuerySet[OwnClause]:
    """The last version of each clause that an organisation wrote."""
    rows = OwnClause.objects.filter(organisation=organisation)
    return rows.order_by("code", "-version").distinct("code")


def _clause(shipped: library.Clause, own: OwnClause | None) -> LibraryClause:
    source = own or shipped
    return LibraryClause(
        code=shipped.code,
        paper=shipped.paper,
        chapter=shipped.chapter,
        title=source.title,
        text=source.text,
        article=source.article,
        advice=source.advice or shipped.advice,
        table=shipped.table,
        only=shipped.only,
        origin=str(source.origin),
        own=own,
    )


def _own(found: OwnClause) -> LibraryClause:
    return LibraryClause(
        code=found.code,
        paper=found.paper,
        chapter=found.chapter,
        title=found.title,
        text=found.text,
        article=found.article,
        advice=found.advice,
        table="",
        only="",
        origin=str(found.origin),
        own=found,
    )


def library_clause(organisation, code: str) -> LibraryClause | None:
    """The clause of a code as this organisation has it; None for an unknown one."""
    return next((clause for clause in library_of(organisation) if clause.code == code), None)


def papers_of(tender: Tender) -> list[Paper]:
    """The written papers of a consultation with their clauses, in the order of the file: one query, none when they came
    with the draft (`DRAFT`).
    """
    known = getattr(tender, "_prefetched_objects_cache", {}).get("papers")
    papers = list(with_rows(tender.papers.all(), "clauses") if known is None else known)
    for paper in papers:
        paper.tender = tender
    return sorted(papers, key=lambda paper: PaperKind.values.index(paper.kind))


def values_for(tender: Tender) -> dict[str, str]:
    """What each variable of the clauses says in this consultation."""
    return variables.values_of(tender, {row.name: row.value for row in tender.paper_values.all()})


def missing_values(papers: list[Paper], values: dict[str, str]) -> list[str]:
    """The variables of these papers that nothing says yet."""
    texts = [clause.text for paper in papers for clause in paper.clauses.all()]
    return variables.missing_in(texts, values)


def paper_facts(paper: Paper, values: dict[str, str]) -> dict:
    """A paper as it is laid out: chapters, clauses numbered « 2.1 », the values of their variables, tables."""
    tender = paper.tender
    chapters: list[dict] = []
    for clause in paper.clauses.all():
        if not chapters or chapters[-1]["title"] != clause.chapter:
            chapters.append({"title": clause.chapter, "clauses": []})
        chapter = chapters[-1]
        number = f"{len(chapters)}.{len(chapter['clauses']) + 1}"
        chapter["clauses"].append(_clause_facts(clause, number, tender))
    used = variables.used_in("\n".join(clause.text for clause in paper.clauses.all()))
    return {
        "issuer": {"name": tender.buyer.name, "siret": tender.buyer.siret, "city": tender.buyer.city},
        "tender": {"reference": tender.reference, "title": tender.title, "buyer": tender.buyer.name},
        "kind": str(paper.get_kind_display()),
        "values": {name: variables.said(name, values) for name in used},
        "chapters": chapters,
    }


def _clause_facts(clause: PaperClause, number: str, tender: Tender) -> dict:
    return {
        "number": number,
        "code": clause.code,
        "title": clause.title,
        "text": clause.text,
        "article": clause.article,
        "table": TABLES[clause.table](tender) if clause.table in TABLES else None,
    }


def price_facts(tender: Tender) -> dict:
    """The price schedule as it is laid out: a chapter a lot, a « clause » a line, so that versions compare."""
    lots = list(tender.lots.all())
    prefetch_related_objects(lots, "price_lines")
    return {
        "issuer": {"name": tender.buyer.name, "siret": tender.buyer.siret, "city": tender.buyer.city},
        "tender": {"reference": tender.reference, "title": tender.title, "buyer": tender.buyer.name},
        "kind": str(PaperKind.BPU.label),
        "values": {},
        "chapters": [
            {"title": str(lot), "clauses": [_line(line) for line in lot.price_lines.all()]} for lot in lots
        ],
    }


def _line(line) -> dict:
    quantity = line.simulated_quantity
    return {
        "code": line.code,
        "title": f"{line.code} {line.label}",
        "text": f"{line.unit}, {quantity.normalize():f}",
        "label": line.label,
        "unit": line.unit,
        "quantity": str(quantity),
    }


def paper_text(facts: dict) -> dict[str, str]:
    """The words of a version, clause by clause (« 2.1 Prix » → its text), for comparing it with another."""
    return {
        f"{chapter['title']} · {clause['title']}": variables.filled(clause["text"], facts["values"])
        for chapter in facts["chapters"]
        for clause in chapter["clauses"]
    }


def paper_changes(before: PaperVersion, after: PaperVersion) -> list[RowChange]:
    """What two versions of a paper say differently, clause by clause."""
    old, new = paper_text(before.facts), paper_text(after.facts)
    titles = [*new, *(title for title in old if title not in new)]
    return [
        RowChange(title, old.get(title, ""), new.get(title, ""))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    ]


def paper_versions(tender: Tender) -> QuerySet[PaperVersion]:
    """Every version that was laid out, the last first in each paper."""
    return tender.paper_versions.select_related("made_by").defer("facts").order_by("kind", "-number")


def public_papers(tender: Tender) -> list[PaperVersion]:
    """The version in force of each published paper, in the order of the file; none before the publication."""
    if not tender.published_at:
        return []
    at_hand = vars(tender).get("papers_at_hand")
    rows = papers_in_force().filter(tender=tender) if at_hand is None else at_hand
    versions = sorted(rows, key=lambda version: PaperKind.values.index(version.kind))
    for version in versions:
        version.tender = tender
    return versions


def papers_in_force() -> QuerySet[PaperVersion]:
    """The last published version of each paper, without its content; for one consultation at a time."""
    rows = PaperVersion.objects.filter(is_public=True).order_by("kind", "-number").distinct("kind")
    return rows.defer("facts")


def with_documents(user, versions) -> list[PaperVersion]:
    """The same versions, each with its document when this reader may see it. Two queries."""
    versions = list(versions)
    return documented(versions, documents_about(versions, user))


def documented(versions: list[PaperVersion], documents: dict) -> list[PaperVersion]:
    """The same versions, each with its document among those of a `documents_about`."""
    for version in versions:
        version.document = next(iter(documents[version]), None)
    return versions
