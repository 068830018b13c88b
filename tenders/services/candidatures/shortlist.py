"""From the list of admitted candidates to their offers, in the procedures that have these two steps."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from tenders import selectors
from tenders.enums import RoundKind
from tenders.models import Round, Tender
from tenders.services.locking import locked_tender
from tenders.services.rounds import round_open_next


@transaction.atomic
def offers_ask(*, tender: Tender, due_at, by, at) -> Round:
    """Ask every candidate of the list for an offer, sealed, until one date for all.

    Raises Refusal: the list is not closed, or what `round_open_next` refuses (delay, order of the steps).
    """
    tender = locked_tender(tender)
    if not selectors.awaits_offers(tender):
        raise Refusal(
            _("Les candidats de cette consultation remettent leur offre autrement, ou sont déjà invités."),
            field="due_at",
            code="conflict",
        )
    listed = list(selectors.admitted_candidatures(tender))
    if not listed:
        raise Refusal(_("Arrêtez d'abord la liste des candidats."), field="due_at", code="conflict")
    invited = [candidature.bid.bidder for candidature in listed]
    return round_open_next(tender=tender, kind=RoundKind.OFFER, due_at=due_at, invited=invited, by=by, at=at)
