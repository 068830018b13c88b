"""Messages this app sends."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concierge.models import Certificate
from concierge.rules import KEEPERS
from foundation.accounts.selectors import users_with_role
from foundation.notifications import services as notifications
from foundation.notifications.registry import MessageKind, register

KINDS = [
    MessageKind(
        code="concierge.certificate_ending",
        label=_("Une pièce de mon entreprise arrive à son terme"),
        template="certificate_ending",
        example={
            "organisation": "Atelier Numérique Coopératif",
            "certificate": "Attestation de vigilance (Urssaf)",
            "last_day": "2026-12-24",
            "is_over": False,
        },
    )
]


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in KINDS:
        register(kind)


def tell_ending(certificate: Certificate, *, is_over: bool, at) -> None:
    """Tell the keepers of a file that one of its papers ends, or has ended."""
    organisation = certificate.file.organisation
    notifications.notify(
        kind="concierge.certificate_ending",
        recipients=list(users_with_role(organisation, *KEEPERS)),
        obj=certificate.file,
        context={
            "organisation": organisation.name,
            "certificate": str(certificate),
            "last_day": certificate.expires_date.isoformat(),
            "is_over": is_over,
        },
        url=reverse("concierge:detail", args=[organisation.pk]),
        at=at,
        event=f"certificate {certificate.pk} {certificate.reminders}",
    )
