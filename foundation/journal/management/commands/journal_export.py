"""`manage.py journal_export`: the journal as JSON lines, for a witness or the stand-alone verifier."""

from django.core.management.base import BaseCommand

from foundation.journal import selectors


class Command(BaseCommand):
    """Write every link of the journal, oldest first."""

    help = "Écrit le journal, une ligne JSON par maillon, pour le vérificateur autonome."

    def handle(self, *args, **options) -> None:
        """Write the links on standard output."""
        for line in selectors.export():
            self.stdout.write(line)
