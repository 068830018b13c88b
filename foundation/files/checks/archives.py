"""ZIP containers, opened without trusting what they say of themselves."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from foundation.files import limits
from foundation.files.findings import Finding

_END = b"PK\x05\x06"
_END_SIZE = 22
_ZIP64_LOCATOR = b"PK\x06\x07"
_ENCRYPTED = 0x1 | 0x40
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Entry:
    """A file of a container, unpacked."""

    name: str
    content: bytes


def entries(content: bytes) -> Iterator[Entry]:
    """The files of a container one by one, each unpacked in memory under the limits. Raises Finding."""
    check_frame(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
            _check_directory(found, len(content))
            for info in found:
                if not info.is_dir():
                    yield Entry(info.filename, _unpack(archive, info))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        ValueError,
        NotImplementedError,
        OSError,
    ) as error:
        raise Finding("unreadable") from error
    except RuntimeError as error:  # the library's word for « password required »
        raise Finding("encrypted") from error


def names(content: bytes) -> list[str]:
    """The names in a container whose frame was checked. Raises Finding."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, struct.error, ValueError, OSError) as error:
        raise Finding("unreadable") from error


def check_frame(content: bytes) -> None:
    """The end record: one archive, from the first byte to the last, with a directory of a sane size."""
    place = content.rfind(_END, max(0, len(content) - _END_SIZE - 65_535))
    if place < 0 or len(content) - place < _END_SIZE:
        raise Finding("unreadable")
    count, size, offset, comment = struct.unpack("<HIIH", content[place + 10 : place + 22])
    if _ZIP64_LOCATOR in content[max(0, place - 20) : place] or count == 0xFFFF:
        raise Finding("bomb")
    if size > limits.ARCHIVE_DIRECTORY_BYTES or count > limits.ARCHIVE_ENTRIES:
        raise Finding("bomb")
    if place + _END_SIZE + comment != len(content) or offset + size != place:
        raise Finding("disguised")


def _check_directory(found: list[zipfile.ZipInfo], packed: int) -> None:
    if len(found) > limits.ARCHIVE_ENTRIES:
        raise Finding("bomb")
    seen, spans = set(), []
    for info in found:
        _check_entry(info)
        key = info.filename.lower().rstrip("/")
        if key in seen:
            raise Finding("disguised")
        seen.add(key)
        spans.append((info.header_offset, info.header_offset + 30 + info.compress_size))
    _check_spans(spans)
    if sum(info.file_size for info in found) > limits.ARCHIVE_UNPACKED_BYTES:
        raise Finding("bomb")


def _check_spans(spans: list[tuple[int, int]]) -> None:
    """Two entries over the same bytes: a bomb without repetition."""
    spans.sort()
    if spans and spans[0][0] != 0:
        raise Finding("disguised")
    if any(end > following for (_start, end), (following, _end) in pairwise(spans)):
        raise Finding("bomb")


def _check_entry(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Finding("encrypted")
    check_entry_name(info.orig_filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Finding("archive_names")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Finding("unreadable")
    ratio_passed = info.file_size > limits.RATIO_FLOOR_BYTES and (
        info.file_size > limits.ENTRY_RATIO * max(info.compress_size, 1)
    )
    if info.file_size > limits.ENTRY_UNPACKED_BYTES or ratio_passed:
        raise Finding("bomb")


def check_entry_name(name: str) -> None:
    """Raises Finding for a path that would leave the folder where the archive is unpacked."""
    parts = name.replace("\\", "/").split("/")
    climbs = ".." in parts or name.startswith(("/", "\\", "~")) or _DRIVE.match(name)
    if climbs or any(ord(c) < 32 or c in "\u202e\u202d\u2066\u2067" for c in name) or len(parts) > 32:
        raise Finding("archive_names")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content, read no further than it was announced; the library verifies its checksum."""
    with archive.open(info) as packed:
        content = packed.read(info.file_size + 1)
        if len(content) > info.file_size or packed.read(1):
            raise Finding("bomb")
    if len(content) != info.file_size:
        raise Finding("unreadable")
    return content
