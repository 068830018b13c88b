"""Consultations: terms frozen at the publication, deadlines, state, files; and the custodians' keys."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from foundation.journal.commitments import Commitment
from foundation.journal.digests import columns, columns_of
from tenders.models import CustodianKey, Round, Tender, TenderDocument
from tenders.verification.acts import acts

ANNOUNCED = (
    *("buyer_id", "reference", "procedure", "technique", "delay_ground", "published_at"),
    *("max_candidates", "max_lots_tendered", "max_lots_awarded", "lots_rule", "may_award_first_offers"),
    *("maximum_value_excl_tax", "custodian_threshold", "file_limit_mib", "bid_limit_mib"),
)
"""What of a notice no corrigendum changes."""
STATE = (
    *("state", "opened_at", "awarded_at", "cancelled_at", "cancel_ground", "cancel_reason"),
    "earliest_signature_date",
)
SOLD = ("lots__price_lines", "lots__criteria__levels", "lots__criteria__cost_items", "lots__impact_questions")


def published():
    """The consultations that the journal speaks of."""
    return Tender.objects.filter(published_at__isnull=False).defer("search_vector")


def commitments() -> list[Commitment]:
    """One for each thing that other acts move."""
    rounds = Round.objects.select_related("custody").prefetch_related("invited", "custody__seats")
    return [
        Commitment(
            name="announced",
            label=_("Lots, critères et bordereaux annoncés d’une consultation"),
            rows=published().prefetch_related(*SOLD),
            facts=_announced,
            actions=acts("publish"),
            is_settled=True,
        ),
        Commitment(
            name="deadlines",
            label=_("Dates limites et dépositaires d’une consultation"),
            rows=published().prefetch_related(Prefetch("rounds", rounds)),
            facts=_deadlines,
            actions=acts("publish", "round", "extend"),
        ),
        Commitment(
            name="state",
            label=_("État d’une consultation"),
            rows=published().prefetch_related("rounds"),
            facts=_state,
            actions=acts("publish", "round", "open", "cancel", "award", "award_reverse"),
        ),
        Commitment(
            name="files",
            label=_("Pièces d’une consultation"),
            rows=published().prefetch_related(Prefetch("documents", TenderDocument.ever_announced.all())),
            facts=lambda tender: {"files": columns_of(tender.documents.all())},
            actions=acts("publish", "corrigendum"),
            files=lambda tender: [(one.file, one.sha256) for one in tender.documents.all()],
        ),
        _custodian_keys(),
    ]


def _custodian_keys() -> Commitment:
    return Commitment(
        name="key",
        label=_("Clé d’un dépositaire"),
        rows=CustodianKey.objects.all(),
        facts=lambda key: columns(key, "retired_at"),
        actions=acts("custodian_key"),
        is_settled=True,
    )


def _announced(tender: Tender) -> dict:
    lots = tender.lots.all()
    criteria = [criterion for lot in lots for criterion in lot.criteria.all()]
    return {
        "notice": {name: value for name, value in columns(tender).items() if name in ANNOUNCED},
        "lots": columns_of(lots, "unawarded_reason"),
        "price_lines": columns_of(line for lot in lots for line in lot.price_lines.all()),
        "criteria": columns_of(criteria),
        "levels": columns_of(level for criterion in criteria for level in criterion.levels.all()),
        "costs": columns_of(item for criterion in criteria for item in criterion.cost_items.all()),
        "questions": columns_of(question for lot in lots for question in lot.impact_questions.all()),
    }


def _deadlines(tender: Tender) -> dict:
    rounds = tender.rounds.all()
    return {
        "due_at": tender.submission_due_at.isoformat(),
        "rounds": columns_of(rounds, "state", "closed_at", "opened_at"),
        "invited": {round.number: sorted(firm.pk for firm in round.invited.all()) for round in rounds},
        "custodies": [_custody(round) for round in sorted(rounds, key=lambda round: round.pk)],
    }


def _custody(round: Round) -> dict:
    """Who opens what is sealed: the custodians' keys have lines of their own."""
    return {"custody": columns(round.custody), "seats": columns_of(round.custody.seats.all())}


def _state(tender: Tender) -> dict:
    told = {name: value for name, value in columns(tender).items() if name in STATE}
    rounds = columns_of(tender.rounds.all())
    return {**told, "rounds": [[round["id"], round["state"], round["opened_at"]] for round in rounds]}
