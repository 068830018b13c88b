"""A fresh sign-in before a sensitive act: the person proved who he is less than ten minutes ago.

A form asks when it is opened, so that it is still fresh when it is sent. When the time ran out meanwhile, what was
typed waits in the session and is sent once the password or the code was given; passwords and files do not wait.
"""

import json
import re
import time
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication

from foundation.errors import Refusal

SECRET_FIELDS = re.compile(r"pass|secret|code|token", re.IGNORECASE)
"""Fields that never wait in the session."""
NOT_KEPT = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")


def is_fresh(request) -> bool:
    """Whether the last password, code or provider's answer of this session is less than ten minutes old."""
    records = get_authentication_records(request, request.user)
    last = max((record["at"] for record in records), default=0)
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def fresh_sign_in_required(view):
    """Decorator of pages: asks to sign in again when the session is not fresh. Placed under `login_required`."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not request.user.is_authenticated or is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return asked


def fresh_sign_in_for_posts(view):
    """The same for a page that everyone who may see it reads, and that only some send: reading asks nothing."""
    strict = fresh_sign_in_required(view)

    @wraps(view)
    def asked(request, *args, **kwargs):
        return (strict if request.method == "POST" else view)(request, *args, **kwargs)

    return asked


def fresh_session_or_token(action):
    """Decorator of the API's sensitive actions: a browser session must be fresh, a token needs nothing more.

    A token was made from a fresh session and is not sent by a browser left open (docs/adr/0012).
    """

    @wraps(action)
    def asked(self, request, *args, **kwargs):
        by_session = isinstance(request.successful_authenticator, SessionAuthentication)
        if by_session and not is_fresh(request):
            raise Refusal(
                _(
                    "Cette action demande une connexion de moins de dix minutes, ou un jeton : reconnectez-vous."
                ),
                code="fresh_sign_in",
            )
        return action(self, request, *args, **kwargs)

    return asked


def with_next(url: str, here: str) -> str:
    """`url` with the page to come back to."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'next': here})}"


def _ask(request):
    """Where the person proves who he is, before coming back here."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = methods[0]["url"] if methods else reverse("account_logout")
    if request.method != "POST":
        return redirect(with_next(url, request.get_full_path()))
    if request.FILES:
        messages.warning(request, _("Votre connexion datait : les fichiers joints n’ont pas pu être gardés."))
        return redirect(with_next(url, _page_of(request)))
    request.session[STATE_SESSION_KEY] = {"request": _kept(request)}
    return redirect(with_next(url, request.path))


def _kept(request):
    """The request as allauth sends it again, without secrets."""
    typed = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not SECRET_FIELDS.search(name) or name == "csrfmiddlewaretoken":
            typed.setlist(name, values)
    meta = {k: v for k, v in request.META.items() if isinstance(v, str) and k not in NOT_KEPT}
    return json.dumps(
        {
            "path": request.path,
            "path_info": request.path_info,
            "META": meta,
            "GET": request.GET.urlencode(),
            "POST": typed.urlencode(),
            "method": "POST",
            "scheme": request.scheme,
        }
    )


def _page_of(request):
    """The page whose form was sent: its address is never another site's."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() and page.path else reverse("screens:dashboard")
