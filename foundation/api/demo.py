"""A program of an administration, and a token of a person that ends soon. Told again, it changes nothing.

Their secrets are shown to nobody: they show what the pages say of tokens, and open nothing.
"""

from datetime import timedelta

from foundation.accounts.approvals.services import approval_confirm
from foundation.accounts.enums import Role
from foundation.accounts.selectors import roles_awaited
from foundation.api import scopes, services
from foundation.api.models import Program


def tell(cast, *, at) -> None:
    """The financial software of the DINUM prepares orders; the buyer's dashboard reads."""
    if Program.objects.exists():
        return
    program, *_secret = services.program_open(
        organisation=cast.orgs["dinum"],
        name="Logiciel financier (démonstration)",
        roles=[Role.BUYER],
        scopes=[scopes.READ, "orders:write"],
        lifetime_days=365,
        by=cast.people["administration"],
        at=at,
    )
    for asked in roles_awaited(program.user):
        approval_confirm(approval=asked, digest=asked.digest, by=cast.people["administration2"], at=at)
    services.token_create(
        name="Tableau de bord des achats (démonstration)",
        scopes=[scopes.READ],
        lifetime_days=30,
        by=cast.people["acheteuse"],
        at=at - timedelta(days=20),
    )
