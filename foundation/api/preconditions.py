"""Entity tags: what was read, and the promise that a write overwrites nothing unread (RFC 9110, RFC 6585)."""

import hashlib
import re

from rest_framework.renderers import JSONRenderer

from foundation.api.problems import ProblemError

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag_of(data) -> str:
    """The strong tag of a representation: two representations with the same tag are the same bytes."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:40]}"'


def matches(header: str, etag: str) -> bool:
    """Whether `If-Match` or `If-None-Match` names this tag; `*` names any.

    A front server that compresses an answer weakens its tag (`W/"…"`): the bytes before compression are the
    same, so the weak form is taken for the strong one.
    """
    return header.strip() == "*" or etag in _TAG.findall(header)


def require(header: str | None, etag: str) -> None:
    """Raise 428 without `If-Match`, 412 when the resource is no longer the one that was read."""
    if header is None:
        raise ProblemError("precondition_required")
    if not matches(header, etag):
        raise ProblemError("precondition_failed")
