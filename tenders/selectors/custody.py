"""Reads of custodians: their keys, and where an opening stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from tenders.identities import fingerprint
from tenders.models import (
    Contribution,
    CustodianKey,
    InterestDeclaration,
    Round,
    Seat,
    ShareLoss,
    Tender,
)
from tenders.selectors.rounds import rounds_to_open


def current_custodian_key(user) -> CustodianKey | None:
    """The key the user would be given shares for now; None before he makes one."""
    return CustodianKey.objects.filter(user=user, retired_at__isnull=True).first()


def interest_declaration(tender: Tender, user) -> InterestDeclaration | None:
    """What the user declared on this consultation; None before."""
    return InterestDeclaration.objects.filter(tender=tender, user=user).first()


def seats_of(round: Round) -> list[Seat]:
    """The custodians of a round with their keys, in the order of their seats: one query."""
    seats = Seat.objects.filter(custody__round=round).select_related("custody", "custodian", "custodian_key")
    return list(seats.order_by("pk"))


def published_seats(tender: Tender) -> list[Seat]:
    """The seats of the round in force of a published consultation: what anybody may compare. One query."""
    last = Round.objects.filter(tender=tender).order_by("-number").values("pk")[:1]
    seats = Seat.objects.filter(custody__round=Subquery(last)).select_related(
        "custodian_key", "custody__round"
    )
    return list(seats.order_by("pk"))


@dataclass(frozen=True)
class Recovery:
    """What is left of a round's custody: custodians not declared lost, against those needed."""

    threshold: int
    share_count: int
    lost: int

    @property
    def left(self) -> int:
        return self.share_count - self.lost

    @property
    def is_possible(self) -> bool:
        return self.left >= self.threshold


def recovery(round: Round) -> Recovery:
    """Whether enough custodians are left to open the bids of this round."""
    lost = ShareLoss.objects.filter(seat=OuterRef("pk"), found_at=None)
    seats = Seat.objects.filter(custody__round=round).annotate(is_lost=Exists(lost))
    told = list(seats.values_list("is_lost", flat=True))
    return Recovery(round.custody.threshold, len(told), sum(told))


@dataclass(frozen=True)
class CustodianStatus:
    """Where a custodian stands in the opening session."""

    custodian: object
    seat: Seat
    is_lost: bool
    declaration: InterestDeclaration | None
    contributed_at: datetime | None
    expires_at: datetime | None

    @property
    def fingerprint(self) -> str:
        """What the custodian compares with his own page, and firms with their receipts."""
        return fingerprint(self.seat.custodian_key.public_key)


def opening_status(round: Round, at: datetime) -> list[CustodianStatus]:
    """Each custodian of the round with his declaration and his contribution still valid at `at`."""
    seats = Seat.objects.filter(custody__round=round)
    seats = seats.select_related("custodian", "custodian_key", "contribution").prefetch_related("losses")
    declared = {row.user_id: row for row in InterestDeclaration.objects.filter(tender_id=round.tender_id)}
    return [_status(seat, declared.get(seat.custodian_id), at) for seat in seats]


def _status(seat: Seat, declaration, at) -> CustodianStatus:
    given = getattr(seat, "contribution", None)
    if given is not None and given.expires_at <= at:
        given = None
    return CustodianStatus(
        seat.custodian,
        seat,
        any(loss.found_at is None for loss in seat.losses.all()),
        declaration,
        given.contributed_at if given else None,
        given.expires_at if given else None,
    )


def valid_contributions(round: Round, at: datetime) -> QuerySet[Contribution]:
    """Contributions to the opening of this round that have not expired."""
    return Contribution.objects.filter(seat__custody__round=round, expires_at__gt=at)


def may_still_contribute(round: Round, contributions: list[Contribution]) -> bool:
    """Whether a custodian is left who has not given his shares, nor lost them, nor declared an interest."""
    given = [contribution.seat_id for contribution in contributions]
    conflicted = InterestDeclaration.objects.filter(tender_id=round.tender_id, has_interest=True)
    lost = ShareLoss.objects.filter(found_at=None)
    left = Seat.objects.filter(custody__round=round).exclude(pk__in=given)
    left = left.exclude(custodian__in=conflicted.values("user")).exclude(pk__in=lost.values("seat"))
    return left.exists()


def tenders_to_open(user, at: datetime) -> QuerySet[Tender]:
    """Consultations of which a round is past its deadline and this custodian helps to open its bids."""
    rounds = rounds_to_open(at).filter(custody__seats__custodian=user)
    return Tender.objects.filter(pk__in=rounds.values("tender_id")).select_related("buyer")


def possible_custodians(tender: Tender) -> QuerySet:
    """Custodians of the buyer; `has_key`: has made a personal key, `is_named`: chosen on this draft."""
    keys = CustodianKey.objects.filter(user=OuterRef("pk"), retired_at__isnull=True)
    named = Tender.custodians.through.objects.filter(tender_id=tender.pk, user_id=OuterRef("pk"))
    people = users_with_role(tender.buyer, Role.CUSTODIAN)
    return people.annotate(has_key=Exists(keys), is_named=Exists(named))
