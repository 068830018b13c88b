"""`manage.py journal_verify`: whether the journal in the database still holds."""

from django.core.management.base import BaseCommand, CommandError

from foundation.journal import selectors, verifier


class Command(BaseCommand):
    """Check the chain, and that the readable columns still say what was chained."""

    help = "Vérifie la chaîne du journal et ses colonnes ; --head INDEX:EMPREINTE compare à une tête notée ailleurs."

    def add_arguments(self, parser) -> None:
        """The head noted earlier, if any."""
        parser.add_argument("--head", default="")

    def handle(self, *args, **options) -> None:
        """Say that all holds, or fail with what does not."""
        index, _, known = options["head"].partition(":")
        wrong = list(verifier.findings(selectors.export(), (int(index), known) if known else None))
        wrong += [f"entry {pk}: columns changed" for pk in selectors.altered_entries()]
        if wrong:
            raise CommandError("Le journal a été modifié :\n" + "\n".join(wrong))
        head = selectors.head()
        self.stdout.write(
            f"Le journal est intact. Tête : {head[0]}:{head[1]}" if head else "Le journal est vide."
        )
