"""What somebody who comes after a deposit may undo: nothing, while who was there before can do it himself.

Whoever administers a firm names its suppliers, and may be named himself by two people of the platform: none of them
withdraws or replaces, through a newcomer, what others deposited.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts import legal
from foundation.accounts.enums import Role
from foundation.accounts.models import Membership, Organisation
from foundation.accounts.selectors import has_role, organisation_ids, roles_held
from foundation.errors import Reason, Refusal
from tenders.models import Bid, Round


@dataclass(frozen=True, slots=True)
class _Supplier:
    """One who answers for a firm, since when, and the present instant of the database."""

    organisation_id: int
    user_id: int
    name: str
    since: datetime
    now: datetime

    def came_before(self, bid: Bid) -> bool:
        return self.user_id == bid.deposited_by_id or self.since <= bid.deposited_at

    def may_undo_at(self, bid: Bid) -> datetime:
        """Once nobody who came before is left: after the delay in force when the bid was deposited."""
        return self.since + legal.delay(legal.OPPOSITION_OPEN_FOR, bid.deposited_at)


def can_withdraw_bid(user, bid: Bid) -> bool:
    """A supplier of the bidder withdraws its bid, when he deposited it or was already there; a newcomer does not."""
    if not has_role(user, bid.bidder_id, Role.SUPPLIER):
        return False
    if bid.deposited_by_id == user.pk:
        return True
    if not hasattr(user, "_fellow_suppliers"):
        user._fellow_suppliers = _suppliers(organisation_ids(user, Role.SUPPLIER))
    return not _is_newcomer(user, bid, user._fellow_suppliers)


def newcomer_reasons(user, bids: Iterable[Bid]) -> list[Reason]:
    """Why `user` may not withdraw or replace these bids: he came after them. Empty when he may."""
    bids = list(bids)
    suppliers = _suppliers({bid.bidder_id for bid in bids})
    return [_reason(user, bid, suppliers) for bid in bids if _is_newcomer(user, bid, suppliers)]


def refuse_newcomer(user, bids: Iterable[Bid]) -> None:
    """Raise Refusal when `user` came after one of these bids, which he would withdraw or replace."""
    if reasons := newcomer_reasons(user, bids):
        raise Refusal.of(reasons)


def replaced_by_deposit(round: Round, bidder: Organisation, state: str) -> list[Bid]:
    """The bids that a new deposit of this firm in this round would replace, `state` being its own."""
    return list(Bid.objects.filter(round=round, bidder=bidder, state=state).select_related("deposited_by"))


def _suppliers(firms) -> list[_Supplier]:
    rows = Membership.objects.filter(organisation_id__in=firms, role=Role.SUPPLIER, user__is_active=True)
    columns = ("organisation_id", "user_id", "user__full_name", "created_at")
    return [_Supplier(*row) for row in rows.order_by("created_at").values_list(*columns, Now())]


def _stands_for(user, bid) -> set[int]:
    """Whose role of supplier `user` acts by: his own, or that of whoever lent it to him."""
    held = (one for one in roles_held(user) if one.organisation_id == bid.bidder_id)
    return {one.principal_id or user.pk for one in held if one.role == Role.SUPPLIER}


def _is_newcomer(user, bid, suppliers) -> bool:
    """Said of suppliers of the firm only: a stranger is refused for want of the role, and learns no name."""
    acts_by = _stands_for(user, bid)
    of_firm = [one for one in suppliers if one.organisation_id == bid.bidder_id]
    mine = [one for one in of_firm if one.user_id in acts_by]
    if not acts_by or bid.deposited_by_id == user.pk or any(one.came_before(bid) for one in mine):
        return False
    left_behind = any(one.came_before(bid) for one in of_firm)
    return left_behind or not any(one.may_undo_at(bid) <= one.now for one in mine)


def _reason(user, bid, suppliers) -> Reason:
    of_firm = [one for one in suppliers if one.organisation_id == bid.bidder_id]
    before = [one.name for one in of_firm if one.came_before(bid)]
    words = {
        "person": bid.deposited_by,
        "when": date_format(timezone.localtime(bid.deposited_at), "j F Y"),
        "others": _(" ou ").join(before),
    }
    if before:
        text = _(
            "%(person)s a déposé ce pli le %(when)s, avant que vous n’ayez ce rôle : seules les personnes déjà là le"
            " retirent ou le remplacent. Demandez-le à %(others)s."
        )
        return Reason(text % words, code="forbidden")
    instants = [one.may_undo_at(bid) for one in of_firm if one.user_id in _stands_for(user, bid)]
    words["limit"] = date_format(timezone.localtime(min(instants)), "j F Y à G \\h i") if instants else ""
    text = _(
        "%(person)s a déposé ce pli le %(when)s, avant que vous n’ayez ce rôle, et n’est plus là : vous pourrez le"
        " retirer ou le remplacer à partir du %(limit)s."
    )
    return Reason(text % words, code="too_early")
