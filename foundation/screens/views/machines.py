"""What machines and researchers look for at fixed addresses: robots.txt (RFC 9309), security.txt (RFC 9116)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

ROBOTS = "User-agent: *\nDisallow: /compte/\nDisallow: /recherche/\n"
"""What is public may be found; forms of sign-in and searches would be asked for without end."""
TEXT = "text/plain; charset=utf-8"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    return HttpResponse(ROBOTS, content_type=TEXT)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness, and until when this holds; 404 as long as nobody is named."""
    if not (settings.SECURITY_CONTACT and settings.SECURITY_EXPIRES):
        raise Http404
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {settings.SECURITY_EXPIRES.isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=TEXT)
