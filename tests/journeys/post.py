"""What the platform wrote to somebody, as it left by SMTP."""

import email
import email.policy
import re
import time
from typing import Any

PATIENCE = 60.0
"""Seconds: a message leaves by the worker, which may be at something else."""


def letter(mailbox: Any, to: str, subject: str) -> Any:
    """The last message to this address whose subject holds these words, once it has come."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        for text in reversed(mailbox.messages):
            found = email.message_from_string(text, policy=email.policy.default)
            if found["To"] == to and subject in found["Subject"]:
                return found
        time.sleep(0.2)
    raise AssertionError(f"no message « {subject} » to {to}")


def words(found: Any) -> str:
    """The text of a message."""
    return found.get_body(("plain",)).get_content()


def link(found: Any, part: str) -> str:
    """The address, in the text of a message, whose path holds this part."""
    return next(address for address in re.findall(r"https?://\S+", words(found)) if part in address)
