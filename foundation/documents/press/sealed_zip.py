"""Word and spreadsheet files are zip archives full of dates of the day: the same words must give the same bytes."""

import io
import re
import zipfile
from datetime import datetime

EPOCH = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
STAMP = re.compile(rb"(<dcterms:(?P<what>created|modified)[^>]*>)[^<]*(</dcterms:(?P=what)>)")


def without_dates(content: bytes, created_at: datetime) -> bytes:
    """The same archive, its entries without date, its properties dated of `created_at`."""
    stamp = created_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            part = read.read(name)
            if name == CORE:
                part = STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
            written.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()
