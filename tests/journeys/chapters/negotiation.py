"""The same topics and the same time for each candidate: grid, slots, record countersigned, final offers."""

import re
from datetime import datetime, timedelta

from tests.journeys.chapters.judging import lots_of, own_bid
from tests.journeys.people import Person, Stage


def in_days(days: int) -> str:
    """A noon to come, as a field of date and time takes it."""
    return (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%dT12:00")


def prepare(buyer: Person, number: int) -> tuple[str, list[str]]:
    """The grid drawn from the impact questions, then each candidate's place and slots; all invited at once."""
    page = lots_of(buyer, number)[0].replace("/analyse/", "/negociation/")
    buyer.visit(page).pose("negociation-grille").press("Préparer la négociation").pose("negociation")
    links = buyer.page.locator("main tbody th a").all()
    meetings = [link.get_attribute("href") for link in links]
    for rank, meeting in enumerate(meetings):
        buyer.visit(meeting)
        if rank == 0:
            buyer.press("Garder").sees("obligatoire").pose("entretien")
        buyer.fill("Lieu ou adresse", "Visioconférence, lien envoyé la veille").fill(
            "Créneau 1", in_days(4 + rank)
        )
        for prompt in buyer.page.locator("[name^=prompt-]").all():
            prompt.fill("Précisez votre engagement.")
        buyer.press("Garder")
    buyer.visit(page).page.locator("summary", has_text="Inviter les candidats").click()
    buyer.press(re.compile("^Confirmer"))
    return page, meetings


def choose(firm: Person, number: int) -> None:
    """A candidate chooses its slot from its own page."""
    firm.visit(own_bid(firm, number)).follow(re.compile("négociation|réunion", re.IGNORECASE), firm.main)
    firm.pose("creneau")
    firm.page.locator("main input[type=radio]").first.check()
    firm.press("Choisir ce créneau")


def keep(firm: Person, number: int) -> None:
    """Another one keeps its offer without a meeting."""
    firm.visit(own_bid(firm, number)).follow(re.compile("négociation|réunion", re.IGNORECASE), firm.main)
    firm.follow("Maintenir mon offre").pose("offre-maintenue")
    firm.fill("Votre réponse", "Nous maintenons notre offre.").press("Répondre")


def hear(stage: Stage, meeting: str, firm: Person, number: int) -> None:
    """The record is written, a commitment becomes a clause, the candidate countersigns."""
    buyer = stage.person("acheteuse").visit(meeting)
    buyer.follow("Écrire un engagement").press("Écrire l'engagement").sees("obligatoire").pose("engagement")
    buyer.fill("Clause", "Le titulaire publie l'empreinte de l'hébergement chaque trimestre.")
    buyer.fill("Indicateur", "Émissions en kg équivalent CO₂ par mois").fill("Cible", "− 20 % en un an")
    buyer.press("Écrire l'engagement").visit(meeting)
    for outcome in buyer.page.locator("[name^=outcome-]").all():
        outcome.fill("Point éclairci, repris dans l'offre finale.")
    buyer.pose("compte-rendu").press("Partager le compte rendu")
    firm.visit(own_bid(firm, number)).follow(re.compile("négociation|réunion", re.IGNORECASE), firm.main)
    firm.pose("compte-rendu-recu").fill("Vos remarques", "Conforme.").tick("J'ai lu le compte rendu")
    firm.press("Contresigner")


def ask_final_offers(buyer: Person, page: str) -> None:
    """A past date is refused; the final offers are sealed again."""
    buyer.visit(page).pose("offres-finales").fill("Offres finales attendues", "2020-01-01T12:00")
    buyer.press(re.compile("^Clore la négociation")).sees("passée")
    buyer.fill("Offres finales attendues", in_days(6)).press(re.compile("^Clore la négociation"))
    buyer.sees("Négociation close")
