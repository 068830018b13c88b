"""Files of this stage behind signed links."""

from django.core.exceptions import ValidationError

from foundation.errors import Refusal
from foundation.files import downloads, registry
from foundation.files.names import extension
from tenders import rules, services
from tenders.models import ComplementAnswer, Deed, QuestionFile, RequestedPiece, SealedPart, TenderDocument
from tenders.rules import public

DOCUMENT = "tenders.document"
OPENED_FILE = "tenders.opened_file"
PIECE = "tenders.piece"
DEED = "tenders.deed"
QUESTION_FILE = "tenders.question_file"
COMPLEMENT = "tenders.complement"


def document_file(document: TenderDocument) -> downloads.Download:
    """A file of the consultation; anyone may keep a copy of it once it is published."""
    return downloads.stored(
        document.file.name,
        name=document.name,
        media_type=document.content_type,
        size=document.size,
        digest=document.sha256,
        is_public=document.tender.is_public,
    )


def _find_document(user, object_id: str, at) -> downloads.Download | None:
    visible = TenderDocument.objects.filter(tender__in=rules.tenders_visible_to(user))
    document = visible.filter(pk=object_id).select_related("tender").first() if object_id.isdigit() else None
    return document_file(document) if document else None


def _find_opened_file(user, object_id: str, at) -> downloads.Download | None:
    try:
        part = SealedPart.objects.filter(pk=object_id, bid__in=rules.bids_visible_to(user)).first()
        return services.bid_file_download(part=part, by=user, at=at) if part else None
    except (Refusal, ValueError, ValidationError):
        return None


def _find_piece(user, object_id: str, at) -> downloads.Download | None:
    return _of_contract(
        user, RequestedPiece.objects.exclude(file=""), object_id, lambda row: row.content_type
    )


def _find_deed(user, object_id: str, at) -> downloads.Download | None:
    return _of_contract(user, Deed.objects.all(), object_id, lambda row: "application/pdf")


def piece_file(piece: RequestedPiece) -> downloads.Download:
    """A document that the future holder sent."""
    return downloads.stored(
        piece.file.name,
        name=piece.name,
        media_type=piece.content_type,
        size=piece.size,
        digest=piece.sha256,
    )


def _of_contract(user, rows, object_id: str, media_type) -> downloads.Download | None:
    rows = rows.select_related("contract__award__lot__tender")
    row = rows.filter(pk=object_id).first() if object_id.isdigit() else None
    if row is None or not rules.reads_contract(user, row.contract):
        return None
    return downloads.stored(
        row.file.name, name=row.name, media_type=media_type(row), size=row.size, digest=row.sha256
    )


def question_file(piece: QuestionFile, *, is_own: bool) -> downloads.Download:
    """A file sent with a question, under its own name for the firm only: a name may tell who asked."""
    neutral = f"question-piece-{piece.position}.{extension(piece.name)}"
    return downloads.stored(
        piece.file.name,
        name=piece.name if is_own else neutral,
        media_type=piece.content_type,
        size=piece.size,
        digest=piece.sha256,
    )


def _find_question_file(user, object_id: str, at) -> downloads.Download | None:
    visible = QuestionFile.objects.filter(question__in=public.questions_visible_to(user))
    piece = visible.filter(pk=object_id).select_related("question").first() if object_id.isdigit() else None
    return question_file(piece, is_own=public.can_follow_question(user, piece.question)) if piece else None


def _find_complement(user, object_id: str, at) -> downloads.Download | None:
    visible = rules.complement_answers_visible_to(user).exclude(content="")
    found = visible.filter(pk=object_id).first() if object_id.isdigit() else None
    return complement_file(found) if found else None


def complement_file(answer: ComplementAnswer) -> downloads.Download:
    """The file of an answer that completes a candidature."""
    return downloads.stored(
        answer.content.name,
        name=answer.name,
        media_type=answer.content_type,
        size=answer.size,
        digest=answer.sha256,
    )


def declare() -> None:
    """Fill the registry of signed links."""
    registry.register(registry.LinkKind(DOCUMENT, _find_document))
    registry.register(registry.LinkKind(COMPLEMENT, _find_complement))
    registry.register(registry.LinkKind(OPENED_FILE, _find_opened_file))
    registry.register(registry.LinkKind(PIECE, _find_piece))
    registry.register(registry.LinkKind(DEED, _find_deed))
    registry.register(registry.LinkKind(QUESTION_FILE, _find_question_file))
