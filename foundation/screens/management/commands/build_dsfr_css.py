"""Assemble `static/css/dsfr.css`: the parts of the DSFR code (MIT) that the neutral theme stands on.

The State's font and marks are reserved to the State's services, so nothing that names or loads them is kept;
neither are the pictures (`url(…)`): the neutral theme draws its own in `static/css/jalon.css`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import dsfr
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

COMPONENTS = (
    "link",
    "button",
    "input",
    "select",
    "form",
    "alert",
    "badge",
    "callout",
    "card",
    "highlight",
    "tag",
)
TARGET = Path(settings.BASE_DIR) / "static" / "css" / "dsfr.css"
HEADER = (
    "/* Made by `manage.py build_dsfr_css` from django-dsfr: do not edit.\n"
    " * DSFR code, SPDX-License-Identifier: MIT; fonts, pictures and marks of the State left out. */\n"
)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
PICTURE = re.compile(r"""[\w-]+:[^;{}]*url\((?:"[^"]*"|'[^']*'|[^)]*)\)[^;{}]*;?""")
EMPTY_RULE = re.compile(r"[^{}]+\{\}")
PALETTES = (
    r"(?:tilleul|bourgeon|emeraude|menthe|archipel|ecume|cumulus|glycine|macaron|tuile|tournesol|moutarde|"
    r"terre-battue|cafe-creme|caramel|opera|gris-galet)"
)
PALETTE_RULE = re.compile(rf"[^{{}}]*-{PALETTES}\b[^{{}}]*\{{[^{{}}]*\}}")
PALETTE_VARIABLE = re.compile(rf"--[\w-]*{PALETTES}[\w-]*:[^;{{}}]*;?")


class Command(BaseCommand):
    help = "Assemble static/css/dsfr.css from the installed django-dsfr (--check: is it up to date?)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = assembled()
        if options["check"]:
            if not TARGET.exists() or TARGET.read_text() != text:
                raise CommandError("static/css/dsfr.css is out of date: run manage.py build_dsfr_css")
            return
        TARGET.write_text(text)
        self.stdout.write(f"{TARGET.name}: {len(text)} bytes")


def assembled() -> str:
    """The stylesheet, from the files of the installed package."""
    dist = Path(dsfr.__file__).parent / "static" / "dsfr" / "dist"
    files = [dist / "core" / "core.main.min.css"]
    files += [dist / "component" / name / f"{name}.main.min.css" for name in COMPONENTS]
    text = "".join(path.read_text() for path in files)
    for pattern in (COMMENT, FONT_FACE, PICTURE, PALETTE_VARIABLE, PALETTE_RULE):
        text = pattern.sub("", text)
    text = text.replace("Marianne,", "").replace("Spectral,", "")
    while EMPTY_RULE.search(text):
        text = EMPTY_RULE.sub("", text)
    return HEADER + text.strip() + "\n"
