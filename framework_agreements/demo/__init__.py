"""The agreements and orders of the demonstration, told through the services. Told again, it changes nothing.

The facts are those of the seeds (the 2016 specification, the press article of 2025); whatever they do not say
(holders, prices, dates of service, orders) is invented and marked as such.
"""

from foundation.documents.services import clauses_save
from framework_agreements import documents
from framework_agreements.demo import agreements, orders

CLAUSES = """# Facturation

{{ titulaire }} adresse sa facture par Chorus Pro, avec le numéro **{{ commande }}**.

# Accessibilité

- Le service livré respecte le RGAA.
- Une déclaration d'accessibilité est publiée avec lui.
"""


def tell(cast, *, at) -> None:
    """The agreement of 2016, ended; the one of 2025, running, with the orders of its first year."""
    agreements.tell_2016(cast)
    running = agreements.tell_2025(cast)
    if running is not None:
        _clauses(cast, at=running.served_at)
        orders.tell(running, cast, at=at)
        documents.request_steering(running, by=cast.people["administration"], at=at)


def _clauses(cast, *, at) -> None:
    """What the DINUM has printed on its orders, before the first one."""
    clauses_save(
        organisation=cast.orgs["dinum"],
        kind=documents.PURCHASE_ORDER,
        text=CLAUSES,
        by=cast.people["administration"],
        at=at,
    )


__all__ = ["tell"]
