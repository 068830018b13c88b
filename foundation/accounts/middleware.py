"""In which organisation a person works, when a session was last seen, and that no browser keeps what it shows."""

from django.contrib.auth import get_user
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty

from foundation import clock
from foundation.accounts import sessions

CHOSEN = "accounts.organisation"
"""Key of the session: the id of the organisation chosen, None for all of them."""


class PlaceMiddleware:
    """Puts on the user the organisation chosen in this session, and notes that the session is used.

    Nothing is read before somebody asks who is there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = SimpleLazyObject(lambda: _user_of(request))
        response = self.get_response(request)
        known = getattr(request, "_cached_user", None)
        if known is not None and known.is_authenticated and request.session.session_key:
            sessions.seen(request.session.session_key, clock.now())
        return response


def _user_of(request):
    user = get_user(request)
    if user.is_authenticated and CHOSEN in request.session:
        user.last_organisation_id = request.session[CHOSEN]
    return user


class PrivateMiddleware:
    """What is answered to a signed-in person is kept by no cache, not even the disk of a shared computer.

    A view that says something else about its answer keeps its word: public files, answers that carry a tag.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_signed_in(request.user):
            response.headers.setdefault("Cache-Control", "private, no-store")
            patch_vary_headers(response, ["Cookie"])
        return response


def _is_signed_in(user) -> bool:
    """Nothing is asked for this: who was not looked at had no part in the answer."""
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return False
    return user.is_authenticated
