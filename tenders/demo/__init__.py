"""The consultations of the demonstration, told through the services. Told again, it changes nothing.

Bids received in the past are the one thing that no service writes: `bids.py` of this folder says how it is
done.
"""

from tenders.demo import after_opening, changes, filler, public, stories
from tenders.demo.custodians import PASSPHRASE, make_keys, passphrase_line


def tell(cast, *, at) -> None:
    """Make the custodians' keys, the consultations that the tour visits, then enough others to fill the
    lists.
    """
    make_keys(cast, at=at)
    stories.tell(cast, at=at)
    changes.tell(cast, at=at)
    public.tell(cast, at=at)
    after_opening.tell(cast, at=at)
    filler.tell(cast, at=at)


__all__ = ["PASSPHRASE", "passphrase_line", "tell"]
