"""The words of a message, in French, from its templates."""

from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils import translation

from foundation.notifications import links
from foundation.notifications.guests import Guest
from foundation.notifications.registry import MessageKind


def subject_of(kind: MessageKind, recipient, context: dict, url: str) -> str:
    """The subject on one line, at most 250 characters."""
    text = _render(kind, "subject.txt", recipient, context, url)
    return " ".join(text.split())[:250]


def text_of(kind: MessageKind, recipient, context: dict, url: str) -> str:
    """The plain text of the e-mail."""
    return _render(kind, "body.txt", recipient, context, url).strip() + "\n"


def html_of(kind: MessageKind, recipient, context: dict, url: str) -> str:
    """The same message in HTML."""
    return _render(kind, "body.html", recipient, context, url)


def unsubscribe_url(kind: MessageKind, recipient) -> str:
    """Where this person stops the e-mails of this kind, without signing in; empty for those due by law.

    A guest asked to be told, and may always stop.
    """
    if isinstance(recipient, Guest):
        return f"{settings.PUBLIC_URL}{recipient.leave_path}"
    return "" if kind.legal else f"{settings.PUBLIC_URL}{links.unsubscribe_path(recipient.pk, kind.code)}"


def _render(kind: MessageKind, part: str, recipient, context: dict, url: str) -> str:
    # The platform's own words come last: no key of the context may take their place.
    facts = {
        **context,
        "recipient": recipient,
        "url": f"{settings.PUBLIC_URL}{url}",
        "is_guest": isinstance(recipient, Guest),
        "site": settings.PUBLIC_URL,
        "kind": kind,
        "unsubscribe_url": unsubscribe_url(kind, recipient),
        "preferences_url": f"{settings.PUBLIC_URL}{reverse('notifications:preferences')}",
    }
    template = Engine.get_default().get_template(f"email/{kind.template}/{part}")
    # Plain text has nothing to escape: « l'atelier » must not arrive as « l&#x27;atelier ».
    with translation.override("fr"):
        return template.render(Context(facts, autoescape=part.endswith(".html")))
