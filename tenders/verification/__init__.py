"""What the journal holds of consultations, of their bids and of how these are judged."""

from foundation.journal.commitments import commit
from tenders.verification import bids, judging, notices


def declare() -> None:
    """Say what is compared, and with the lines of which acts."""
    commit(*notices.commitments(), *bids.commitments(), *judging.commitments())
