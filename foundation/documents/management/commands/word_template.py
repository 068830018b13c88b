"""`manage.py word_template`: writes the Word template anew after a change of `press/word_template.py`."""

from django.core.management.base import BaseCommand

from foundation.documents.press.word_template import build
from foundation.documents.press.words import TEMPLATE


class Command(BaseCommand):
    help = "Écrit le modèle Word des documents (foundation/documents/press/document.docx)."

    def handle(self, *args, **options):
        TEMPLATE.write_bytes(build())
        self.stdout.write(f"{TEMPLATE.name}, {TEMPLATE.stat().st_size} octets")
