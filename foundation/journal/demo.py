"""The end of the demonstration: what was told is signed and stamped, so that its receipts can be downloaded."""

from foundation.journal import services


def seal(*, at) -> None:
    """A checkpoint of the story and its time stamp; nothing when the story had nothing new."""
    services.checkpoint_make(at=at)
    services.timestamp_make()
