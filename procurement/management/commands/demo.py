"""`manage.py demo`: the demonstration story, told through the services; a second call changes nothing."""

from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from foundation.accounts import demo as people
from foundation.clock import now
from foundation.database.roles import as_platform, owns_tables
from foundation.documents import demo as paper
from foundation.journal import demo as proofs

CHAPTERS = [
    "foundation.api",
    "foundation.notifications",
    "foundation.webhooks",
    "needs",
    "concierge",
    "tenders",
    "framework_agreements",
    "startups",
]


class Command(BaseCommand):
    """Tell the story chapter by chapter, each in its transaction."""

    help = (
        "Raconte l'histoire de démonstration : personnes, besoins, consultations, accords-cadres, startups."
    )

    def handle(self, *args, **options) -> None:
        """Raises CommandError where demonstration data are not allowed."""
        if not settings.JALON_DEMO:
            raise CommandError("Les données de démonstration ne sont pas permises ici (JALON_DEMO).")
        if not owns_tables():
            raise CommandError("La démonstration se raconte avec le rôle propriétaire des tables.")
        with as_platform():
            self._tell()

    def _tell(self) -> None:
        """With the platform's rights, but for what its chapters say the owner writes."""
        at = now()
        with transaction.atomic():
            cast = people.tell(at=at)
            paper.tell(cast, at=at)
        for chapter in CHAPTERS:
            with transaction.atomic():
                import_module(f"{chapter}.demo").tell(cast, at=at)
            self.stdout.write(f"{chapter} : raconté.")
        proofs.seal(at=now())
