"""Files of the consultation (DCE): checked, then kept."""

from foundation.files import services as files
from tenders.models import Tender, TenderDocument
from tenders.profiles import CONSULTATION_FILE


def document_store(tender: Tender, title: str, upload, at) -> TenderDocument:
    """Check a file and put it in the consultation's file. Called under its lock. Raises Refusal."""
    checked = files.check_upload(upload, profile=CONSULTATION_FILE)
    document = TenderDocument(
        tender=tender,
        title=title or checked.name,
        name=checked.name,
        content_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        added_at=at,
    )
    folder = f"tenders/documents/{tender.pk}"
    document.file.name = files.store(upload, folder=folder, name=checked.name)
    document.save()
    return document
