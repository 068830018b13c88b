"""What consultations hold of a person, and the keys without which bids would not open."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.personal import registry
from foundation.accounts.personal.registry import Section
from foundation.accounts.personal.sections import PROOF
from foundation.errors import Reason
from tenders.enums import RoundState
from tenders.models import Bid, Follower, SavedSearch, Score, Seat


def _holds_a_key(user):
    """A custodian of bids that are not opened yet does not leave: with one less, they might never be."""
    waiting = Seat.objects.filter(custodian=user).exclude(custody__round__state=RoundState.OPENED)
    for reference in waiting.values_list("custody__round__tender__reference", flat=True).distinct():
        yield Reason(
            _now(
                "Cette personne est dépositaire d’une clé de la consultation %(reference)s, pas encore ouverte."
            )
            % {"reference": reference},
            code="conflict",
        )


def _follower_rows(user):
    return Follower.objects.filter(user=user).order_by("pk").values("tender__reference", "email").iterator()


def _search_rows(user):
    return SavedSearch.objects.filter(user=user).order_by("pk").values().iterator()


def _bid_rows(user):
    deposited = Bid.objects.filter(deposited_by=user).order_by("deposited_at")
    return deposited.values("tender__reference", "bidder__name", "deposited_at", "state").iterator()


def _score_rows(user):
    given = Score.objects.filter(evaluator=user).order_by("pk")
    return given.values("offer__lot__tender__reference", "submitted_at").iterator()


def declare() -> None:
    """Fill the registry of what is held of a person."""
    registry.register_obstacle(_holds_a_key)
    registry.register(
        Section(
            "suivis",
            _("Consultations suivies"),
            _follower_rows,
            lambda user: Follower.objects.filter(user=user).delete(),
        ),
        Section(
            "recherches",
            _("Recherches enregistrées"),
            _search_rows,
            lambda user: SavedSearch.objects.filter(user=user).delete(),
        ),
        Section("plis", _("Plis déposés"), _bid_rows, kept_because=PROOF),
        Section("notes", _("Notes données"), _score_rows, kept_because=PROOF),
    )
