from datetime import timedelta

from django.db import transaction

from foundation.api.models import AccessToken
from foundation.journal import services as journal

# How long a token may live: an owner renews it, nobody forgets one for ever.
LIFETIMES_DAYS = (7, 30, 90, 365)


@transaction.atomic
def token_create(*, name, lifetime_days, by, at):
    """Give `by` a new token; returns (AccessToken, secret), the secret being shown only once."""
    token, secret = AccessToken.objects.create(user=by, name=name, expiry=timedelta(days=lifetime_days))
    AccessToken.objects.filter(pk=token.pk).update(created=at, expiry=at + timedelta(days=lifetime_days))
    token.refresh_from_db()
    journal.record(by=by, action="api.create_token", obj=by, at=at, after=_facts(token))
    return token, secret


@transaction.atomic
def token_revoke(*, token, by, at):
    """Put an end to this token at once; what uses it answers 401 from now on."""
    facts = _facts(token)
    token.delete()
    journal.record(by=by, action="api.revoke_token", obj=by, at=at, before=facts)


def _facts(token):
    return {"name": token.name, "expires_at": token.expiry.isoformat(), "key": token.token_key}
