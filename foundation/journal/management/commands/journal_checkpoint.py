"""`manage.py journal_checkpoint`: sign the journal now, and have the time stamped."""

from django.core.management.base import BaseCommand, CommandError

from foundation.clock import now
from foundation.journal import selectors, services
from foundation.journal.authority import AuthorityAway


class Command(BaseCommand):
    """Make a checkpoint, ask for its time stamp, print it."""

    help = "Signe l'état du journal, demande son horodatage et écrit le point de contrôle."

    def handle(self, *args, **options) -> None:
        """Print the signed note; what is missing is said on the error output."""
        try:
            checkpoint = services.checkpoint_make(at=now())
        except services.Forked as error:
            raise CommandError(f"Le journal a été modifié, rien n'est signé : {error}") from error
        if checkpoint is None:
            raise CommandError(
                "Rien à signer : le journal est vide, ou JOURNAL_SIGNING_KEY n'est pas donnée."
            )
        try:
            services.timestamp_make()
        except AuthorityAway as error:
            self.stderr.write(f"Non horodaté, l'autorité n'a pas répondu : {error}")
        self.stdout.write(selectors.latest_checkpoint().note, ending="")
