"""One consultation of two lots: a firm whose device seals, a firm without scripts, and custodians in their browsers."""

import json
import re

from playwright.sync_api import expect

from tenders.demo.custodians import PASSPHRASE
from tests.journeys import backstage
from tests.journeys.ageing import the_deadline_passes
from tests.journeys.chapters import answering
from tests.journeys.chapters.opening import declare_once
from tests.journeys.chapters.tender import CUSTODIANS
from tests.journeys.people import PATIENCE_MS, Person, Stage


def with_scripts(supplier: Person, call: str) -> None:
    """The device seals; a reload loses nothing; the recap comes before the act; the device reads the receipt."""
    supplier.visit(f"{call}/repondre/").sees("Scellé par votre appareil")
    answering.fill(supplier, price=700, lots=(1, 2))
    supplier.sees("Brouillon gardé sur cet appareil").visit(f"{call}/repondre/").sees("est repris")
    expect(supplier.page.locator(".tender-uploads li", has_text="memoire-1.txt")).to_have_count(
        1, timeout=PATIENCE_MS
    )
    answering.await_files(supplier)
    supplier.pose("repondre-scelle-ici")
    supplier.main.get_by_role("button", name="Vérifier ma réponse").click()
    supplier.sees("Vérifiez avant de déposer").look().pose("recapitulatif")
    supplier.press(re.compile("^Sceller et déposer"), supplier.main)
    supplier.sees("Vérifié par votre appareil").sees("votre appareil").pose("accuse-scelle-ici")
    receipt = supplier.page.url
    supplier.page.reload()
    supplier.sees("Vérifié par votre appareil").visit("/consultations/mes-reponses/")
    assert supplier.page.locator("a[href*='/reponses/']").count() >= 1 and "nouveau" in receipt
    supplier.visit(receipt)
    with supplier.page.expect_download() as waiting:
        supplier.page.get_by_role("link", name="Ma copie de ce que j'ai remis").click()
    own = json.loads(waiting.value.path().read_text())
    assert {part["name"] for part in own["files"]} == {"memoire-1.txt", "memoire-2.txt"}


def without_scripts(stage: Stage, call: str) -> None:
    """The same form: the server seals, the recap comes back, the receipt tells the names once."""
    supplier = Person(stage, "fournisseur2", scripts=False).sign_in()
    supplier.visit(f"{call}/repondre/").sees("Scellé par le serveur")
    page = supplier.page
    page.get_by_label(re.compile("^Je déclare sur l.honneur")).check()
    page.locator("[name=answered-1]").check()
    for field in page.locator("section[data-lot='1'] [data-price]").all():
        field.fill("812,50")
    for field in page.locator("section[data-lot='1'] [data-impact]").all():
        field.fill("Des ateliers chaque mois.")
    for field in page.locator("section[data-lot='1'] [data-evidence]").all():
        field.fill("offre.txt, page 1")
    page.locator("section[data-lot='1'] [data-files]").set_input_files(
        [answering.paper("offre.txt", "Méthode du lot 1.")]
    )
    supplier.press("Vérifier ma réponse", supplier.main).sees("Vérifiez avant de déposer")
    supplier.sees("Vous ne répondez pas à").sees("offre.txt").snap("recapitulatif-sans-script", full=True)
    supplier.press(re.compile("^Sceller et déposer"), supplier.main)
    supplier.sees("Votre pli est déposé").sees("offre.txt").sees("le serveur, à mesure de l'envoi")
    supplier.snap("accuse-sans-script", full=True)
    supplier.page.reload()
    supplier.visit("/consultations/mes-reponses/")
    supplier.leave()


def open_in_browsers(stage: Stage, number: int) -> None:
    """Two of three give their shares, unsealed on their devices: no passphrase leaves them."""
    page = f"/consultations/{number}/ouverture/"
    for name in CUSTODIANS[:2]:
        custodian, sent = stage.person(name).visit(page), []
        declare_once(custodian)
        custodian.sees("sur votre appareil").pose(f"ouverture-{name}")
        custodian.page.on("request", lambda request, sent=sent: sent.append(request.post_data or ""))
        custodian.fill("Votre phrase secrète", PASSPHRASE).press("Donner ma part")
        assert any('"share"' in body or "share" in body for body in sent)
        assert not any(PASSPHRASE in body or PASSPHRASE.replace(" ", "+") in body for body in sent)
    stage.person(CUSTODIANS[1]).visit(page).sees("Les plis sont ouverts")


def new_key(custodian: Person) -> None:
    """Six words drawn, a key made on the device, tried by a signature."""
    custodian.visit("/consultations/ma-cle/").sees("Sur votre appareil")
    custodian.page.locator("summary", has_text="Créer une nouvelle clé").click()
    custodian.fill(re.compile("^Phrase secrète"), "mot de passe secret")
    custodian.main.get_by_role("button", name="Remplacer ma clé").click()
    custodian.sees("il en faut 60").look().pose("ma-cle-faible")
    custodian.main.get_by_role("button", name="Proposer six mots").click()
    drawn = custodian.page.locator(".tender-drawn strong").inner_text()
    custodian.page.locator("[name=understood]").check()
    custodian.press("Remplacer ma clé").sees("Votre clé de dépositaire est prête")
    custodian.fill("Ma phrase secrète", drawn).press(re.compile("^Vérifier ma phrase"))
    custodian.sees("la répétition est enregistrée")


def test_bids_are_sealed_and_opened_on_the_devices(stage: Stage, platform, mailbox) -> None:
    number = backstage.tell(platform, "two_lots")
    call = f"/consultations/{number}"
    with_scripts(stage.person("fournisseur"), call)
    without_scripts(stage, call)
    the_deadline_passes(platform, number)
    open_in_browsers(stage, number)
    stage.person("acheteuse").visit(f"{call}/candidatures/").sees("Atelier").sees("Octave")
    # The third one, whose passphrase no other journey gives.
    new_key(stage.person(CUSTODIANS[2]))
    stage.at_ease()
