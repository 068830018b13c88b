"""Bids: what was deposited never changes; what the opening read neither."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.commitments import Commitment
from foundation.journal.digests import columns, columns_of
from tenders.enums import PartKind
from tenders.models import Bid, Offer
from tenders.verification.acts import acts

LIFE = ("state", "backup_case", "backup_reason", "replaced_at", "withdrawn_at", "opened_at")
"""What moves in a bid once it is deposited."""
DEPOSIT = acts("bid_deposit", "bid_late", "bid_backup")
OPENING = acts("bid_open", "bid_unreadable")


def commitments() -> list[Commitment]:
    """The envelope as it arrived, its life, and what was in it."""
    has_offers = Exists(Offer.objects.filter(bid=OuterRef("pk")))
    return [
        Commitment(
            name="sealed",
            label=_("Pli scellé"),
            rows=Bid.objects.select_related("key").prefetch_related("parts", "shares"),
            facts=_sealed,
            actions=DEPOSIT,
            is_settled=True,
            files=_files,
        ),
        Commitment(
            name="life",
            label=_("État d’un pli"),
            rows=Bid.objects.all(),
            facts=lambda bid: {name: value for name, value in columns(bid).items() if name in LIFE},
            actions=DEPOSIT
            | OPENING
            | acts(
                "bid_replace", "bid_withdraw", "backup_ask", "backup_open", "backup_discard", "bid_set_aside"
            ),
        ),
        Commitment(
            name="opened",
            label=_("Offres et prix d’un pli ouvert"),
            rows=Bid.objects.filter(Q(opened_at__isnull=False) | has_offers).prefetch_related(
                "parts__opened", "parts__opened_facts", "offers__prices"
            ),
            facts=_opened,
            actions=OPENING,
            is_settled=True,
        ),
    ]


def _sealed(bid: Bid) -> dict:
    return {
        "bid": columns(bid, *LIFE),
        "parts": columns_of(bid.parts.all()),
        "key": columns(bid.key, "kept_private_key", "opened_at"),
        "shares": columns_of(bid.shares.all()),
    }


def _files(bid: Bid) -> list:
    return [(part.file, part.sealed_sha256) for part in bid.parts.all() if part.kind == PartKind.FILE]


def _opened(bid: Bid) -> dict:
    parts, offers = bid.parts.all(), bid.offers.all()
    return {
        "files": columns_of(part.opened for part in parts if hasattr(part, "opened")),
        "facts": columns_of(part.opened_facts for part in parts if hasattr(part, "opened_facts")),
        "offers": columns_of(offers),
        "prices": columns_of(price for offer in offers for price in offer.prices.all()),
    }
