"""`manage.py take_bounces`: reads delivery status notifications (RFC 3464) and marks the addresses that refuse."""

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from foundation.notifications.bounces import report_take

LARGEST = 2 * 1024 * 1024  # bytes read of one report; longer ones carry attachments that say nothing more


class Command(BaseCommand):
    """Reads one report from standard input, or all those of files, mboxes and Maildir folders."""

    help = "Lit les avis de non-remise et note les adresses qui refusent nos messages."

    def add_arguments(self, parser) -> None:
        """Where the reports are."""
        parser.add_argument(
            "sources",
            nargs="*",
            type=Path,
            help="fichier .eml, mbox ou dossier Maildir ; sans rien, l'entrée",
        )
        parser.add_argument("--keep", action="store_true", help="laisse les avis lus dans le dossier Maildir")

    def handle(self, *args, sources: list[Path], keep: bool, **options) -> None:
        """Raises CommandError when a source does not exist."""
        condemned = 0
        for raw in self._reports(sources, keep):
            condemned += len(report_take(raw=raw[:LARGEST], at=clock.now()))
        self.stdout.write(f"Adresses condamnées par les avis lus : {condemned}.")

    def _reports(self, sources: list[Path], keep: bool) -> Iterator[bytes]:
        if not sources:
            yield sys.stdin.buffer.read(LARGEST)
        for source in sources:
            if not source.exists():
                raise CommandError(f"{source} : ce fichier ou dossier n'existe pas.")
            yield from _folder(source, keep) if source.is_dir() else _file(source)


def _folder(source: Path, keep: bool) -> Iterator[bytes]:
    """The reports of a Maildir; each is removed once it has been taken."""
    box = mailbox.Maildir(source, create=False)
    for key in list(box.iterkeys()):
        yield box.get_bytes(key)
        if not keep:
            box.discard(key)


def _file(source: Path) -> Iterator[bytes]:
    with source.open("rb") as opened:
        is_mbox = opened.read(5) == b"From "
    if not is_mbox:
        yield source.read_bytes()
        return
    box = mailbox.mbox(source, create=False)
    for key in box.iterkeys():
        yield box.get_bytes(key)
