"""The authority that stamps time (RFC 3161): the one of the settings, else one of development, not qualified."""

import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from foundation.journal import development_authority
from foundation.journal.verifier import Broken, check_stamp

LARGEST_ANSWER = 64 * 1024


class AuthorityAway(Exception):
    """The authority did not answer, or its answer does not hold: nothing is stored, the sweep will ask again."""


@dataclass(frozen=True)
class Token:
    """A token that was checked."""

    token: bytes
    stamped_at: datetime
    authority: str


def is_configured() -> bool:
    """Whether there is any authority to ask."""
    return bool(settings.TSA_URL) or settings.JOURNAL_DEVELOPMENT


def is_development() -> bool:
    """Whether the authority is the one of development."""
    return not settings.TSA_URL


def is_qualified() -> bool:
    """Whether the installation declares that its authority is qualified (eIDAS, article 42)."""
    return bool(settings.TSA_URL) and settings.TSA_QUALIFIED


def certificates() -> bytes:
    """The PEM certificates that the tokens must lead to."""
    if settings.TSA_URL:
        return Path(settings.TSA_CA_FILE).read_bytes()
    return development_authority.certificates()


def stamp(message: bytes) -> Token:
    """A token on `message`, checked by the library and as the stand-alone verifier will. Raises AuthorityAway."""
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = _asked(request.as_bytes())
        response = decode_timestamp_response(answer)
        trusted = certificates()
        verifier = VerifierBuilder.from_request(request)
        for certificate in load_pem_x509_certificates(trusted):
            verifier = verifier.add_root_certificate(certificate)
        verifier.build().verify_message(response, message)
        token = response.time_stamp_token()
        stamped_at, name = check_stamp(token, message, trusted)
    except (OSError, ValueError, VerificationError, Broken) as error:
        raise AuthorityAway(f"{type(error).__name__}: {error}") from error
    return Token(token, stamped_at, name)


def _asked(request: bytes) -> bytes:
    if not settings.TSA_URL:
        return development_authority.answer(request)
    asking = urllib.request.Request(  # noqa: S310 (an address of the settings, not of a person)
        settings.TSA_URL, data=request, headers={"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(asking, timeout=settings.TSA_TIMEOUT) as answer:  # noqa: S310
        return answer.read(LARGEST_ANSWER)
