"""Who opens a round, as the journal recorded it: what firms seal to is never read from rows alone."""

from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal.models import Entry
from tenders.models import Round, Seat
from tenders.services.custody import custody_facts

CUSTODY = "tenders.custody"


def journalled_seats(round: Round) -> list[Seat]:
    """The seats of a round, which are those of the journal's line. Raises Refusal when somebody changed them since:
    a bid sealed to another key could be read by whoever holds it.
    """
    seats = list(round.custody.seats.select_related("custodian_key", "custodian"))
    if not is_journalled(round, seats):
        raise Refusal(
            _(
                "Les clés des dépositaires de cette consultation ne sont plus celles qui ont été publiées : aucun pli "
                "n'est scellé ainsi. Prévenez l'acheteur ; l'exploitation est alertée."
            ),
            code="conflict",
        )
    return seats


def is_journalled(round: Round, seats: list[Seat]) -> bool:
    """Whether custodians, keys and threshold are those that the journal recorded as the round opened."""
    line = Entry.objects.filter(object_type=Round._meta.label, object_id=str(round.pk), action=CUSTODY)
    told = line.values_list("facts", flat=True).first()
    if told is None:
        return False
    found = custody_facts(round, round.custody, seats)
    return all(found[name] == told[name] for name in ("tender", "round", "threshold", "custodians"))
