"""`manage.py prepare`: all a start needs from Django, in one boot; prints the demonstration accounts."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from foundation.accounts.demo import accounts_listing
from tenders.demo import passphrase_line


class Command(BaseCommand):
    """Migrate, collect the static files and, where demonstration is allowed, tell its story."""

    help = "Prépare un démarrage : migrations, fichiers statiques, données de démonstration."

    def handle(self, *args, **options) -> None:
        """Each step changes nothing when it has nothing to do."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        if settings.JALON_DEMO:
            call_command("demo", stdout=self.stderr)
            self.stdout.write(accounts_listing())
            self.stdout.write(passphrase_line())
