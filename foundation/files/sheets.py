"""Spreadsheets that people send: their cells, read by a process apart, from a content nobody trusts."""

from foundation.files import checker
from foundation.files.findings import Finding
from foundation.files.limits import MEBIBYTE
from foundation.files.names import extension
from foundation.files.profiles import Profile

SPREADSHEET = Profile("files.spreadsheet", frozenset({"xlsx", "ods"}), 2 * MEBIBYTE)
"""A table to be read by the platform: small, Excel or OpenDocument."""


def read_rows(name: str, content: bytes, *, profile: Profile = SPREADSHEET) -> list[list]:
    """The rows of the first sheet: text, numbers, True or False, "" when empty; a date as text. A formula gives its
    last result.

    The whole check of a file comes first, without the antivirus: nothing leaves the memory of this machine.
    Raises Finding.
    """
    kind = extension(name)
    if kind not in profile.extensions:
        raise Finding("type")
    if len(content) > profile.max_bytes:
        raise Finding("size", limit=profile.max_bytes // MEBIBYTE)
    return checker.rows(kind, content, profile)
