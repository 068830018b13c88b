"""Messages this app sends."""

from django.utils.translation import gettext_lazy as _

from foundation.notifications.registry import MessageKind, register

KINDS = [
    MessageKind(
        code="needs.team_joined",
        label=_("Arrivée dans l'équipe d'un projet"),
        template="team_joined",
        example={
            "project": "Suivi des demandes",
            "reference": "PA-2026-003",
            "organisation": "DINUM",
            "role": "Acheteur",
            "author": "Nadia Ferrand",
        },
    )
]


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in KINDS:
        register(kind)
