"""`manage.py journal_verify`: whether the journal in the database still holds."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.journal import selectors, verifier
from foundation.journal.models import Checkpoint


class Command(BaseCommand):
    """Check the chain, every checkpoint, and that the readable columns still say what was chained."""

    help = "Vérifie le journal : chaîne, points de contrôle, colonnes ; et ce qu'un témoin a gardé."

    def add_arguments(self, parser) -> None:
        """What a witness noted earlier, if anything."""
        parser.add_argument("--head", default="", help="RANG:EMPREINTE de la chaîne, notés ailleurs")
        parser.add_argument(
            "--checkpoint", action="append", default=[], help="fichier d'un point de contrôle gardé"
        )
        parser.add_argument(
            "--key", action="append", default=[], help="clé publique qui l'a signé, notée ailleurs"
        )

    def handle(self, *args, **options) -> None:
        """Say that all holds, or fail with what does not."""
        index, _, known = options["head"].partition(":")
        try:
            checkpoints = [*_own(), *_kept(options["checkpoint"], options["key"])]
        except verifier.Broken as error:
            raise CommandError(f"Point de contrôle refusé : {error}") from error
        head = (int(index), known) if known else None
        roots = [(checkpoint.size, checkpoint.root) for checkpoint in checkpoints]
        wrong = list(verifier.findings(selectors.export(), head, roots))
        wrong += [f"entrée {pk} : ses colonnes ont été modifiées" for pk in selectors.altered_entries()]
        if wrong:
            raise CommandError("Le journal a été modifié :\n" + "\n".join(wrong))
        last = selectors.head()
        self.stdout.write(
            f"Le journal est intact. Tête : {last[0]}:{last[1]} ; points de contrôle : {len(checkpoints)}"
            if last
            else "Le journal est vide."
        )


def _own() -> list[verifier.Checkpoint]:
    """The checkpoints of the database, their signatures checked."""
    return [
        verifier.Checkpoint.read(checkpoint.note, [verifier.Key.read(checkpoint.verifier_key)])
        for checkpoint in Checkpoint.objects.order_by("size").iterator()
    ]


def _kept(paths: list[str], keys: list[str]) -> list[verifier.Checkpoint]:
    """The checkpoints that a witness kept, checked with the keys it noted, else with those that ever signed here."""
    known = keys or [key.verifier_key for key in selectors.signing_keys()]
    read = [verifier.Key.read(text) for text in known]
    return [verifier.Checkpoint.read(Path(path).read_text("utf-8"), read) for path in paths]
