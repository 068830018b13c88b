"""Writing the papers: clauses chosen from the library, adapted for a reason, words asked for, versions laid out."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import Organisation
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import legal, library, rules, selectors
from tenders.documents.papers import request_paper
from tenders.enums import PaperKind
from tenders.library import variables
from tenders.library.rules import can_write_clauses
from tenders.models import OwnClause, Paper, PaperClause, PaperValue, PaperVersion, Tender
from tenders.selectors import LibraryClause
from tenders.services.locking import draft_to_edit, locked_tender


@transaction.atomic
def papers_compose(*, tender, by, at) -> list[Paper]:
    """Start the papers that the draft has not yet, with the clauses that its procedure and lots call for."""
    tender = draft_to_edit(tender, by=by)
    known = set(tender.papers.values_list("kind", flat=True))
    papers = [Paper.objects.create(tender=tender, kind=kind) for kind in library.PAPERS if kind not in known]
    for paper in papers:
        proposed = [
            clause for clause in selectors.library_of(tender.buyer, paper.kind) if _fits(clause, tender)
        ]
        PaperClause.objects.bulk_create(
            _chosen(paper, clause, rank) for rank, clause in enumerate(proposed, start=1)
        )
    _record(tender, by, at, {"papers": [paper.kind for paper in papers]})
    return papers


def _fits(clause: LibraryClause, tender: Tender) -> bool:
    """Whether the draft calls for a clause that is not for everybody."""
    if clause.only == "framework":
        return tender.technique in legal.FRAMEWORKS
    if clause.only == "negotiates":
        return legal.PROCEDURES[tender.procedure].negotiates
    return True


def _chosen(paper: Paper, clause: LibraryClause, rank: int, reason: str = "") -> PaperClause:
    return PaperClause(
        paper=paper,
        position=rank,
        code=clause.code,
        chapter=clause.chapter,
        title=clause.title,
        text=clause.text,
        article=clause.article,
        table=clause.table,
        origin=clause.origin,
        reason=reason,
    )


@transaction.atomic
def paper_clause_add(*, paper, code: str, reason: str, by, at) -> PaperClause:
    """Put a clause of the library in a paper, at the end of its chapter, with the reason why. Raises Refusal."""
    tender, paper = _paper_to_edit(paper, by)
    clause = selectors.library_clause(tender.buyer, code)
    if clause is None or clause.paper != paper.kind:
        raise Refusal(_("Choisissez une clause de la bibliothèque pour cette pièce."), field="code")
    if paper.clauses.filter(code=code).exists():
        raise Refusal(_("Cette clause est déjà dans la pièce."), field="code")
    if not reason.strip():
        raise Refusal(_("Dites pourquoi cette clause : le relecteur et la suite le liront."), field="reason")
    rows = list(paper.clauses.order_by("position", "id"))
    place = _place_in(rows, clause.chapter)
    added = _chosen(paper, clause, place, reason.strip())
    added.save()
    _number([*rows[: place - 1], added, *rows[place - 1 :]])
    _record(tender, by, at, {"added": code, "paper": paper.kind})
    return added


def _place_in(rows: list[PaperClause], chapter: str) -> int:
    """The rank just after the last clause of its chapter, or at the end."""
    ranks = [rank for rank, row in enumerate(rows, start=1) if row.chapter == chapter]
    return (ranks[-1] if ranks else len(rows)) + 1


def _number(rows: list[PaperClause]) -> None:
    for rank, row in enumerate(rows, start=1):
        row.position = rank
    PaperClause.objects.bulk_update(rows, ["position"])


@transaction.atomic
def paper_clause_write(*, clause, title: str, text: str, reason: str, by, at) -> PaperClause:
    """Write a clause of a paper otherwise; the library's own words need no reason. Raises Refusal."""
    tender, paper = _paper_to_edit(clause.paper, by)
    clause = paper.clauses.select_for_update(of=("self",)).get(pk=clause.pk)
    _demand_words(title, text)
    source = selectors.library_clause(tender.buyer, clause.code)
    as_written = source is not None and (title.strip(), text.strip()) == (source.title, source.text.strip())
    if not as_written and not reason.strip():
        raise Refusal(_("Dites pourquoi ce texte n'est pas celui de la bibliothèque."), field="reason")
    clause.title, clause.text, clause.reason = title.strip(), text.strip(), reason.strip()
    clause.is_adapted = not as_written
    if as_written:
        clause.origin, clause.article = source.origin, source.article
    clause.save()
    _record(tender, by, at, {"written": clause.code, "paper": paper.kind})
    return clause


