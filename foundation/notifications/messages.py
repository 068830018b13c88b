"""The messages of the machinery itself: the digest, and the proof that an address receives again."""

from django.utils.translation import gettext_lazy as _

from foundation.notifications.registry import MessageKind, register

DIGEST = MessageKind(
    code="notifications.digest",
    label=_("Résumé"),
    template="digest",
    listed=False,
    example={
        "count": 3,
        "more": 0,
        "families": [
            {
                "label": "Consultations",
                "lines": [
                    {"title": "Pli reçu : 2026-014", "url": "/consultations/14/", "day": "3 mars 2026"},
                    {
                        "title": "Consultation 2026-012 publiée",
                        "url": "/consultations/12/",
                        "day": "2 mars 2026",
                    },
                ],
            },
            {
                "label": "Startups",
                "lines": [
                    {
                        "title": "Mon suivi : l’itération 3 attend votre décision",
                        "url": "/startups/mon-suivi/iterations/3/",
                        "day": "2 mars 2026",
                    }
                ],
            },
        ],
    },
)
ADDRESS_CHECK = MessageKind(
    code="notifications.address_check",
    label=_("Vérification de votre adresse"),
    template="address_check",
    legal=_("message que vous avez demandé"),
    listed=False,
    example={"email": "nadia.ferrand@exemple.fr", "days": 3},
)


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in (DIGEST, ADDRESS_CHECK):
        register(kind)
