"""From the proposal to the signed contract: report, letters, documents of the holder, signature, notice, archive."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from foundation.clock import now
from tenders.demo.signing import plain_act, signed_act
from tests.journeys.ageing import the_standstill_passes
from tests.journeys.chapters.judging import FUTURE, lots_of, own_bid
from tests.journeys.people import Person, Stage


def pdf(name: str, content: bytes) -> dict:
    """A PDF to choose in a form."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def decide(stage: Stage, number: int) -> None:
    """The buyer proposes, the signatory reads and decides; an unread decision is refused."""
    buyer, signatory = stage.person("acheteuse"), stage.person("signataire")
    for rank, address in enumerate(lots_of(buyer, number)):
        buyer.visit(address).follow("Proposer l'attribution")
        if rank == 0:
            buyer.pose("proposer")
        buyer.page.locator("[name=holders]").first.check()
        buyer.fill("Ce qui distingue", "Des démonstrations en mairie toutes les deux semaines.").press(
            "Proposer"
        )
    buyer.visit(f"/consultations/{number}/analyse/").press(re.compile("^Établir le rapport")).pose("rapport")
    signatory.visit(f"/consultations/{number}/attribution/").pose("decider")
    signatory.press("Décider l'attribution").sees("obligatoire")
    signatory.tick("J'ai lu l'analyse").press("Décider l'attribution").sees(
        re.compile("attribu", re.IGNORECASE)
    )
    buyer.visit(f"/consultations/{number}/analyse/").press(re.compile("^Établir les courriers")).pose(
        "courriers"
    )


def told(stage: Stage, number: int, winner: str, loser: str) -> None:
    """The winner and the loser read their result; the loser asks why, the buyer answers."""
    stage.person(winner).visit(own_bid(stage.person(winner), number)).pose("resultat-retenu")
    losing = stage.person(loser)
    losing.visit(own_bid(losing, number)).pose("resultat-non-retenu")
    losing.press(re.compile("motifs")).sees("quinze jours")
    buyer = stage.person("acheteuse").visit(f"/consultations/{number}/contrats/")
    buyer.follow(re.compile("^Répondre")).pose("motifs").fill("Motifs", "L'offre retenue nomme son équipe.")
    buyer.press("Envoyer les motifs")


def ask_papers(stage: Stage, number: int, winner: str) -> str:
    """A document is asked, sent, refused without words, accepted. Returns the contract's address."""
    buyer, firm = stage.person("acheteuse"), stage.person(winner)
    buyer.visit(f"/consultations/{number}/contrats/").pose("contrats")
    contract = buyer.page.locator("main tbody th a").first.get_attribute("href")
    buyer.visit(contract).pose("contrat").follow("Demander des pièces").press("Demander ces pièces")
    buyer.sees(re.compile("obligatoire|Choisissez")).pose("pieces")
    buyer.page.locator("[name=labels]").first.check()
    buyer.fill("Attendues avant", FUTURE).press("Demander ces pièces")
    firm.visit(own_bid(firm, number)).follow(re.compile("^Déposer")).pose("piece")
    firm.page.locator("main input[type=file]").set_input_files(
        [pdf("attestation.pdf", plain_act("Attestation"))]
    )
    firm.press("Déposer", firm.main)
    buyer.visit(contract).follow("Vérifier").pose("piece-verifier")
    buyer.tick("La pièce est acceptée").press("Enregistrer la décision")
    return contract


def sign(stage: Stage, number: int, contract: str, database: Any) -> None:
    """Too early, then unsigned, then signed; served, and the award notice is published."""
    buyer, signatory = stage.person("acheteuse"), stage.person("signataire")
    act = pdf("acte.pdf", signed())
    send(signatory, contract, act)
    signatory.sees("R2182-1").pose("signature-trop-tot")
    the_standstill_passes(database, number)
    send(signatory, contract, pdf("acte.pdf", plain_act("Acte sans signature")))
    signatory.sees("ne porte aucune signature").pose("signature-absente")
    send(signatory, contract, act)
    signatory.sees("reste à le notifier").pose("contrat-signe")
    buyer.visit(contract).press("Notifier au titulaire").sees("il prend effet")
    buyer.visit(f"/consultations/{number}/contrats/").press("Publier l'avis d'attribution").sees("est publié")
    stage.anyone().visit(f"/consultations/{number}/").pose("avis-d-attribution")


def signed() -> bytes:
    """A signed act, made in a thread of its own: the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as apart:
        words = ("Acte d'engagement", "Titulaire", "Acheteur")
        return apart.submit(signed_act, *words, at=now()).result()


def send(signatory: Person, contract: str, act: dict) -> None:
    """Put an act on the contract."""
    signatory.visit(f"{contract}signer/")
    signatory.page.locator("main input[type=file]").set_input_files([act])
    signatory.press("Enregistrer la signature")


def take_away(stage: Stage, number: int) -> None:
    """The whole file of the procedure leaves as one archive."""
    buyer = stage.person("acheteuse").visit(f"/consultations/{number}/analyse/")
    with buyer.page.expect_download() as waiting:
        buyer.page.get_by_role("button", name="Télécharger le dossier complet").click()
    assert waiting.value.suggested_filename.endswith(".zip")
    assert waiting.value.path().stat().st_size > 10_000
    buyer.visit(f"/consultations/{number}/suivi/").pose("suivi")
