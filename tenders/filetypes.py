"""Which files are taken: size, name, and type read from the first bytes, not from what the browser says."""

import re
import unicodedata
from pathlib import PurePosixPath

import filetype
from django.utils.translation import gettext as _

from foundation.errors import Reason

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_NAME_LENGTH = 150

ALLOWED = {
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
"""Common formats, JSON and XML among them (P25)."""

_TEXTS = {"txt", "md", "csv", "json", "xml"}
_ZIPPED = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"}
_DANGEROUS = {
    *("exe", "dll", "com", "bat", "cmd", "msi", "scr", "ps1", "vbs", "js", "jse", "wsf", "hta", "jar", "sh"),
    *("html", "htm", "svg", "php", "py", "pl", "lnk", "iso", "docm", "xlsm", "pptm", "apk", "app", "deb"),
}
ACCEPTED_WORDS = "PDF, Word, Excel, PowerPoint, OpenDocument, ZIP, PNG, JPEG, TXT, CSV, JSON, XML"


def safe_name(name: str) -> str:
    """A file's name without path, control or direction characters, cut to a length every system accepts."""
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or "fichier"
    path = PurePosixPath(name)
    return path.stem[: MAX_NAME_LENGTH - len(path.suffix)] + path.suffix


def extension(name: str) -> str:
    """The extension in lower case, without its dot."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def name_reason(name: str) -> Reason | None:
    """Why a file so called is refused; None when it is taken."""
    shown = safe_name(name)
    inner = {part.lower() for part in shown.split(".")[1:-1]}
    if inner & _DANGEROUS:
        message = _("Le fichier « %(name)s » porte deux extensions : renommez-le avec une seule.")
        return Reason(message % {"name": shown}, field="files")
    if extension(shown) not in ALLOWED:
        return _type_reason(shown)
    return None


def first_bytes_reason(name: str, head: bytes) -> tuple[str, Reason | None]:
    """The content type of a file by its first bytes, and why it is refused if it is."""
    wanted = extension(name)
    kind = filetype.guess(head[:8192])
    if wanted in _TEXTS:
        plain = kind is None and b"\x00" not in head[:8192] and not head.startswith((b"MZ", b"#!"))
        return ALLOWED[wanted], None if plain else _mismatch_reason(name)
    found = kind.extension if kind else ""
    zipped = wanted in _ZIPPED and head.startswith(b"PK\x03\x04")
    same = found == wanted or (wanted == "jpeg" and found == "jpg")
    return ALLOWED.get(wanted, ""), None if same or zipped else _mismatch_reason(name)


def size_reason(name: str, size: int) -> Reason | None:
    """Why a file of this size is refused; None when it is taken."""
    if size <= MAX_FILE_BYTES:
        return None
    message = _(
        "Le fichier « %(name)s » dépasse %(limit)s Mo : réduisez-le ou partagez-le en plusieurs fichiers."
    )
    return Reason(message % {"name": name, "limit": MAX_FILE_BYTES // (1024 * 1024)}, field="files")


def _type_reason(name: str) -> Reason:
    message = _("Le fichier « %(name)s » n'est pas d'un type accepté. Types acceptés : %(types)s.")
    return Reason(message % {"name": name, "types": ACCEPTED_WORDS}, field="files")


def _mismatch_reason(name: str) -> Reason:
    message = _(
        "Le contenu du fichier « %(name)s » ne correspond pas à son extension : enregistrez-le de nouveau "
        "dans un "
        "des types acceptés (%(types)s)."
    )
    return Reason(message % {"name": name, "types": ACCEPTED_WORDS}, field="files")
