"""What the doors of this app accept."""

from foundation.files.limits import MEBIBYTE
from foundation.files.profiles import Profile

CERTIFICATE_FILE = Profile(
    "concierge.certificate", frozenset({"pdf", "png", "jpg", "jpeg", "odt", "docx"}), 10 * MEBIBYTE
)
"""A paper of a firm: a document or its scan."""
