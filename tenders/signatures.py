"""What a signed PDF says: who signed, when, with which certificate, and whether the content is intact.

The platform holds no trusted list: it never calls a certificate qualified, it says whether the certificate
claims to be. The PDF is read by a process apart.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from django.conf import settings

from foundation.isolation.pool import Bounds, JobError, Pool

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class SignatureFacts:
    """One signature of a PDF. `claims_qualified`: said by the certificate itself, verified by nobody here."""

    signer: str
    issuer: str
    serial: str
    signed_at: datetime | None
    is_intact: bool
    claims_qualified: bool
    is_self_signed: bool
    expires_at: datetime | None

    @property
    def facts(self) -> dict:
        """As a row keeps it."""
        dates = {"signed_at": self.signed_at, "expires_at": self.expires_at}
        return {**asdict(self), **{name: day.isoformat() if day else "" for name, day in dates.items()}}


def signatures_of(file) -> list[SignatureFacts]:
    """The signatures of a PDF, in their order; empty when it has none. Raises ValueError when it is not read."""
    try:
        answer, _made = _pool().run({}, [file.read()])
        return [_signature(found) for found in answer["signatures"]]
    except (JobError, KeyError, TypeError) as error:
        raise ValueError("not a readable PDF") from error


@cache
def _pool() -> Pool:
    seconds, megabytes = settings.FILE_CHECK_SECONDS, settings.FILE_CHECK_MEGABYTES
    # It reads its own modules as it goes, hence a file of one byte, which leaves files open to it.
    bounds = Bounds(seconds, 2 * seconds, megabytes, file_bytes=1)
    return Pool("tenders.signature_reading", bounds, places=1, patience=PATIENCE_SECONDS)


def _signature(found: dict) -> SignatureFacts:
    dates = {name: _instant(found[name]) for name in ("signed_at", "expires_at")}
    return SignatureFacts(**{**found, **dates})


def _instant(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
