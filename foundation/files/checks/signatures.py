"""Strings that are refused wherever they appear, and what a file must not begin or end with."""

import re

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"
"""The agreed test signature of antivirus programs; written in pieces so that this file is not one."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of old Office files, and of every macro project and OLE object."""

PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"MSCF",
)
MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|meta|link|img|math|video|audio)[\s>/]"
    rb"|<\?php|<%@\s{0,9}(?:page|include|taglib|language|import|webservice|control)",
    re.IGNORECASE,
)
"""What makes a browser or a server run the file."""


def has_malware(content: bytes) -> bool:
    """Whether the content holds a signature that is always refused."""
    return EICAR in content


def is_archive(content: bytes) -> bool:
    """Whether the content begins as an archive does (tar has its mark further)."""
    return content.startswith(ARCHIVES) or content[257:262] == b"ustar"


def has_zip_inside(content: bytes) -> bool:
    """Whether a ZIP reader, which looks from the end, would find an archive in this content."""
    return b"PK\x05\x06" in content[-66_000:] and b"PK\x01\x02" in content
