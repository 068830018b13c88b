"""Signed links of the messages to followers and owners of saved searches: each opens one thing, without signing in."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from tenders.models import Follower, SavedSearch

PROOF_LASTS = timedelta(days=3)
_CONFIRM = signing.TimestampSigner(salt="tenders.follow.confirm")
_LEAVE = signing.Signer(salt="tenders.follow.leave")
_STOP = signing.Signer(salt="tenders.search.stop")


def confirm_path(follower: Follower) -> str:
    """Where the owner of the address proves it, for three days."""
    return reverse("tenders:follow_confirm", args=[_CONFIRM.sign_object([follower.pk, follower.email])])


def read_confirm(token: str) -> Follower | None:
    """Who proves; None for a link that is not ours, too old, or whose registration is gone."""
    try:
        pk, email = _CONFIRM.unsign_object(token, max_age=PROOF_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return _of(pk, email)


def leave_path(follower: Follower) -> str:
    """Where the owner of the address stops; never expires: an e-mail may be read years later."""
    return reverse("tenders:follow_leave", args=[_LEAVE.sign_object([follower.pk, follower.email])])


def read_leave(token: str) -> tuple[bool, Follower | None]:
    """Whether the link is ours, and who leaves: None once he has left."""
    try:
        pk, email = _LEAVE.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return False, None
    return True, _of(pk, email)


def _of(pk, email) -> Follower | None:
    return Follower.objects.filter(pk=pk, email=email).select_related("tender__buyer").first()


def stop_path(search: SavedSearch) -> str:
    """Where the owner of a search stops its messages; never expires."""
    return reverse("tenders:search_stop", args=[_STOP.sign_object([search.pk, search.user_id])])


def read_stop(token: str) -> SavedSearch | None:
    """The search to be silenced; None for a link that is not ours or a search that is gone."""
    try:
        pk, user_id = _STOP.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return SavedSearch.objects.filter(pk=pk, user_id=user_id).first()
