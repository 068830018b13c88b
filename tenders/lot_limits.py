"""Limits on lots: how many a firm may tender for, how many it may win (L2113-10, R2113-1), as announced."""

from collections import Counter
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.errors import Reason
from tenders import legal
from tenders.models import Award, Lot, Tender


def tendered_reasons(tender: Tender, answered: Collection[int]) -> list[Reason]:
    """Why an answer to these lots (numbers) is refused; empty when it is not."""
    most = tender.max_lots_tendered
    if most is None or len(answered) <= most:
        return []
    message = ngettext(
        "Cette consultation permet de répondre à %(most)d lot au plus : retirez-en.",
        "Cette consultation permet de répondre à %(most)d lots au plus : retirez-en.",
        most,
    )
    return [Reason(message % {"most": most}, field="prices", article=legal.LOT_LIMITS.cited)]


def served_bidders(lot: Lot) -> set[int]:
    """Firms that already have, on the other lots, as many as one may win: this lot goes to the next ranked."""
    most = lot.tender.max_lots_awarded
    if most is None:
        return set()
    others = Award.objects.filter(lot__tender=lot.tender).exclude(lot=lot)
    won = Counter(others.values_list("bidder_id", flat=True))
    return {bidder for bidder, count in won.items() if count >= most}


def awarded_reasons(lot: Lot, bidders: Collection) -> list[Reason]:
    """Why these firms cannot all be given this lot; empty when they can."""
    served = served_bidders(lot)
    message = _(
        "« %(name)s » a déjà %(most)d lot(s), le maximum annoncé : passez à l'offre suivante, selon la règle "
        "annoncée."
    )
    return [
        Reason(
            message % {"name": bidder.name, "most": lot.tender.max_lots_awarded},
            field="offers",
            article=legal.LOT_LIMITS.cited,
        )
        for bidder in bidders
        if bidder.pk in served
    ]
