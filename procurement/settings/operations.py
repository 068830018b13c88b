"""Where people really buy, and how that is kept."""

from pathlib import Path

from .environment import DATA_DIR, env

BACKUP_DIR = Path(env("BACKUP_DIR", default=str(DATA_DIR / "backups")))
"""Where `manage.py backup` writes; another disk, then another place."""
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
"""Public keys (age1…) that backups are encrypted for; this machine cannot read them again."""

IN_PRODUCTION = False
"""Whether people really buy here: the production settings say so, and the doctor is then stricter."""
