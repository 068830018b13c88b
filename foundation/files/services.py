"""The one service of every upload: nothing enters a storage without it."""

import hashlib
from collections.abc import Callable
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


def inspect(
    obj: Model, *, name: str, read: Callable[[], bytes], profile: Profile, at: datetime
) -> Inspection:
    """Check a file that was already received, and keep what is found beside `obj`. Never raises a Finding.

    `read` gives its content, held in memory only.

    A signature of malware makes it dangerous; anything else that an upload would be refused for, doubtful.
    When the antivirus is away nothing is kept: the next reading asks again.
    """
    found = _finding(name, read(), profile)
    verdict = Verdict.CLEAN
    if found:
        verdict = Verdict.DANGEROUS if found.is_malware else Verdict.DOUBTFUL
    facts = {
        "verdict": verdict,
        "code": found.code if found else "",
        "reason": found.reason(name, types=profile.words).message if found else "",
        "with_antivirus": antivirus.is_configured(),
        "inspected_at": at,
    }
    key = {"object_type": obj._meta.label, "object_id": str(obj.pk)}
    if found and found.code == "antivirus_away":
        return Inspection(**key, **facts)
    return Inspection.objects.get_or_create(**key, defaults=facts)[0]


def _finding(name: str, content: bytes, profile: Profile) -> Finding | None:
    try:
        checker.check_content(extension(name), content, profile)
        antivirus.check(content)
    except Finding as found:
        return found
    return None
