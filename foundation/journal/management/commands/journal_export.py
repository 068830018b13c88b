"""`manage.py journal_export`: the journal as JSON lines, for a witness or the stand-alone verifier."""

import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.journal import authority, selectors, verifier


class Command(BaseCommand):
    """Write every link of the journal, oldest first; with --to, all that a witness needs to check it alone."""

    help = (
        "Écrit le journal, une ligne JSON par maillon ; --to DOSSIER y joint ce qu'il faut pour le vérifier."
    )

    def add_arguments(self, parser) -> None:
        """Where to."""
        parser.add_argument("--to", help="dossier vide ou à créer")

    def handle(self, *args, **options) -> None:
        """Write on standard output, or in the folder."""
        if options["to"]:
            self._write_folder(Path(options["to"]))
            return
        for line in selectors.export():
            self.stdout.write(line)

    def _write_folder(self, folder: Path) -> None:
        """journal.jsonl, checkpoint.txt, its time stamps, keys.txt, authority.pem and the verifier itself."""
        checkpoint = selectors.latest_checkpoint()
        if checkpoint is None:
            raise CommandError("Aucun point de contrôle : lancez d'abord `manage.py journal_checkpoint`.")
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} n'est pas vide.")
        (folder / "checkpoint.txt").write_text(checkpoint.note, "utf-8")
        with (folder / "journal.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in selectors.export())
        keys = [key.verifier_key for key in selectors.signing_keys()]
        (folder / "keys.txt").write_text("\n".join(keys) + "\n", "utf-8")
        for number, stamp in enumerate(checkpoint.timestamps.all(), start=1):
            (folder / f"checkpoint-{number}.tst").write_bytes(bytes(stamp.token))
        if authority.is_configured():
            (folder / "authority.pem").write_bytes(authority.certificates())
        shutil.copy(verifier.__file__, folder / "jalon_verify.py")
        self.stdout.write(
            f"{folder} : python jalon_verify.py journal journal.jsonl --checkpoint checkpoint.txt --key '{keys[0]}'"
        )
