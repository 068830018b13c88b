"""PNG and JPEG: as many points as a screen can bear, one image from the first byte to the last."""

import struct
import zlib
from contextlib import suppress

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
    place, texts = len(_PNG), _Texts()
    while place + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            texts.check(kind, content[place + 8 : place + 8 + length])
        place += 12 + length
        if kind == b"IEND":
            if len(content) - place > 16:
                raise Finding("disguised")
            return struct.unpack(">II", content[16:24])
    raise Finding("unreadable")


class _Texts:
    """The compressed comments of one image, unpacked under one budget: one of them may unpack without end."""

    def __init__(self) -> None:
        self._left = _TEXT_LIMIT

    def check(self, kind: bytes, block: bytes) -> None:
        """Raises Finding."""
        unpacker = zlib.decompressobj()
        with suppress(zlib.error):  # a damaged comment is passed over by readers
            self._left -= len(unpacker.decompress(_packed(kind, block), self._left))
        if self._left <= 0:
            raise Finding("bomb")


def _packed(kind: bytes, block: bytes) -> bytes:
    """What is compressed in a block; nothing for a text in clear (PNG, third edition, 11.3)."""
    said = block[block.find(b"\x00", 0, 80) + 1 :]
    if kind != b"iTXt":
        return said[1:]
    # Flag, method, language, translated keyword, text.
    return said[2:].split(b"\x00", 2)[-1] if said[:1] == b"\x01" else b""


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
