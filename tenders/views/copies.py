"""The depositor's own copy when the server sealed: names and digests cross the redirect in a cookie, nowhere else."""

import json

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from foundation import ciphers
from tenders.enums import PartKind

NAME = "jalon-copie"
SECONDS = 600
PURPOSE = "own copy of a bid"
LONGEST = 3500
"""Bytes of a cookie that every browser keeps, some left for its name and path."""


def keep_copy(answer: HttpResponse, bid, envelope) -> HttpResponse:
    """The redirect to the receipt, with the names that only this request knows, encrypted for the server."""
    told = {
        str(part.id): [part.name, part.plain_size]
        for part in envelope.parts
        if part.kind == PartKind.FILE and part.name
    }
    sealed = ciphers.encrypt(json.dumps(told), purpose=PURPOSE)
    if told and len(sealed) <= LONGEST:
        answer.set_cookie(
            NAME,
            sealed,
            max_age=SECONDS,
            path=reverse("tenders:bid", args=[bid.pk]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return answer


def copy_of(request) -> dict[str, list]:
    """{part: [name, size]} of the deposit whose receipt is read, when this browser has just made it."""
    try:
        return json.loads(ciphers.decrypt(request.COOKIES.get(NAME, ""), purpose=PURPOSE))
    except (InvalidToken, ValueError):
        return {}
