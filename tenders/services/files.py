"""Files of opened bids: checked whole once they may be read, then handed to those who may read them.

A check is made by a worker, one file after the other, never by the process that shows a page. That it begins is written
before it does: a file that ends its checker is not tried for ever, and stops nobody else's inspection.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from foundation.bell import ring
from foundation.errors import Refusal
from foundation.files import services as files
from foundation.files.downloads import Download, between
from foundation.files.enums import Verdict
from foundation.files.findings import Finding
from foundation.files.models import Inspection
from foundation.files.profiles import Profile
from foundation.files.selectors import inspection_of
from foundation.files.storage import STORAGE_FAILURES
from foundation.journal import services as journal
from tenders import rules, sealing
from tenders.enums import BidState
from tenders.envelopes import binding_of
from tenders.models import Bid, InspectionAttempt, OpenedFile, SealedPart
from tenders.profiles import bid_profile
from tenders.services.locking import locked_tender
from tenders.services.reading import bid_file_read
from tenders.services.unsealing import opened_key
from tenders.workflow import BID

logger = logging.getLogger(__name__)
MOST_TRIES = 3
"""Checks that may end with their worker before the file is held for unreadable."""
TRY_LASTS = timedelta(minutes=2)
"""Within which a check that began is still somebody's: well above the bounds of one."""


class NotInspectedError(Refusal):
    """The file waits for its check: it is asked for."""


def bid_file_download(*, part: SealedPart, by, at) -> Download:
    """A file of an opened bid, ready to be sent; each real reading is a line of the journal.

    Raises Refusal when it is not opened, not for `by`, or carries the signature of a malicious program;
    NotInspectedError when it was not checked yet, which is then asked for.
    """
    part = SealedPart.objects.select_related("bid__tender__buyer", "opened").get(pk=part.pk)
    opened = getattr(part, "opened", None)
    if opened is None or not rules.can_read_bid_content(by, part.bid):
        raise Refusal(_("Ce fichier n'est pas encore ouvert, ou pas pour vous."), code="forbidden")
    require_inspection([part])
    inspection = inspection_of(part)
    if inspection and inspection.verdict == Verdict.DANGEROUS:
        raise Refusal(inspection.reason, code="conflict")

    def opener(start: int, stop: int):
        content = bid_file_read(part=part, by=by, at=at)
        return between(content.chunks, start, stop)

    return Download(opened.name, opened.content_type, opened.size, opened.sha256, opener)


def require_inspection(parts: list[SealedPart]) -> None:
    """Raises NotInspectedError while one of these files waits for its check, and asks for it. A file that waits for the
    antivirus alone is let be: it may be away for long.
    """
    waiting = _not_inspected(OpenedFile.objects.filter(part__in=parts))
    waiting = list(
        waiting.exclude(part__inspection_attempt__awaits_antivirus=True).values_list("part_id", flat=True)
    )
    if waiting:
        inspection_ask(waiting)
        raise NotInspectedError(
            _("La vérification est en cours ou vient d'être demandée. Revenez dans une minute."),
            code="conflict",
        )


def inspection_ask(parts: list) -> None:
    """Have a worker check these files (their keys) before the others, once the present transaction is committed."""
    # Imported late: the task is a door that calls this room.
    from tenders.tasks import inspect_file

    for pk in parts:
        ring(inspect_file, str(pk))


def opened_files_inspect(*, at: datetime, limit: int = 50) -> int:
    """Check the opened files that wait for it, at most `limit`; gives how many checks began."""
    begun = 0
    while begun < limit and (part := _next(at)):
        begun += 1
        try:
            bid_file_inspect(part=part, at=at)
        except STORAGE_FAILURES as error:
            logger.warning("opened file not read: %s", type(error).__name__)
    return begun


def bid_file_inspect(*, part: SealedPart, at: datetime) -> Inspection | None:
    """The whole check of an opened file, made once. A dangerous one is put aside, and journalled.

    None when somebody else is at it, or when nothing could be known this time. Raises what the storage raises.
    """
    attempt = _begin(part, at)
    if attempt is None:
        return inspection_of(part)
    if attempt.tries > MOST_TRIES:
        return _conclude(part, Finding("exhausting"), at)
    try:
        found = files.examine(name=part.opened.name, content=_content(part), profile=_profile(part))
    except STORAGE_FAILURES:
        _take_back(attempt)
        raise
    if found and found.is_passing:
        _take_back(attempt, awaits_antivirus=found.code == "antivirus_away")
        return None
    return _conclude(part, found, at)


