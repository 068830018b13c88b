"""What an answer would be refused for, told before it is deposited."""

from collections.abc import Callable
from functools import partial

from foundation.errors import Reason, Refusal
from tenders.enums import RoundKind
from tenders.envelopes import Envelope
from tenders.services.bids import check_prices, check_sender
from tenders.services.candidatures.deposit import CandidatureDraft, candidature_check
from tenders.services.impact import impact_check


def answer_check(
    *,
    envelope: Envelope,
    prices: dict[int, dict[str, str]],
    by,
    candidature: CandidatureDraft | None = None,
    answers: dict[int, dict[int, dict[str, str]]] | None = None,
) -> None:
    """What a deposit of this answer would refuse, all at once, before anything is sealed for good. Raises Refusal."""
    checks: list[Callable[[], object]] = [partial(check_sender, envelope, by)]
    if candidature is not None:
        checks.append(partial(candidature_check, envelope=envelope, draft=candidature))
    if envelope.round.kind != RoundKind.CANDIDATURE:
        lots = {lot.number: lot for lot in envelope.lots.values()}
        checks.append(partial(check_prices, envelope, lots, prices))
        checks += [partial(impact_check, lots[number], told) for number, told in (answers or {}).items()]
    reasons = [reason for check in checks for reason in _refused(check)]
    if reasons:
        raise Refusal.of(reasons)


def _refused(check: Callable[[], object]) -> tuple[Reason, ...]:
    try:
        check()
    except Refusal as refusal:
        return refusal.reasons
    return ()
