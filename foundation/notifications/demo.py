"""How the people of the demonstration are told. Told again, it changes nothing."""

from foundation.notifications import bounces, registry, services
from foundation.notifications.enums import BounceSource, Pace
from foundation.notifications.models import Preference

CHOICES = {
    "produit": {"startups.iteration_demonstrated": Pace.DAILY},
    "acheteuse": {"needs.team_joined": Pace.WEEKLY},
    "signataire": {"framework_agreements.order_acknowledged": Pace.CENTRE},
}


def tell(cast, *, at) -> None:
    """Some read in a digest, one reads in the centre only, one has an address that refuses our messages."""
    if Preference.objects.exists():
        return
    known = {kind.code for kind in registry.kinds() if kind.is_optional}
    for person, paces in CHOICES.items():
        kept = {code: pace for code, pace in paces.items() if code in known}
        services.preferences_set(paces=kept, by=cast.people[person], at=at)
    bounces.address_refuse(
        email=cast.people["auditrice"].email, source=BounceSource.REPORT, code="5.1.1", at=at
    )
