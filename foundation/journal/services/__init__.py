"""Writing in the journal, and sealing it."""

from foundation.journal.digests import canonical, digest
from foundation.journal.services.checkpoints import (
    Forked,
    base64_token,
    checkpoint_ask,
    checkpoint_make,
    extract,
    receipt,
    timestamp_make,
)
from foundation.journal.services.entries import record

__all__ = [
    "Forked",
    "base64_token",
    "canonical",
    "checkpoint_ask",
    "checkpoint_make",
    "digest",
    "extract",
    "receipt",
    "record",
    "timestamp_make",
]
