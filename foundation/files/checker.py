"""Asking for the check of a file: it is never read by the process that received it."""

import logging
from dataclasses import asdict
from functools import cache

from django.conf import settings

from foundation.files.checks import signatures
from foundation.files.findings import WORDS, Finding
from foundation.files.profiles import Profile
from foundation.isolation.pool import Bounds, JobError, Pool

logger = logging.getLogger(__name__)
_MODULE = "foundation.files.checks.apart"
_PLACES = 2
"""Files that one process has checked at once; the others wait, so that senders cannot take every processor."""
_PATIENCE_SECONDS = 20


def check_content(extension: str, content: bytes, profile: Profile) -> None:
    """Everything that can be said of a content whose extension is known, said by a process apart. Raises Finding: what
    was found, `exhausting` when the check did not come to its end, `busy` when too many files wait.
    """
    if signatures.has_malware(content):  # whatever the rest is, and linear
        raise Finding("malware")
    _ask("check", extension, content, profile)


def rows(extension: str, content: bytes, profile: Profile) -> list[list]:
    """The cells of the first sheet of a checked spreadsheet. Raises Finding as above."""
    return _ask("rows", extension, content, profile)["rows"]


@cache
def pool() -> Pool:
    """The checkers of this process, within the bounds of the settings."""
    bounds = Bounds(
        settings.FILE_CHECK_SECONDS, 2 * settings.FILE_CHECK_SECONDS, settings.FILE_CHECK_MEGABYTES
    )
    return Pool(_MODULE, bounds, places=_PLACES, patience=_PATIENCE_SECONDS)


def _ask(task: str, extension: str, content: bytes, profile: Profile) -> dict:
    asked = {**asdict(profile), "extensions": sorted(profile.extensions)}
    try:
        answer, _made = pool().run({"task": task, "extension": extension, "profile": asked}, [content])
    except JobError as error:
        logger.warning("file check not finished: %s", error)
        raise Finding("busy" if error.name == "Busy" else "exhausting") from error
    if answer.get("code"):
        raise _found(answer)
    return answer


def _found(answer: dict) -> Finding:
    """What the other process says, taken with care: a file may have changed its mind."""
    code, facts = answer["code"], answer.get("facts")
    if code not in WORDS or not isinstance(facts, dict):
        return Finding("exhausting")
    return Finding(code, **{str(key): value for key, value in facts.items() if isinstance(value, str | int)})