def _demand_words(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise Refusal(
            _("Une clause a un titre et un texte. Pour l'enlever, retirez-la de la pièce."), field="text"
        )
    unknown = variables.unknown_in(text)
    if unknown:
        message = _(
            "Ces variables n'existent pas : %(names)s. Choisissez-les dans la liste, ou écrivez le mot."
        )
        raise Refusal(message % {"names": ", ".join(unknown)}, field="text")


@transaction.atomic
def paper_clause_remove(*, clause, by, at) -> None:
    """Take a clause out of a paper."""
    tender, paper = _paper_to_edit(clause.paper, by)
    paper.clauses.get(pk=clause.pk).delete()
    _number(list(paper.clauses.order_by("position", "id")))
    _record(tender, by, at, {"removed": clause.code, "paper": paper.kind})


@transaction.atomic
def paper_values_set(*, tender, values: dict[str, str], by, at) -> None:
    """Say what the clauses ask; an empty answer gives back what is usual."""
    tender = draft_to_edit(tender, by=by)
    unknown = set(values) - variables.ASKED_NAMES
    if unknown:
        raise TypeError(f"unknown variables: {sorted(unknown)}")
    tender.paper_values.all().delete()
    rows = [PaperValue(tender=tender, name=name, value=value.strip()) for name, value in values.items()]
    PaperValue.objects.bulk_create(row for row in rows if row.value)
    _record(tender, by, at, {"values": values})


@transaction.atomic
def paper_versions_make(*, tender, by, at) -> list[PaperVersion]:
    """Lay out, as drafts, the papers that changed since their last version. Raises Refusal: nothing to lay out."""
    tender = locked_tender(tender)
    if not rules.can_edit_tender(by, tender):
        raise Refusal(_("Seuls les acheteurs établissent les pièces d'un brouillon."), code="forbidden")
    made = _versions(tender, by, at, is_public=False)
    if not made:
        raise Refusal(_("Rien n'a changé depuis la dernière version de chaque pièce."), code="conflict")
    _record(tender, by, at, {version.kind: version.number for version in made})
    return made


def papers_issue(tender: Tender, by, at) -> list[PaperVersion]:
    """The papers as they are published, and again when a change of the consultation changes their words.

    Called inside a transaction that holds the lock of the consultation.
    """
    return _versions(tender, by, at, is_public=True)


def _versions(tender: Tender, by, at, *, is_public: bool) -> list[PaperVersion]:
    papers = selectors.papers_of(tender)
    if not papers:
        return []
    values = selectors.values_for(tender)
    facts = {paper.kind: selectors.paper_facts(paper, values) for paper in papers}
    facts[PaperKind.BPU] = selectors.price_facts(tender)
    made = [_version(tender, kind, said, by, at, is_public=is_public) for kind, said in facts.items()]
    return [version for version in made if version]


def _version(tender: Tender, kind: str, facts: dict, by, at, *, is_public: bool) -> PaperVersion | None:
    digest = journal.digest(facts)
    last = tender.paper_versions.filter(kind=kind).order_by("-number").first()
    if last and last.digest == digest and last.is_public == is_public:
        return None
    version = PaperVersion.objects.create(
        tender=tender,
        kind=kind,
        number=last.number + 1 if last else 1,
        facts=facts,
        digest=digest,
        is_public=is_public,
        made_by=by,
        made_at=at,
    )
    request_paper(version, by, at)
    return version


@transaction.atomic
def own_clause_save(
    *,
    organisation,
    code: str,
    paper: str,
    chapter: str,
    title: str,
    text: str,
    article: str,
    advice="",
    by,
    at,
) -> OwnClause:
    """Save a new version of a clause as the organisation writes it, for its next papers. Raises Refusal."""
    if not can_write_clauses(by, organisation):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation écrivent dans sa bibliothèque."), code="forbidden"
        )
    _demand_words(title, text)
    # The organisation is locked for its clauses, which are append-only: nobody may lock them.
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    last = OwnClause.objects.filter(organisation=organisation, code=code).first()
    saved = OwnClause.objects.create(
        organisation=organisation,
        code=code,
        version=last.version + 1 if last else 1,
        paper=paper,
        chapter=chapter,
        title=title.strip(),
        text=text.strip(),
        article=article.strip(),
        advice=advice.strip(),
        created_by=by,
        created_at=at,
    )
    facts = {"code": code, "version": saved.version, "title": saved.title, "text": saved.text}
    journal.record(
        by=by, action="tenders.clause_save", obj=saved, at=at, after=facts, organisation=organisation
    )
    return saved


def _paper_to_edit(paper: Paper, by) -> tuple[Tender, Paper]:
    tender = draft_to_edit(paper.tender, by=by)
    return tender, tender.papers.get(pk=paper.pk)


def _record(tender: Tender, by, at, after: dict) -> None:
    journal.record(by=by, action="tenders.papers", obj=tender, at=at, after=after, organisation=tender.buyer)
