"""A PDF signed as a person would, with certificates made for the test."""

from foundation.clock import now
from tenders.demo.signing import plain_act, signed_act

WORDS = "Acte d'engagement"


def plain_pdf() -> bytes:
    """One page, unsigned."""
    return plain_act(WORDS)


def signed_pdf(*names: str) -> bytes:
    """The page signed by each of these people, one after the other."""
    return signed_act(WORDS, *names, at=now())
