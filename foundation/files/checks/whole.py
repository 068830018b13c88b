"""The whole check of a file, by its family; an archive's files are each checked as a file would be."""

from foundation.files import limits
from foundation.files.checks import archives, images, office, opendocument, opening, pdf, signatures, texts
from foundation.files.findings import Finding
from foundation.files.names import extension as extension_of
from foundation.files.names import hides_an_extension, safe_name
from foundation.files.profiles import ANY_OFFICE, IMAGES, OFFICE, OPEN_DOCUMENT, TEXTS, Profile

_SYSTEM_ENTRIES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def warm() -> None:
    """Have the readers read what they only read at their first use."""
    pdf.warm()


def check_content(extension: str, content: bytes, profile: Profile, depth: int = 0) -> None:
    """Everything that can be said of a content whose extension is known. Raises Finding."""
    if not content:
        raise Finding("empty")
    if signatures.has_malware(content):
        raise Finding("malware")
    opening.check_head(extension, content)
    if extension == "pdf":
        pdf.check_pdf(content, takes_invoice=profile.takes_invoice)
    elif extension in IMAGES:
        images.check_image(content)
    elif extension in TEXTS:
        texts.check_text(extension, content)
    elif extension == "zip":
        _check_archive(content, profile, depth)
    else:
        _check_package(extension, content, profile, depth)


def _check_package(extension: str, content: bytes, profile: Profile, depth: int) -> None:
    """An office file: a ZIP with its own rules, whose embedded office files are followed once."""
    archives.check_frame(content)
    found = []
    for entry in archives.entries(content):
        if signatures.has_malware(entry.content):
            raise Finding("malware")
        found.append(entry)
    family = office if extension in OFFICE else opendocument
    for inner in family.check_entries(extension, found):
        kind = extension_of(inner.name)
        if kind not in OFFICE | OPEN_DOCUMENT or depth >= limits.ARCHIVE_DEPTH:
            raise Finding("embedded")
        check_content(kind, inner.content, profile, depth + 1)


def _check_archive(content: bytes, profile: Profile, depth: int) -> None:
    if depth:
        raise Finding("archive_nested")
    for entry in archives.entries(content):
        name = entry.name.rsplit("/", 1)[-1]
        if entry.name.startswith(_SYSTEM_ENTRIES) or name in _SYSTEM_ENTRIES or name.startswith("._"):
            if signatures.has_malware(entry.content) or entry.content.startswith(signatures.PROGRAMS):
                raise Finding("malware")
            continue
        _check_entry(name, entry.content, profile, depth)


def _check_entry(name: str, content: bytes, profile: Profile, depth: int) -> None:
    kind = extension_of(name)
    if kind == "zip" or (signatures.is_archive(content) and kind not in OFFICE | OPEN_DOCUMENT):
        raise Finding("archive_nested")
    if not content:
        return  # an empty placeholder in a folder hides nothing
    try:
        allowed = ANY_OFFICE.extensions | profile.extensions
        if kind not in allowed or hides_an_extension(safe_name(name)):
            raise Finding("type")
        check_content(kind, content, profile, depth + 1)
    except Finding as found:
        raise Finding("archive", inner=safe_name(name), malware=found.is_malware) from found
