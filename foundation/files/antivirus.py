"""The optional antivirus: a clamd server, asked when CLAMD_URL is set (tcp://host:3310 or unix:///path)."""

import io
import logging
from urllib.parse import urlsplit

import clamd
from django.conf import settings

from foundation.files.findings import Finding

logger = logging.getLogger(__name__)
DEFAULT_PORT = 3310


def is_configured() -> bool:
    """Whether this installation has an antivirus."""
    return bool(settings.CLAMD_URL)


def is_answering() -> bool:
    """Whether the configured server answers; for the page of operators."""
    try:
        return _server().ping() == "PONG"
    except (clamd.ClamdError, OSError):
        return False


def check(content: bytes) -> None:
    """Have the server read the content. Raises Finding: `malware`, or `antivirus_away` when in doubt."""
    if not is_configured():
        return
    try:
        [(verdict, signature)] = _server().instream(io.BytesIO(content)).values()
    except (clamd.ClamdError, OSError, ValueError, TypeError, AttributeError) as error:
        # The library answers None when the server hangs up without a word.
        logger.warning("antivirus away: %s", type(error).__name__)
        raise Finding("antivirus_away") from error
    if verdict == "FOUND":
        logger.warning("antivirus: signature %s", "".join(c for c in str(signature) if c.isprintable())[:80])
        raise Finding("malware")
    if verdict != "OK":
        raise Finding("antivirus_away")


def _server() -> clamd.ClamdNetworkSocket:
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        return clamd.ClamdUnixSocket(parts.path, timeout=settings.CLAMD_TIMEOUT)
    return clamd.ClamdNetworkSocket(
        parts.hostname, parts.port or DEFAULT_PORT, timeout=settings.CLAMD_TIMEOUT
    )
