"""Files of opened bids: checked whole once they may be read, then handed to those who may read them."""

from functools import partial

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.files import services as files
from foundation.files.downloads import Download, between
from foundation.files.enums import Verdict
from foundation.files.models import Inspection
from foundation.files.selectors import inspection_of
from foundation.journal import services as journal
from tenders import rules, sealing
from tenders.envelopes import binding_of
from tenders.models import OpenedFile, SealedPart
from tenders.profiles import BID_FILE
from tenders.services.reading import bid_file_read
from tenders.services.unsealing import opened_key


def bid_file_download(*, part: SealedPart, by, at) -> Download:
    """A file of an opened bid, ready to be sent; each real reading is a line of the journal.

    Raises Refusal when it is not opened, not for `by`, or carries the signature of a malicious program.
    """
    part = SealedPart.objects.select_related("bid__tender__buyer", "opened").get(pk=part.pk)
    opened = getattr(part, "opened", None)
    if opened is None or not rules.can_read_bid_content(by, part.bid):
        raise Refusal(_("Ce fichier n'est pas encore ouvert, ou pas pour vous."), code="forbidden")
    inspection = bid_file_inspect(part=part, at=at)
    if inspection.verdict == Verdict.DANGEROUS:
        raise Refusal(inspection.reason, code="conflict")

    def opener(start: int, stop: int):
        content = bid_file_read(part=part, by=by, at=at)
        return between(content.chunks, start, stop)

    return Download(opened.name, opened.content_type, opened.size, opened.sha256, opener)


def bid_file_inspect(*, part: SealedPart, at) -> Inspection:
    """The whole check of an opened file, made once, in memory. A dangerous one is put aside, and journalled."""
    return inspection_of(part) or _inspected(part, at)


@transaction.atomic
def _inspected(part: SealedPart, at) -> Inspection:
    OpenedFile.objects.select_for_update(of=("self",)).get(part=part)
    known = inspection_of(part)
    if known:
        return known
    found = files.inspect(part, name=part.opened.name, read=partial(_content, part), profile=BID_FILE, at=at)
    if found.verdict == Verdict.DANGEROUS:
        buyer = part.bid.tender.buyer
        journal.record(
            by=None,
            action="tenders.file_quarantined",
            obj=part.bid,
            at=at,
            reason=found.reason,
            after={"sha256": part.opened.sha256, "code": found.code},
            organisation=buyer,
        )
    return found


def _content(part: SealedPart) -> bytes:
    private = opened_key(part.bid)
    with part.file.open("rb") as sealed:
        return b"".join(sealing.unseal_stream(sealed, private, binding_of(part, "file")))


def opened_files_inspect(*, at, limit: int = 50) -> int:
    """Check the opened files that wait for it; gives how many were."""
    said = Inspection.objects.filter(
        object_type=SealedPart._meta.label, object_id=Cast(OuterRef("part_id"), CharField())
    )
    waiting = OpenedFile.objects.filter(~Exists(said)).order_by("pk").values("part_id")[:limit]
    parts = SealedPart.objects.filter(pk__in=[row["part_id"] for row in waiting])
    for part in parts.select_related("bid__tender", "bid__key", "opened"):
        bid_file_inspect(part=part, at=at)
    return len(waiting)
