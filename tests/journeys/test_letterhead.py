"""An administration dresses its documents: letter-head, clauses, a look before saving, and an order that wears them."""

import io
import re
import zipfile

from PIL import Image

from tests.journeys.paper import printed, text_of
from tests.journeys.people import Person, Stage

ADDRESS = "20 avenue de Ségur\n75007 Paris"
CLAUSES = "# Facturation\n\nToute facture de {{ commande }} passe par **Chorus Pro**.\n\n- sous trente jours"


def logo() -> dict:
    """A small picture, as a file that is chosen."""
    made = io.BytesIO()
    Image.new("RGB", (240, 80), "#000091").save(made, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": made.getvalue()}


def look_first(writer: Person) -> str:
    """« Aperçu » opens another tab, where the paper appears by itself; the form stays as it was. Returns its words."""
    with writer.context.expect_page() as opened:
        writer.page.get_by_role("button", name="Aperçu").click()
    preview = opened.value
    link = preview.locator("main a[download]")
    link.first.wait_for(timeout=60_000)
    pdf = writer.fetched(link)
    preview.screenshot(path=writer.stage.screenshots / "apercu.png", full_page=True)
    preview.close()
    return text_of(pdf)


def write_letterhead(writer: Person) -> None:
    """A picture that is none is refused beside the field; then a look; then a version."""
    writer.follow("Écrire l’en-tête").fill("Nom imprimé en tête", "DINUM, mission achats")
    writer.fill("Adresse, une ligne", ADDRESS).fill("Pied de page", "achats@dinum.example")
    false_picture = {"name": "logo.png", "mimeType": "image/png", "buffer": b"MZ" + b"\0" * 300}
    writer.main.locator("input[type=file]").set_input_files([false_picture])
    writer.press("Enregistrer une version").pose("en-tete-refuse")
    assert writer.field("Pied de page").input_value() == "achats@dinum.example"
    writer.main.locator("input[type=file]").set_input_files([logo()])
    writer.fill("Description du logo", "Logo de la DINUM")
    words = look_first(writer)
    assert "DINUM, mission achats" in words
    assert "achats@dinum.example" in words
    writer.press("Enregistrer une version").sees("L’en-tête est enregistré").pose("modeles-de-documents")


def write_clauses(writer: Person) -> None:
    """A variable that does not exist is refused with its name; the right ones are offered beside."""
    writer.follow(re.compile("les clauses : Bon de commande"))
    writer.fill("Clauses", CLAUSES.replace("commande", "comande")).press("Enregistrer une version")
    writer.sees("comande").pose("clauses-refusees")
    writer.fill("Clauses", CLAUSES)
    assert "Chorus Pro" in look_first(writer)
    writer.press("Enregistrer une version").sees("Les clauses sont enregistrées")


def issue(buyer: Person) -> str:
    """The buyer issues an order that waited as a draft. Returns its address."""
    buyer.visit("/accords-cadres/bons-de-commande/?state=draft")
    drafts = buyer.main.locator("tbody a[href*='/bons-de-commande/']").all()
    for address in [link.get_attribute("href") for link in drafts]:
        buyer.visit(address)
        if buyer.page.get_by_role("link", name="Relire et émettre").count():
            break
    order = buyer.page.url.removeprefix(buyer.stage.url)
    buyer.follow("Relire et émettre").press("Émettre le bon de commande")
    return order


def take_the_dossier(buyer: Person, order: str) -> None:
    """Everything about the order in one file, with its digests."""
    buyer.visit(order).follow("Tout le dossier, en un fichier").pose("dossier")
    sent = buyer.fetched(buyer.page.get_by_role("link", name=re.compile("Télécharger le dossier")))
    names = zipfile.ZipFile(io.BytesIO(sent)).namelist()
    assert any(name.endswith(".pdf") for name in names), names
    assert any(name.endswith(".docx") for name in names), names
    assert any("SHA256" in name.upper() for name in names), names


def test_an_administration_dresses_its_documents(stage: Stage) -> None:
    writer, buyer = (stage.newcomer(name).sign_in() for name in ("administration", "acheteuse"))
    writer.visit("/tableau-de-bord/").follow(re.compile("Modèles de documents"))
    write_letterhead(writer)
    write_clauses(writer)
    order = issue(buyer)
    words = printed(buyer, order)
    assert "DINUM, mission achats" in words
    assert "Chorus Pro" in words
    assert "{{" not in words
    take_the_dossier(buyer, order)
    buyer.visit(order).follow(re.compile("Formats et conservation")).sees(
        re.compile(r"DINUM, mission achats, version \d")
    ).pose("document")
    for person in (writer, buyer):
        person.leave()
    stage.at_ease()
