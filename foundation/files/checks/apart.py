"""What is done apart with a file nobody trusts: the work of `foundation.isolation`, and all that it needs read."""

import codecs
import io

from foundation.files.checks import cells, whole
from foundation.files.findings import Finding
from foundation.files.profiles import Profile

_ENCODINGS = (
    "ascii",
    "cp437",
    "cp1252",
    "iso8859-1",
    "iso8859-15",
    "latin-1",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-32",
)
"""Read before files are closed to the process."""


def warm() -> None:
    """Read what is only read at the first use: afterwards no file opens."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    whole.warm()


def work(facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """Check a content, or read the cells of a spreadsheet once it is checked."""
    profile = Profile(**{**facts["profile"], "extensions": frozenset(facts["profile"]["extensions"])})
    try:
        if facts["task"] == "rows":
            return {"rows": cells.rows(facts["extension"], contents[0], profile)}, []
        whole.check_content(facts["extension"], contents[0], profile)
    except Finding as found:
        return {"code": found.code, "facts": found.facts}, []
    return {}, []
