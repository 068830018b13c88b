"""What the doors of this stage accept."""

from dataclasses import replace

from foundation.files.limits import MEBIBYTE
from foundation.files.profiles import Profile

CONSULTATION_FILE = Profile("tenders.document")
"""A file of the consultation (DCE), put there by the buyer."""
BID_FILE = Profile("tenders.bid")
"""A file of a bid: sealed while it arrives, checked whole after the opening."""
PIECE = Profile("tenders.piece")
"""A document that the future holder sends before the signature."""
SIGNED_ACT = Profile("tenders.signed_act", extensions=frozenset({"pdf"}))
"""The signed contract: a PDF, whose signatures are read."""
QUESTION_FILE = Profile("tenders.question", own_limit=20 * MEBIBYTE)
"""A file that explains a question."""
PRACTICE_FILE = Profile("tenders.practice", own_limit=20 * MEBIBYTE)
"""A file sent to test a workstation: checked as a real one, never kept."""
COMPLEMENT_FILE = Profile("tenders.complement")
"""A file that completes a candidature, after the opening: checked whole as it arrives."""


def bid_profile(tender) -> Profile:
    """A file of a bid, within the limit that the consultation announces."""
    return replace(BID_FILE, own_limit=tender.file_limit_mib * MEBIBYTE)
