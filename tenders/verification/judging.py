"""How offers are judged: marks given, marks settled, offers put aside, ties, costs read, awards."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from foundation.journal.commitments import Commitment
from foundation.journal.digests import columns_of
from tenders.models import Award, Score
from tenders.verification.acts import acts
from tenders.verification.notices import published


def commitments() -> list[Commitment]:
    """One for each kind of decision, so that an act vouches for no other kind than its own."""
    given = Prefetch("lots__offers__scores", Score.objects.filter(submitted_at__isnull=False))
    decided = Prefetch("lots__awards", Award.every.filter(decided_at__isnull=False))
    costs = "lots__offers__declared_costs"
    return [
        _of_offers("marks", _("Notes des évaluateurs"), given, "scores", "scores_submit"),
        _of_offers(
            "consensus",
            _("Notes arrêtées ensemble"),
            "lots__offers__consensus_marks",
            "consensus_marks",
            "consensus_settle",
        ),
        _of_offers(
            "exclusions",
            _("Offres écartées"),
            "lots__offers__exclusions",
            "exclusions",
            *("offer_exclude", "offer_restore", "low_offer_reject", "award_reverse"),
        ),
        _of_offers("costs", _("Coûts d’usage relevés"), costs, "declared_costs", "costs_record"),
        _of_lots("ties", _("Départages"), "lots__tie_breaks", "tie_breaks", "tie_break"),
        _of_lots("awards", _("Attributions"), decided, "awards", "award", "award_reverse"),
    ]


def _of_offers(name: str, label: str, prefetch, relation: str, *actions: str) -> Commitment:
    def rows(tender) -> Iterable:
        offers = (offer for lot in tender.lots.all() for offer in lot.offers.all())
        return (row for offer in offers for row in getattr(offer, relation).all())

    return _of_tender(name, label, prefetch, rows, *actions)


def _of_lots(name: str, label: str, prefetch, relation: str, *actions: str) -> Commitment:
    def rows(tender) -> Iterable:
        return (row for lot in tender.lots.all() for row in getattr(lot, relation).all())

    return _of_tender(name, label, prefetch, rows, *actions)


def _of_tender(name: str, label: str, prefetch, rows, *actions: str) -> Commitment:
    """Publishing commits to there being none."""
    return Commitment(
        name=name,
        label=label,
        rows=published().prefetch_related(prefetch),
        facts=lambda tender: {name: columns_of(rows(tender))},
        actions=acts("publish", *actions),
    )
