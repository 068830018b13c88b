"""`manage.py restore`: a backup into an empty database and an empty storage, checked to the last file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from procurement.operations.backups import BackupError, backup_restore


class Command(BaseCommand):
    """Restore, then compare with the manifest."""

    help = "Restaure une sauvegarde dans une base et un stockage vides, et vérifie tout."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        """Which backup, and what opens it."""
        parser.add_argument("source", type=Path, help="dossier, ou fichier .tar.age")
        parser.add_argument("--identity", type=Path, help="fichier de la clé secrète age")

    def handle(self, *args, **options) -> None:
        """Raises CommandError; nothing is left half restored in the database."""
        started_at = clock.now()
        try:
            identity = options["identity"].read_text() if options["identity"] else ""
            manifest = backup_restore(source=options["source"], identity=identity)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        seconds = (clock.now() - started_at).total_seconds()
        self.stdout.write(
            f"Restauré en {seconds:.1f} s : {sum(manifest.tables.values())} rangées, "
            f"{len(manifest.files)} fichiers, {manifest.journal_size} lignes de journal.\n"
            f"Racine du journal : {manifest.journal_root}"
        )
