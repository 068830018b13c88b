"""The journal as proof: a receipt is downloaded, and verified by another program that knows nothing of the platform."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.journeys.people import Person, Stage


def sealed_line(reader: Person) -> Person:
    """From the history of an object to the proof of its last act, sealed on the spot when it is not yet."""
    reader.visit("/compte/organisations/").follow("Direction interministérielle", reader.main)
    reader.follow(re.compile(r"^preuve n° \d+"), reader.main.locator(".jalon-history"))
    seal = reader.page.get_by_role("button", name="Sceller maintenant")
    if seal.count():
        reader.pose("ligne-non-scellee").press("Sceller maintenant")
    return reader.sees("Télécharger le reçu").pose("ligne-scellee")


def keep(anyone: Person, reader: Person, folder: Path) -> str:
    """The receipt from the page of the line; the verifier, the certificates and the key from the public page."""
    receipt = reader.fetched(reader.page.get_by_role("link", name="Télécharger le reçu"))
    (folder / "recu.json").write_bytes(receipt)
    anyone.visit("/preuves/").pose("preuves")
    for label, name in (("le vérificateur", "jalon_verify.py"), ("l’autorité", "authority.pem")):
        link = anyone.main.get_by_role("link", name=re.compile(label))
        (folder / name).write_bytes(anyone.fetched(link))
    return anyone.page.locator("#cles ~ pre").first.inner_text().strip()


def verified(folder: Path, receipt: str, key: str) -> subprocess.CompletedProcess:
    """What the stand-alone verifier says, isolated from any package of ours."""
    command = [sys.executable, "-I", "jalon_verify.py", "receipt", receipt, "--key", key]
    return subprocess.run(
        [*command, "--authority", "authority.pem"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_receipt_is_verified_elsewhere(stage: Stage, tmp_path: Path) -> None:
    reader, anyone = stage.newcomer("administration").sign_in(), stage.anyone()
    key = keep(anyone, sealed_line(reader), tmp_path)
    told = verified(tmp_path, "recu.json", key)
    assert told.returncode == 0, told.stdout + told.stderr

    receipt = json.loads((tmp_path / "recu.json").read_text())
    receipt["entries"][0]["line"] = receipt["entries"][0]["line"].replace("accounts.", "accounts,", 1)
    (tmp_path / "faux.json").write_text(json.dumps(receipt))
    assert verified(tmp_path, "faux.json", key).returncode == 1
    for person in (reader, anyone):
        person.leave()
    stage.at_ease()
