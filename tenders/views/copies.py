"""The depositor's own copy when the server sealed: names and digests cross the redirect in a cookie, nowhere else."""

import base64
import json
import re
import zlib

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation import ciphers
from foundation.files.profiles import FORMATS
from tenders.enums import PartKind

NAME = "jalon-copie"
SECONDS = 600
PURPOSE = "own copy of a bid"
LONGEST = 3800
"""Characters of a cookie that every browser keeps, some left for its name and path."""
NAMED, DIGEST = "nom-", "empreinte-"
"""Hidden fields by which the page gives back what the server forgets of a file: its name, its digest in clear."""
_HEX64 = re.compile(r"[0-9a-f]{64}")


def name_parts(envelope, posted) -> None:
    """Give the files that came before the names and digests that the page of their sender still knows."""
    for part in envelope.parts:
        if part.kind == PartKind.FILE and not part.name:
            part.name = posted.get(f"{NAMED}{part.id}", "")[:255]
            part.content_type = FORMATS.get(part.name.rpartition(".")[2].lower(), "")
            digest = posted.get(f"{DIGEST}{part.id}", "")
            part.plain_sha256 = digest if _HEX64.fullmatch(digest) else ""


def keep_copy(answer: HttpResponse, bid, envelope) -> HttpResponse:
    """The redirect to the receipt, with what only this request knows, encrypted for the server."""
    if not envelope.contents:
        return answer
    packed = base64.b64encode(zlib.compress(json.dumps(envelope.contents).encode(), 9)).decode()
    sealed = ciphers.encrypt(packed, purpose=PURPOSE)
    if len(sealed) <= LONGEST:
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


def copy_of(request) -> dict:
    """The contents of the deposit that this browser has just made, or nothing."""
    try:
        packed = ciphers.decrypt(request.COOKIES.get(NAME, ""), purpose=PURPOSE)
        return json.loads(zlib.decompress(base64.b64decode(packed)))
    except (InvalidToken, ValueError, zlib.error):
        return {}


@require_safe
@never_cache
@login_required
def own_copy(request, bid_pk):
    """What one wrote, with the salt that opens the commitment of the bid: for ten minutes, in this browser."""
    contents = copy_of(request)
    if contents.get("bid") != str(bid_pk):
        raise Http404
    answer = JsonResponse(contents, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="pli-{bid_pk}-copie.json"'
    return answer
