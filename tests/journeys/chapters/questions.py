"""While answers are received: firms ask, the buyer answers all at once, corrects the notice."""

import re

from tests.journeys.people import Person, Stage


def tell(stage: Stage, number: int) -> None:
    """A visitor leaves an address, two firms ask, one answer is published; a corrigendum follows."""
    call = f"/consultations/{number}"
    stage.anyone().visit(f"{call}/").pose("avis").follow("Laisser une adresse").pose("etre-prevenu")
    ask(stage.person("fournisseur"), call)
    prepare(stage.person("acheteuse"), call)
    stage.anyone().visit(f"{call}/questions/").sees("Trois ateliers").pose("questions")
    correct(stage.person("acheteuse"), call)
    stage.anyone().visit(f"{call}/").sees("Rectificatif")


def ask(supplier: Person, call: str) -> None:
    """An empty question is refused; a true one leaves."""
    supplier.visit(f"{call}/questions/").follow("Poser une question").press("Envoyer la question")
    supplier.sees("obligatoire").pose("question-vide")
    supplier.fill("Votre question", "Combien d'ateliers avec les secrétaires de mairie prévoyez-vous ?")
    supplier.press("Envoyer la question").sees("La réponse se prépare")


def prepare(buyer: Person, call: str) -> None:
    """The buyer ticks what is alike, writes once, publishes to all."""
    buyer.visit(f"{call}/questions/traiter/").pose("questions-a-traiter")
    buyer.page.locator("main input[type=checkbox]").first.check()
    buyer.press("Répondre aux questions cochées").pose("reponse-a-ecrire")
    buyer.fill("Question telle qu", "Combien d'ateliers sont prévus ?")
    buyer.fill(re.compile("^Réponse"), "Trois ateliers par lot, en mairie.").press("Enregistrer la réponse")
    buyer.press("Publier à tous")


def correct(buyer: Person, call: str) -> None:
    """A corrigendum without its reason is refused and keeps what was typed; then the extension's page."""
    buyer.visit(f"{call}/rectificatif/").fill("Intitulé", "Refondre les démarches des communes rurales")
    buyer.press(re.compile("^Publier le rectificatif")).sees("obligatoire").pose("rectificatif")
    assert buyer.field("Intitulé").input_value() == "Refondre les démarches des communes rurales"
    buyer.fill("Motif", "Intitulé raccourci.").press(re.compile("^Publier le rectificatif"))
    buyer.visit(f"{call}/report/").press("Demander le report").sees("obligatoire").pose("report")