def _not_inspected(rows):
    said = Inspection.objects.filter(
        object_type=SealedPart._meta.label, object_id=Cast(OuterRef("part_id"), CharField())
    )
    return rows.filter(~Exists(said))


def _next(at: datetime) -> SealedPart | None:
    """The file whose turn it is: those never tried first; between them, the consultation served longest ago."""
    served = InspectionAttempt.objects.filter(part__bid__tender=OuterRef("part__bid__tender"))
    idle = Q(part__inspection_attempt=None) | Q(part__inspection_attempt__began_at__lte=at - TRY_LASTS)
    waiting = _not_inspected(OpenedFile.objects.filter(idle)).annotate(
        served_at=Subquery(served.order_by("-began_at", "-pk").values("began_at")[:1]),
        served_rank=Subquery(served.order_by("-began_at", "-pk").values("pk")[:1]),
    )
    tries = F("part__inspection_attempt__tries").asc(nulls_first=True)
    turn = [F(name).asc(nulls_first=True) for name in ("served_at", "served_rank")]
    first = waiting.order_by(tries, *turn, "pk").first()
    parts = SealedPart.objects.select_related("bid__tender__buyer", "bid__key", "opened")
    return parts.get(pk=first.part_id) if first else None


@transaction.atomic
def _begin(part: SealedPart, at: datetime) -> InspectionAttempt | None:
    """Write that a check begins; None when it was made, or when another one is under way."""
    # The bid is locked for its files, which are append-only: nobody may lock them.
    Bid.objects.select_for_update(of=("self",), no_key=True).get(pk=part.bid_id)
    if inspection_of(part):
        return None
    attempt, is_first = InspectionAttempt.objects.get_or_create(part=part, defaults={"began_at": at})
    if not is_first and attempt.began_at > at - TRY_LASTS:
        return None
    attempt.tries, attempt.began_at = attempt.tries + 1, at
    attempt.save()
    return attempt


def _take_back(attempt: InspectionAttempt, *, awaits_antivirus: bool = False) -> None:
    """The try came to its end without an answer, and not by the fault of the file: it does not count."""
    attempt.tries, attempt.awaits_antivirus = attempt.tries - 1, awaits_antivirus
    attempt.save(update_fields=["tries", "awaits_antivirus"])


@transaction.atomic
def _conclude(part: SealedPart, found: Finding | None, at: datetime) -> Inspection:
    if found and found.is_malware:
        locked_tender(part.bid.tender)  # before the row of the bid
    inspection, is_new = files.conclude(
        part, name=part.opened.name, found=found, profile=_profile(part), at=at
    )
    if is_new and inspection.verdict == Verdict.DANGEROUS:
        journal.record(
            by=None,
            action="tenders.file_quarantined",
            obj=part.bid,
            at=at,
            reason=inspection.reason,
            after={"sha256": part.opened.sha256, "code": inspection.code},
            organisation=part.bid.tender.buyer,
        )
        _discard_if_copy(part.bid, at)
    return inspection


def _discard_if_copy(bid: Bid, at: datetime) -> None:
    """A backup copy that carries a malicious program is discarded in its turn."""
    bid = Bid.objects.select_for_update(of=("self",)).select_related("tender__buyer").get(pk=bid.pk)
    if not bid.backup_case or bid.state != BidState.OPENED:
        return
    BID.apply(bid, "set_aside", by=None, at=at)
    bid.save(update_fields=["state"])
    journal.record(by=None, action="tenders.backup_discard", obj=bid, at=at, organisation=bid.tender.buyer)


def _profile(part: SealedPart) -> Profile:
    return bid_profile(part.bid.tender)


def _content(part: SealedPart) -> bytes:
    private = opened_key(part.bid)
    with part.file.open("rb") as sealed:
        return b"".join(sealing.unseal_stream(sealed, private, binding_of(part, "file")))
