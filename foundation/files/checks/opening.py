"""The type of a file by its first bytes: what can be said while it is still arriving."""

import filetype

from foundation.files.checks import signatures
from foundation.files.findings import Finding
from foundation.files.limits import HEAD_BYTES
from foundation.files.profiles import FORMATS, OFFICE, OPEN_DOCUMENT, TEXTS, Profile


def check_name(name: str, extension: str, profile: Profile, hides: bool) -> None:
    """Raises Finding when a file so called is not taken by the profile."""
    if hides:
        raise Finding("double_extension")
    if extension not in profile.extensions:
        raise Finding("type")


def check_head(extension: str, head: bytes) -> None:
    """Raises Finding when the first bytes are not those of the extension."""
    head = head[:HEAD_BYTES]
    if extension in TEXTS:
        _check_text_head(head)
    elif extension == "zip" or extension in OFFICE or extension in OPEN_DOCUMENT:
        if head.startswith(signatures.OLE):
            # A protected Word or Excel file is wrapped in the old container.
            raise Finding("encrypted" if extension in OFFICE else "mismatch")
        if not head.startswith(b"PK\x03\x04"):
            raise Finding("mismatch")
    else:
        kind = filetype.guess(head)
        if kind is None or kind.mime != FORMATS[extension]:
            raise Finding("mismatch")


def check_any_head(profile: Profile, head: bytes) -> None:
    """Raises Finding when the first bytes are those of no format of the profile: the name, hence the extension, is
    sealed.
    """
    for extension in sorted(profile.extensions):
        try:
            return check_head(extension, head)
        except Finding:
            continue
    raise Finding("mismatch")


def _check_text_head(head: bytes) -> None:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith(signatures.PROGRAMS) or signatures.is_archive(head) or head.startswith(b"{\\rtf"):
        raise Finding("mismatch")
    if not wide and (filetype.guess(head) is not None or b"\x00" in head):
        raise Finding("mismatch")
