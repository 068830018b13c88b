"""In which organisation a person works, and when a session was last seen."""

from django.contrib.auth import get_user
from django.utils.functional import SimpleLazyObject

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
