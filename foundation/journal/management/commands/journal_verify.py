"""`manage.py journal_verify`: whether the journal in the database still holds."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.template.defaultfilters import filesizeformat

from foundation.journal import selectors, verifier
from foundation.journal.models import Checkpoint


class Command(BaseCommand):
    """Check the chain, every checkpoint, that the readable columns still say what was chained, and that the objects are
    still those that the lines hold.
    """

    help = (
        "Vérifie le journal : chaîne, points de contrôle, colonnes ; les objets et les fichiers dont il tient "
        "l'empreinte ; et ce qu'un témoin a gardé."
    )

    def add_arguments(self, parser) -> None:
        """What a witness noted earlier, if anything."""
        parser.add_argument("--head", default="", help="RANG:EMPREINTE de la chaîne, notés ailleurs")
        parser.add_argument(
            "--checkpoint", action="append", default=[], help="fichier d'un point de contrôle gardé"
        )
        parser.add_argument(
            "--key", action="append", default=[], help="clé publique qui l'a signé, notée ailleurs"
        )
        parser.add_argument(
            "--lines-only", action="store_true", help="ne compare ni les objets ni les fichiers"
        )

    def handle(self, *args, **options) -> None:
        """Say that all holds, or fail with what does not."""
        index, _, known = options["head"].partition(":")
        head, tally = (int(index), known) if known else None, selectors.Tally()
        with transaction.atomic():
            # One snapshot: an act under way is seen whole or not at all.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
            wrong = self._wrong_lines(head, options)
            if not options["lines_only"]:
                wrong += selectors.altered_objects(tally)
            if wrong:
                raise CommandError("Le journal ne tient plus :\n" + "\n".join(wrong))
            self.stdout.write(self._said())
        if not options["lines_only"]:
            self.stdout.write(
                f"Objets comparés à leur ligne : {tally.objects} ; fichiers relus : {tally.files} "
                f"({filesizeformat(tally.bytes)})"
            )

    def _wrong_lines(self, head, options) -> list[str]:
        try:
            checkpoints = [*_own(), *_kept(options["checkpoint"], options["key"])]
        except verifier.Broken as error:
            raise CommandError(f"Point de contrôle refusé : {error}") from error
        roots = [(checkpoint.size, checkpoint.root) for checkpoint in checkpoints]
        wrong = list(verifier.findings(selectors.export(), head, roots))
        altered = selectors.altered_entries()
        return wrong + [f"entrée {pk} : ses colonnes ont été modifiées" for pk in altered]

    def _said(self) -> str:
        last = selectors.head()
        if last is None:
            return "Le journal est vide."
        signed = Checkpoint.objects.count()
        return f"Le journal est intact. Tête : {last[0]}:{last[1]} ; points de contrôle : {signed}"


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
