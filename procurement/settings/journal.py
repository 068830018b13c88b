"""What makes the journal a proof: the key that signs its checkpoints, the authority that stamps their time."""

from .environment import DATA_DIR, env

JOURNAL_ORIGIN = env("JOURNAL_ORIGIN", default="")
"""Name of the log in its checkpoints, for ever the same: by default the host of PUBLIC_URL followed by /journal."""
JOURNAL_SIGNING_KEY = env("JOURNAL_SIGNING_KEY", default="")
"""Ed25519 seed, 32 bytes in base64, as `manage.py journal_key` draws it."""
JOURNAL_SIGNING_KEY_FILE = env("JOURNAL_SIGNING_KEY_FILE", default="")
"""Path of a file that holds the same text, for those who keep secrets in files."""
JOURNAL_CHECKPOINT_SECONDS = env.float("JOURNAL_CHECKPOINT_SECONDS", default=60.0)
"""How often beat asks for a checkpoint; none is made while the journal has not grown."""

JOURNAL_DEVELOPMENT = False
"""Draw what is missing (signing key, time-stamp authority) in JOURNAL_DEVELOPMENT_DIR, and say so wherever it shows."""
JOURNAL_DEVELOPMENT_DIR = DATA_DIR / "journal"

TSA_URL = env("TSA_URL", default="")
"""Time-stamp authority (RFC 3161 over HTTP); empty: no time stamps, or the development authority."""
TSA_CA_FILE = env("TSA_CA_FILE", default="")
"""PEM certificates that its tokens must lead to. Required with TSA_URL."""
TSA_QUALIFIED = env.bool("TSA_QUALIFIED", default=False)
"""Whether its time stamps are qualified in the sense of eIDAS, article 42: only you can know."""
TSA_TIMEOUT = env.float("TSA_TIMEOUT", default=10.0)
