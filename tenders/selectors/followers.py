"""Reads: who asked to be told of the changes of a consultation."""

from foundation.accounts.models import User
from foundation.notifications.guests import Guest
from tenders import follow_links
from tenders.models import Tender
from tenders.selectors.audience import audience


def follows(user, tender: Tender) -> bool:
    """Whether this person asked to be told of the changes of a consultation."""
    return user.is_authenticated and tender.followers.filter(user=user).exists()


@audience
def followers_of(tender: Tender) -> list[User | Guest]:
    """Those who asked to be told of the changes of a consultation: people, and addresses that were proved."""
    proved = tender.followers.filter(confirmed_at__isnull=False).select_related("user")
    return [follower.user or Guest(follower.email, follow_links.leave_path(follower)) for follower in proved]
