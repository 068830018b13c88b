"""PNG and JPEG: as many points as a screen can bear, one image from the first byte to the last."""

import struct
import zlib

from foundation.files import limits
from foundation.files.checks import signatures
from foundation.files.findings import Finding

_PNG = b"\x89PNG\r\n\x1a\n"
_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_TEXT_LIMIT = 4 * limits.MEBIBYTE


def check_image(content: bytes) -> None:
    """Raises Finding."""
    width, height = _png(content) if content.startswith(_PNG) else _jpeg(content)
    if not width or not height:
        raise Finding("unreadable")
    if width * height > limits.IMAGE_PIXELS:
        raise Finding("pixels", limit=limits.IMAGE_PIXELS // 1_000_000)
    if signatures.MARKUP.search(content) or signatures.has_zip_inside(content) or b"%PDF-" in content:
        raise Finding("disguised")


def _png(content: bytes) -> tuple[int, int]:
    """The size, once every block was walked to the end of the file."""
    if content[12:16] != b"IHDR":
        raise Finding("unreadable")
    place = len(_PNG)
    while place + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            _check_text(content[place + 8 : place + 8 + length])
        place += 12 + length
        if kind == b"IEND":
            if len(content) - place > 16:
                raise Finding("disguised")
            return struct.unpack(">II", content[16:24])
    raise Finding("unreadable")


def _check_text(block: bytes) -> None:
    """A compressed comment that unpacks without end."""
    for place in range(min(len(block), 120)):
        if block[place : place + 1] == b"\x78":
            unpacker = zlib.decompressobj()
            try:
                unpacker.decompress(block[place:], _TEXT_LIMIT)
            except zlib.error:
                continue
            if unpacker.unconsumed_tail:
                raise Finding("bomb")


def _jpeg(content: bytes) -> tuple[int, int]:
    """The size, read from the first frame; what telephones put after the image is let be."""
    place, size = 2, (0, 0)
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise Finding("unreadable")
        kind = content[place + 1]
        if kind == 0xFF or kind in _ALONE:
            place += 1 if kind == 0xFF else 2
            continue
        if kind in {_START_OF_SCAN, _END_OF_IMAGE}:
            break
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if kind in _SIZES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            size = (width, height)
        place += 2 + max(length, 2)
    if b"\xff\xd9" not in content[place:]:
        raise Finding("unreadable")
    return size
