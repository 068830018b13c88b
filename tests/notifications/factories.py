"""A declared message and people who receive it."""

from foundation.notifications import services
from foundation.notifications.registry import MessageKind

FIXTURE = MessageKind(code="tests.bid_received", label="Réponse reçue", template="fixture")


def tell(*recipients, about, at, title="Un outil & des gens", url="/consultations/1/", kind=FIXTURE.code):
    """Tell these people about an object."""
    services.notify(kind=kind, recipients=recipients, obj=about, context={"title": title}, url=url, at=at)
