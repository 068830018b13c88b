"""Files of an answer are sealed as they stream in: Django never writes them in clear, not even in a
temporary file.
"""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from foundation.errors import Refusal, field_path
from foundation.files.sheets import SPREADSHEET
from tenders import sealing
from tenders.envelopes import Envelope, SealedUpload

LOT_FIELD = re.compile(r"lot-([1-9][0-9]{0,4})-files")
WHOLE_FIELD = "files"
"""`lot-2-files` is a field of lot number 2, `files` answers the consultation as a whole; no other holds a file."""


SCHEDULE_FIELD = re.compile(r"^bordereau-(\d+)$")
"""A price schedule to read: held in memory for this request alone, neither sealed nor kept."""


class MemorySheet(UploadedFile):
    """A spreadsheet that the page reads at once. `content` is None when it was too large."""

    def __init__(self, content: bytes | None, **facts) -> None:
        super().__init__(file=io.BytesIO(content or b""), **facts)
        self.content = content


class SheetHandler(FileUploadHandler):
    """Keeps the schedules to import in memory: nothing of a bid waits in clear on a disk."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._chunks: list[bytes] | None = None
        self._size = 0

    def new_file(self, field_name, file_name, content_type, content_length, charset=None, extra=None):  # noqa: PLR0917  Django's
        """Take the file when it is a schedule; leave every other to the seal."""
        super().new_file(field_name, file_name, content_type, content_length, charset, extra)
        is_mine = bool(SCHEDULE_FIELD.match(field_name or ""))
        self._chunks, self._size = ([] if is_mine else None), 0
        if is_mine:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        """Hold a chunk, up to what is read."""
        if self._chunks is None:
            return raw_data
        self._size += len(raw_data)
        if self._size <= SPREADSHEET.max_bytes:
            self._chunks.append(raw_data)
        return None

    def file_complete(self, file_size):
        """Give the schedule to the form."""
        if self._chunks is None:
            return None
        is_whole = self._size <= SPREADSHEET.max_bytes
        content = b"".join(self._chunks) if is_whole else None
        self._chunks = None
        return MemorySheet(content, name=self.file_name, size=self._size)


class SealedFile(UploadedFile):
    """What a form finds in request.FILES: the name and size of a file that is already ciphertext in the
    envelope.
    """

    def __init__(self, part: SealedUpload, field_name: str) -> None:
        super().__init__(file=part.content, name=part.name, size=part.plain_size)
        self.field_name = field_name
        self.part = part


class SealingHandler(FileUploadHandler):
    """Seals each chunk of each file into an envelope; a refused file is read to its end and forgotten."""

    chunk_size = sealing.SEGMENT_BYTES

    def __init__(self, request: HttpRequest, envelope: Envelope) -> None:
        super().__init__(request)
        self._envelope = envelope
        self._lots = {lot.number: lot for lot in envelope.tender.lots.all()}
        self._sealer = None

    def new_file(self, field_name, file_name, content_type, content_length, charset=None, extra=None):  # noqa: PLR0917  Django's
        """Begin a file; no other handler may see it."""
        super().new_file(field_name, file_name, content_type, content_length, charset, extra)
        found = LOT_FIELD.fullmatch(field_name or "")
        lot = self._lots.get(int(found[1])) if found else None
        try:
            if lot is None and field_name != WHOLE_FIELD:
                raise _unknown_field(field_name or "", file_name)
            self._sealer = self._envelope.file_sealer(file_name, lot)
        except Refusal as refusal:
            self._refuse(refusal)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        """Seal a chunk; nothing is passed on."""
        if self._sealer is None:
            raise SkipFile
        try:
            self._sealer.take(raw_data)
        except Refusal as refusal:
            self._refuse(refusal)
            raise SkipFile from refusal

    def file_complete(self, file_size):
        """End a file: its ciphertext is in the envelope."""
        if self._sealer is None:
            return None
        try:
            return SealedFile(self._sealer.close(), self.field_name)
        except Refusal as refusal:
            self._refuse(refusal)
            return None

    def upload_interrupted(self):
        """The bidder went away: forget the ciphertext."""
        self._envelope.discard()

    def _refuse(self, refusal: Refusal) -> None:
        # Told beside the very field that held the file.
        self._envelope.refusals.extend(
            replace(reason, field=field_path(self.field_name)) for reason in refusal.reasons
        )
        self._sealer = None


def _unknown_field(field_name: str, file_name: str) -> Refusal:
    """A file in a field that is none: guessing where it belongs could move the memoir of a lot."""
    message = _(
        "« %(file)s » est dans le champ « %(field)s », qui n’existe pas : mettez-le dans « files », ou dans "
        "« lot-1-files » pour le lot 1."
    )
    return Refusal(message % {"file": file_name[:100], "field": field_name[:60]}, code="unknown")


def seal_uploads(request: HttpRequest, envelope: Envelope) -> Envelope:
    """Have the files of this request sealed into `envelope`. Call before anything reads request.POST or
    FILES.
    """
    request.upload_handlers = [SheetHandler(request), SealingHandler(request, envelope)]
    return envelope


def sealed_door(view: Callable) -> Callable:
    """A view that receives bids. It calls `seal_uploads`, then `protected(inner)(request, …)`.

    The CSRF check reads the body, so it has to come after the handler is in place: this half postpones it,
    `protected` does it. The fields of the form (prices) never show in an error report.
    """

    @csrf_exempt
    @sensitive_post_parameters()
    @wraps(view)
    def door(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return door


def protected(view: Callable) -> Callable:
    """The inner half of a sealed door, under the CSRF check."""
    return csrf_protect(view)
