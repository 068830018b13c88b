"""The one service of every upload: nothing enters a storage without it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Model

from foundation.errors import Refusal
from foundation.files import antivirus, checker
from foundation.files.checks import opening
from foundation.files.enums import Verdict
from foundation.files.findings import Finding
from foundation.files.limits import MEBIBYTE
from foundation.files.models import Inspection
from foundation.files.names import extension, hides_an_extension, safe_name
from foundation.files.profiles import FORMATS, Profile


@dataclass(frozen=True)
class Checked:
    """A file that was found good. `size` in bytes, `sha256` in lower-case hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


def check_upload(upload: File, *, profile: Profile, field: str = "file") -> Checked:
    """Everything that is demanded of a file: name, size, content, antivirus.

    Raises Refusal with a French reason that says what to do, beside `field`. The file is left at its start.
    """
    name = safe_name(upload.name)
    try:
        content = _read(upload, name, profile)
        checker.check_content(extension(name), content, profile)
        antivirus.check(content)
    except Finding as found:
        raise Refusal.of([found.reason(name, types=profile.words, field=field)]) from found
    finally:
        upload.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    return Checked(name, FORMATS[extension(name)], len(content), digest)


def _read(upload: File, name: str, profile: Profile) -> bytes:
    """The content, read only when its name and its size are accepted."""
    opening.check_name(name, extension(name), profile, hides_an_extension(name))
    limit = profile.max_bytes
    if (upload.size or 0) <= limit:
        upload.seek(0)
        content = upload.read(limit + 1)
        if len(content) <= limit:
            return content
    raise Finding("size", limit=limit // MEBIBYTE)


def store(upload: File, *, folder: str, name: str) -> str:
    """Write a checked file in the storage, on disk to the platter; gives the name it has there."""
    upload.seek(0)
    return default_storage.save(f"{folder.strip('/')}/{safe_name(name)}", upload)


def examine(*, name: str, content: bytes, profile: Profile) -> Finding | None:
    """The whole check of a file that was already received: what an upload would be refused for, if anything.

    The antivirus reads it even when our own check found something or was given up: a known signature counts more.
    """
    found = None
    try:
        checker.check_content(extension(name), content, profile)
    except Finding as finding:
        found = finding
    if found is None or not found.is_malware:
        try:
            antivirus.check(content)
        except Finding as finding:
            found = finding if finding.is_malware else found or finding
    return found


def conclude(
    obj: Model, *, name: str, found: Finding | None, profile: Profile, at: datetime
) -> tuple[Inspection, bool]:
    """Keep what was found beside `obj`, once: gives the inspection, and whether it is this one.

    A signature of malware makes it dangerous; a check that did not come to its end, unreadable; anything else that an
    upload would be refused for, doubtful. Raises ValueError for a finding that passes: nothing is known yet.
    """
    if found and found.is_passing:
        raise ValueError(found.code)
    facts = {
        "verdict": _verdict(found),
        "code": found.code if found else "",
        "reason": found.reason(name, types=profile.words).message if found else "",
        "with_antivirus": antivirus.is_configured(),
        "inspected_at": at,
    }
    return Inspection.objects.get_or_create(
        object_type=obj._meta.label, object_id=str(obj.pk), defaults=facts
    )


def _verdict(found: Finding | None) -> Verdict:
    if found is None:
        return Verdict.CLEAN
    if found.is_malware:
        return Verdict.DANGEROUS
    return Verdict.UNREADABLE if found.is_unreadable else Verdict.DOUBTFUL
