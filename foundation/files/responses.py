"""Sending a file: always as an attachment, whole or in part, under a name that harms no system."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from foundation.files.downloads import Download
from foundation.files.names import disposition

_RANGE = re.compile(r"^\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*$", re.IGNORECASE)
"""One range; a number longer than any file has is no range, and the whole file is sent."""
_INERT = "default-src 'none'; sandbox"
"""Even opened in a tab, the file runs nothing and loads nothing."""


def file_response(request: HttpRequest, download: Download) -> HttpResponseBase:
    """The file, or the one range that was asked for (RFC 9110): 200, 206, 304 or 416.

    Several ranges at once are answered by the whole file, as the standard allows.
    """
    etag = f'"{download.digest}"'
    if request.headers.get("If-None-Match", "").strip() in {etag, f"W/{etag}", "*"}:
        return _dressed(HttpResponse(status=304), download, etag)
    asked = _range(request, download.size, etag)
    if asked == ():
        refused = _dressed(HttpResponse(status=416), download, etag)
        refused.headers["Content-Range"] = f"bytes */{download.size}"
        return refused
    start, stop = asked or (0, download.size)
    body = iter(()) if request.method == "HEAD" else download.open(start, stop)
    response = StreamingHttpResponse(body, status=206 if asked else 200, content_type=download.media_type)
    response.headers["Content-Length"] = str(stop - start)
    if asked:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{download.size}"
    return _dressed(response, download, etag)


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """The range asked for, () when it lies outside the file, None when the whole file is to be sent."""
    condition = request.headers.get("If-Range")
    match = _RANGE.match(request.headers.get("Range", ""))
    if not match or (condition is not None and condition.strip() != etag) or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) and size else ()
    start, stop = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return (start, stop) if start < size else ()


def _dressed(response: HttpResponseBase, download: Download, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = disposition(download.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    kept = "public, max-age=300" if download.is_public else "private, no-store"
    response.headers["Cache-Control"] = kept
    return response
