"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same demand sent twice acts once.

What was answered is written in the transaction of the act: after a crash there is either both or neither.
Only answers of success are kept: a refusal changed nothing and may be tried again with the same key.
"""

import hashlib
import json
import re
from datetime import timedelta

from django.db import connection
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from foundation import ciphers, clock
from foundation.api.models import KeptAnswer
from foundation.api.problems import ProblemError

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE = re.compile(r"[\x21-\x7e]+")
_KEPT_HEADERS = ("ETag", "Location", "Cache-Control")
PURPOSE = "kept answers"


def key_of(request, *, is_keyless=False) -> str | None:
    """The key of this request, None without one; a structured string or, as most send it, a bare one.

    A keyless door refuses the key rather than promise what it does not do: it takes files, and two demands cannot be
    compared without reading them.
    """
    given = request.headers.get(HEADER)
    if given is None or request.method != "POST":
        return None
    if is_keyless:
        raise ProblemError(
            "idempotency_key_invalid",
            _(
                "Cette adresse ne prend pas de clé d’idempotence : lisez d’abord ce que le premier envoi a fait."
            ),
        )
    quoted = _QUOTED.fullmatch(given.strip())
    key = quoted.group(1) if quoted else given.strip()
    if not 1 <= len(key) <= 255 or not (quoted or _BARE.fullmatch(key)):
        raise ProblemError("idempotency_key_invalid")
    return key


def once(request, key, act, *, is_secret=False):
    """The answer of `act()`, or the one kept for this caller and key. Call within a transaction.

    An answer that holds a secret (`is_secret`) is kept encrypted, and sent again without any cache keeping it.
    Raises the problems 409 while the same key is being worked on and 422 when it came with another demand.
    """
    if not _held(request.user, key):
        raise ProblemError("idempotency_in_progress", headers={"Retry-After": "1"})
    fingerprint, now = _fingerprint(request), clock.now()
    kept = KeptAnswer.objects.filter(user=request.user, key=key).first()
    if kept is not None and kept.created_at > now - KEPT_FOR:
        if kept.fingerprint != fingerprint:
            raise ProblemError("idempotency_mismatch")
        return _replayed(kept, is_secret=is_secret)
    response = act()
    if response.status_code < 300:
        _keep(request.user, key, fingerprint, response, now, is_secret=is_secret)
    return response


def sweep(*, at) -> int:
    """Forget the answers that are no longer replayed; returns how many."""
    return KeptAnswer.objects.filter(created_at__lte=at - KEPT_FOR).delete()[0]


def _held(user, key) -> bool:
    """Whether this transaction is the only one at work on the key; PostgreSQL lets go when it ends."""
    number = int.from_bytes(hashlib.sha256(f"{user.pk} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def _fingerprint(request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    demand = f"{request.method} {request.get_full_path()}\n{body}"
    # Under the secret of the installation: nobody tries passphrases or prices on a copy of the database.
    return salted_hmac(PURPOSE, demand, algorithm="sha256").hexdigest()


def _keep(user, key, fingerprint, response, now, *, is_secret=False):
    body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    if is_secret:
        body = ciphers.encrypt(body, purpose=PURPOSE)
    facts = {
        "fingerprint": fingerprint,
        "status": response.status_code,
        "body": body,
        "headers": {name: response[name] for name in _KEPT_HEADERS if name in response},
        "created_at": now,
    }
    KeptAnswer.objects.update_or_create(user=user, key=key, defaults=facts)


def _replayed(kept, *, is_secret=False):
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    body = ciphers.decrypt(kept.body, purpose=PURPOSE) if is_secret else kept.body
    return HttpResponse(body, status=kept.status, content_type="application/json", headers=headers)
