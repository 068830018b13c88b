"""`manage.py journal_key`: draw a key for the checkpoints, or show the public one in use."""

from django.core.management.base import BaseCommand

from foundation.journal import keys


class Command(BaseCommand):
    """Print a private key for the settings, or the public key of the present one."""

    help = "Tire une clé de signature du journal (--new), ou montre la clé publique de celle qui sert."

    def add_arguments(self, parser) -> None:
        """Whether to draw."""
        parser.add_argument("--new", action="store_true")

    def handle(self, *args, **options) -> None:
        """Write on standard output; nothing is kept."""
        if options["new"]:
            self.stdout.write(f"JOURNAL_SIGNING_KEY={keys.new_seed()}")
            return
        key = keys.signing_key()
        self.stdout.write(str(key.public) if key else "Aucune clé : JOURNAL_SIGNING_KEY n'est pas donnée.")
