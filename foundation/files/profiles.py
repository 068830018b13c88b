"""What a door accepts: formats and size. An app declares its profiles beside the service that takes files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

FORMATS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "zip": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "xml": "application/xml",
}
"""Extension → media type. Common formats, JSON and XML among them (P25 of the law's list of functions)."""

TEXTS = frozenset({"txt", "md", "csv", "json", "xml"})
OFFICE = frozenset({"docx", "xlsx", "pptx"})
OPEN_DOCUMENT = frozenset({"odt", "ods", "odp"})
IMAGES = frozenset({"png", "jpg", "jpeg"})

_LABELS = {
    "PDF": {"pdf"},
    "Word": {"docx"},
    "Excel": {"xlsx"},
    "PowerPoint": {"pptx"},
    "OpenDocument": OPEN_DOCUMENT,
    "ZIP": {"zip"},
    "PNG": {"png"},
    "JPEG": {"jpg", "jpeg"},
    "TXT": {"txt", "md"},
    "CSV": {"csv"},
    "JSON": {"json"},
    "XML": {"xml"},
}


@dataclass(frozen=True)
class Profile:
    """What one kind of upload accepts. `own_limit` in bytes replaces the installation's (FILE_MAX_BYTES).

    `takes_invoice`: a PDF/A-3 that carries its own invoice as XML (Factur-X) is accepted; otherwise no PDF carries a
    file.
    """

    code: str
    extensions: frozenset[str] = field(default_factory=lambda: frozenset(FORMATS))
    own_limit: int = 0
    takes_invoice: bool = False

    @property
    def max_bytes(self) -> int:
        """The largest file taken."""
        return self.own_limit or settings.FILE_MAX_BYTES

    @property
    def words(self) -> str:
        """The formats as a person names them."""
        return ", ".join(label for label, found in _LABELS.items() if found & self.extensions)

    @property
    def accept(self) -> str:
        """The hint that a browser's file chooser takes."""
        return ",".join(f".{extension}" for extension in FORMATS if extension in self.extensions)


ANY_OFFICE = Profile("files.office")
"""Every format of an office: what most doors take."""
