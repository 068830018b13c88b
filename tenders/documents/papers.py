"""The written papers of a consultation (RC, CCAP, CCTP, AE): PDF and Word from the frozen facts of a version."""

from django.utils.translation import gettext as _

from foundation.documents import markup
from foundation.documents import services as documents
from foundation.documents.enums import DocumentForm
from foundation.documents.models import Document
from foundation.documents.registry import Column, DocumentKind, Section, Sheet
from tenders.documents.acts import TENDER_VARIABLES
from tenders.enums import PaperKind
from tenders.models import PaperVersion
from tenders.rules import public


def _sees_paper(user, document) -> bool:
    """A published version is everybody's; another one is for the buyer's people."""
    return bool(_papers_seen(user, [document]))


def _papers_seen(user, asked: list) -> list:
    versions = {document.object_id: document.subject for document in asked if document.subject}
    missing = {document.object_id for document in asked} - versions.keys()
    if missing:
        rows = PaperVersion.objects.filter(pk__in=missing).select_related("tender").defer("facts")
        versions.update((str(version.pk), version) for version in rows)
    seen = {key for key, version in versions.items() if public.can_read_paper(user, version)}
    return [document for document in asked if document.object_id in seen]


def paper_sections(document) -> list[Section]:
    """The words of the Word form: a section a clause, its table under it."""
    facts = document.facts
    return [
        _section(chapter, clause, facts["values"], is_first=clause is chapter["clauses"][0])
        for chapter in facts["chapters"]
        for clause in chapter["clauses"]
    ]


def _section(chapter: dict, clause: dict, values: dict, *, is_first: bool) -> Section:
    said = [
        f"– {block['text']}" if block["kind"] == "item" else block["text"]
        for block in markup.to_blocks(clause["text"], values)
    ]
    table = clause["table"] or {}
    title = f"{clause['number']} {clause['title']}"
    return Section(
        title=f"{chapter['title']} — {title}" if is_first else title,
        paragraphs=(*said, _("Référence : %(article)s.") % clause) if clause["article"] else tuple(said),
        caption=table.get("caption", ""),
        head=tuple(table.get("head", ())),
        rows=tuple(tuple(row) for row in table.get("rows", ())),
    )


def price_sheets(document) -> list[Sheet]:
    """The schedule (BPU), one sheet a lot with the prices left to write, then the simulation (DQE) of all lots."""
    facts = document.facts
    notes = (f"{facts['tender']['reference']} : {facts['tender']['title']}",)
    schedule = (Column(_("Code"), width=16), Column(_("Désignation"), width=60), Column(_("Unité"), width=14))
    price = Column(_("Prix unitaire HT"), "euros", 18)
    sheets = [
        Sheet(
            title=f"BPU {chapter['title']}",
            columns=(*schedule, price),
            notes=(*notes, _("Les prix comprennent tout. Ceux qui sont déposés en ligne font foi.")),
            rows=tuple((line["code"], line["label"], line["unit"], None) for line in chapter["clauses"]),
        )
        for chapter in facts["chapters"]
    ]
    simulation = Sheet(
        title="DQE",
        columns=(
            Column(_("Lot"), width=30),
            *schedule,
            Column(_("Quantité simulée"), "number", 16),
            price,
            Column(_("Total HT"), "euros", 18),
        ),
        notes=(*notes, _("Quantités de comparaison, sans valeur de commande.")),
        rows=tuple(
            (chapter["title"], line["code"], line["label"], line["unit"], line["quantity"], None, None)
            for chapter in facts["chapters"]
            for line in chapter["clauses"]
        ),
    )
    return [*sheets, simulation]


def code_of(kind: str) -> str:
    """The kind of document of a paper."""
    return f"tenders.paper_{kind}"


WRITTEN = tuple(
    DocumentKind(
        code=code_of(kind.value),
        label=kind.label,
        template="documents/tenders/paper.html",
        forms=(DocumentForm.PDF, DocumentForm.DOCX),
        sections=paper_sections,
        can_see=_sees_paper,
        see_many=_papers_seen,
        variables=TENDER_VARIABLES,
    )
    for kind in PaperKind
    if kind != PaperKind.BPU
)
PRICES = DocumentKind(
    code=code_of(PaperKind.BPU.value),
    label=PaperKind.BPU.label,
    forms=(DocumentForm.XLSX,),
    sheets=price_sheets,
    can_see=_sees_paper,
    see_many=_papers_seen,
    takes_clauses=False,
)
KINDS = (*WRITTEN, PRICES)


def request_paper(version: PaperVersion, by, at) -> Document:
    """Have a version laid out, as a draft until it is published."""
    tender = version.tender
    title = _("%(paper)s, version %(number)s : %(reference)s") % {
        "paper": version.get_kind_display(),
        "number": version.number,
        "reference": tender.reference,
    }
    return documents.document_request(
        kind=code_of(version.kind),
        obj=version,
        facts=version.facts,
        title=title,
        by=by,
        at=at,
        organisation=tender.buyer,
        is_draft=not version.is_public,
    )
