"""Who is told of what happens to a published consultation."""

from collections.abc import Callable, Iterable

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.selectors import users_with_role
from tenders.models import Tender

Audience = Callable[[Tender], Iterable[User]]
_AUDIENCES: list[Audience] = []


def audience(listed: Audience) -> Audience:
    """Have the people that `listed(tender)` gives told as well. A decorator."""
    if listed not in _AUDIENCES:
        _AUDIENCES.append(listed)
    return listed


@audience
def bidders_people(tender: Tender) -> list[User]:
    """The suppliers of every organisation that ever sent a bid: in force, replaced, withdrawn or late."""
    bids = tender.bids.select_related("bidder").order_by("bidder_id").distinct("bidder_id")
    return [person for bid in bids for person in users_with_role(bid.bidder, Role.SUPPLIER)]


@audience
def invited_people(tender: Tender) -> list[User]:
    """The suppliers of the firms invited to a consultation that publishes no notice."""
    firms = tender.invited.order_by("pk")
    return [person for firm in firms for person in users_with_role(firm, Role.SUPPLIER)]


def people_to_tell(tender: Tender) -> list[User]:
    """Everybody known to the platform who must learn of a change of this consultation, each once."""
    return list({person.pk: person for listed in _AUDIENCES for person in listed(tender)}.values())
