"""`manage.py backup`: one consistent copy of the database and of the files, with what proves it."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from procurement.operations import runs
from procurement.operations.backups import TASK, BackupError, backup_make, backups_forget


class Command(BaseCommand):
    """Make a backup, forget the oldest."""

    help = "Sauvegarde la base et les fichiers dans BACKUP_DIR, chiffrés si BACKUP_RECIPIENTS est donné."

    def add_arguments(self, parser) -> None:
        """Where, how many to keep, for whom."""
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="dossier (BACKUP_DIR)")
        parser.add_argument("--keep", type=int, default=0, help="n'en garder que tant (0 : toutes)")
        parser.add_argument("--recipient", action="append", default=[], help="clé publique age1…")

    def handle(self, *args, **options) -> None:
        """Raises CommandError; how it went is on the page of the scheduled tasks."""
        at = clock.now()
        runs.started(TASK, at=at)
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        try:
            path = backup_make(directory=options["to"], recipients=recipients, at=at)
            gone = backups_forget(directory=options["to"], keep=options["keep"]) if options["keep"] else []
        except (BackupError, OSError) as error:
            runs.ended(TASK, at=clock.now(), error=type(error).__name__)
            raise CommandError(str(error)) from error
        ended_at = clock.now()
        runs.ended(TASK, at=ended_at)
        self.stdout.write(f"{path} ({(ended_at - at).total_seconds():.1f} s)")
        for old in gone:
            self.stdout.write(f"oubliée : {old.name}")
