"""The one door of signed links."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.files import links, registry
from foundation.files.responses import file_response


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file, to the person the link was made for, while it is valid and as long as the right lasts."""
    at = now()
    link = links.read(token, at)
    if link is None or link.user_id != (request.user.pk or 0):
        raise Http404
    kind = registry.find(link.kind)
    found = kind.find(request.user, link.object_id, at) if kind else None
    if found is None:
        raise Http404
    return file_response(request, found)


def to_signed_link(request: HttpRequest, kind: str, object_id: object):
    """From a lasting address, once the right was checked, to the link of this person and this moment."""
    response = redirect(links.signed_path(kind, object_id, request.user, now()))
    response.headers["Cache-Control"] = "private, no-store"
    return response
