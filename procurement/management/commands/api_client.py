"""`manage.py api_client <folder>`: the Python client of this version of the API, from its OpenAPI document."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator


class Command(BaseCommand):
    """Write the client into a folder, which is replaced."""

    help = "Écrit dans un dossier le client Python de l’API de cette version (outil openapi-python-client)."

    def add_arguments(self, parser) -> None:
        """Where."""
        parser.add_argument("dossier", type=Path)

    def handle(self, *args, **options) -> None:
        """Raises CommandError without the generator, or when it fails."""
        found = shutil.which("openapi-python-client", path=str(Path(sys.executable).parent)) or shutil.which(
            "openapi-python-client"
        )
        if found is None:
            raise CommandError("Il manque openapi-python-client : installez requirements-dev.txt.")
        with tempfile.TemporaryDirectory() as folder:
            document = Path(folder) / "openapi.json"
            schema = SchemaGenerator().get_schema(request=None, public=True)
            document.write_text(json.dumps(schema, default=str), encoding="utf-8")
            self._generate(found, document, options["dossier"])
        self.stdout.write(f"Client écrit dans {options['dossier']}.")

    def _generate(self, program: str, document: Path, folder: Path) -> None:
        configuration = settings.BASE_DIR / "clients" / "python" / "openapi.yml"
        command = [program, "generate", "--path", document, "--config", configuration]
        command += ["--meta", "none", "--output-path", folder, "--overwrite"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(done.stdout[-2000:] + done.stderr[-2000:])
