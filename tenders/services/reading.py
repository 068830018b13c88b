"""Files of opened bids, decrypted as they are read; each reading is a line of the journal."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import rules, sealing
from tenders.envelopes import binding_of
from tenders.models import OpenedFile, SealedPart
from tenders.services.unsealing import opened_key


@dataclass(frozen=True)
class OpenedContent:
    """A file of an opened bid, decrypted as it is read."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]


@transaction.atomic
def bid_file_read(*, part: SealedPart, by, at) -> OpenedContent:
    """A file of an opened bid, decrypted as it streams; each reading is a line of the journal. Raises
    Refusal.
    """
    part = SealedPart.objects.select_related("bid__tender__buyer", "bid__key", "lot").get(pk=part.pk)
    opened = OpenedFile.objects.filter(part=part).first()
    if opened is None or not rules.can_read_bid_content(by, part.bid):
        raise Refusal(_("Ce fichier n'est pas encore ouvert, ou pas pour vous."), code="forbidden")
    private = opened_key(part.bid)
    journal.record(by=by, action="tenders.file_read", obj=part, at=at, organisation=part.bid.tender.buyer)
    return OpenedContent(opened.name, opened.content_type, opened.size, _streamed(part, private))


def _streamed(part: SealedPart, private: bytes) -> Iterator[bytes]:
    with part.file.open("rb") as sealed:
        yield from sealing.unseal_stream(sealed, private, binding_of(part, "file"))
