"""Two endpoints of the demonstration. Told again, it changes nothing.

Their names exist nowhere: the log honestly shows messages that nobody receives.
"""

from foundation.webhooks import services
from foundation.webhooks.models import Endpoint


def tell(cast, *, at) -> None:
    """An administration whose system does not answer, a firm whose endpoint waits for its new software."""
    if Endpoint.objects.exists():
        return
    services.endpoint_create(
        organisation=cast.orgs["dinum"],
        url="https://suivi-financier.jalon.example/evenements",
        description="Suivi financier (démonstration, ne répond pas)",
        event_codes=["order.issued", "order.acknowledged", "iteration.accepted", "iteration.refused"],
        by=cast.people["administration"],
        at=at,
    )
    firm = cast.people["titulaire"]
    endpoint, _secret = services.endpoint_create(
        organisation=cast.orgs["titulaire"],
        url="https://gestion.collectif-code-public.jalon.example/jalon",
        description="Gestion commerciale (démonstration)",
        event_codes=["tender.published", "order.issued"],
        by=firm,
        at=at,
    )
    services.endpoint_pause(endpoint=endpoint, by=firm, at=at)
