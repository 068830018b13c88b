"""Marks given alone, settled together, offers side by side, prices that look too low."""

import re

from tests.journeys.chapters.opening import declare_once
from tests.journeys.people import Person, Stage

FUTURE = "2099-01-10T12:00"


def lots_of(person: Person, number: int) -> list[str]:
    """The addresses of the analysis of each lot."""
    person.visit(f"/consultations/{number}/analyse/")
    links = person.page.locator("main tbody th a").all()
    return list(dict.fromkeys(link.get_attribute("href") for link in links))


def mark(evaluator: Person, number: int, points: tuple[str, ...], *, shown: bool = False) -> None:
    """One evaluator marks each offer of each lot alone, then hands the marks in."""
    for place, address in enumerate(lots_of(evaluator, number)):
        evaluator.visit(address)
        offers = [link.get_attribute("href") for link in evaluator.page.locator("a[href$='/noter/']").all()]
        for rank, offer in enumerate(dict.fromkeys(offers)):
            is_shown = shown and place == rank == 0
            mark_one(evaluator, offer, points[rank % len(points)], shown=is_shown)
        evaluator.visit(address)
        evaluator.page.locator("summary", has_text="Rendre mes notes").first.click()
        evaluator.press(re.compile("Confirmer : rendre"))


def mark_one(evaluator: Person, offer: str, points: str, *, shown: bool) -> None:
    """Out of five: six is refused beside its field, the words stay."""
    evaluator.visit(offer)
    declare_once(evaluator)
    fields = evaluator.page.locator("[name^=points-]").all()
    for words in evaluator.page.locator("[name^=comment-]").all():
        words.fill("Méthode éprouvée, engagements mesurables ; équipe à préciser.")
    if shown:
        fields[0].fill("6")
        evaluator.press("Garder mes notes").sees(re.compile("inférieure? ou égale? à 5")).pose("noter")
        fields = evaluator.page.locator("[name^=points-]").all()
    for field in fields:
        field.fill(points)
    evaluator.press("Garder mes notes")


def settle(evaluator: Person, number: int) -> None:
    """Marks that differ are settled in a session, lot by lot."""
    for rank, address in enumerate(lots_of(evaluator, number)):
        evaluator.visit(f"{address}consensus/").press("Ouvrir une séance")
        if rank == 0:
            evaluator.pose("consensus")
        while evaluator.page.get_by_role("link", name=re.compile("^Arrêter la note")).count():
            evaluator.follow(re.compile("^Arrêter la note"))
            evaluator.fill("Note retenue", "4").fill("Motif", "Le mémoire répond, page 12.")
            evaluator.press("Arrêter cette note")
        evaluator.fill("Ce qui a été discuté", "Chaque écart a été relu dans le mémoire.").press(
            "Clore la séance"
        )


def compare(buyer: Person, number: int) -> None:
    """The lot with its ranking, the offers in columns, a low price, an offer put out and back."""
    first = lots_of(buyer, number)[0]
    buyer.pose("analyse-des-lots")
    buyer.visit(first).pose("classement-du-lot")
    buyer.visit(f"{first}comparaison/").pose("comparaison")
    offer = re.compile("^Écarter")
    buyer.visit(first).follow(offer).press("Écarter l'offre").sees("obligatoire").pose("ecarter")


def question_low(stage: Stage, number: int, name: str) -> None:
    """A price that looks too low: the firm is asked, answers, the buyer decides."""
    buyer, firm = stage.person("acheteuse"), stage.person(name)
    buyer.visit(lots_of(buyer, number)[0]).follow(re.compile("paraît bas")).pose("prix-bas")
    buyer.fill("Justifications demandées", "Comment tenez-vous ce prix ?").fill("Réponse attendue", FUTURE)
    buyer.press("Demander ces justifications")
    page = buyer.page.url
    firm.visit(own_bid(firm, number)).follow(re.compile("justifi", re.IGNORECASE)).pose("justifier")
    firm.fill("Vos justifications", "Un composant libre couvre la moitié du besoin.").press(
        "Envoyer mes justifications"
    )
    buyer.visit(page).tick("Le prix est justifié").fill("Motif", "Explication précise et vérifiable.").press(
        "Décider"
    )


def note_costs(buyer: Person, number: int) -> None:
    """What each offer declares of its costs of use, and where it is read, enters the life-cycle cost."""
    first = lots_of(buyer, number)[0]
    links = buyer.visit(first).page.get_by_role("link", name=re.compile("^Relever les coûts")).all()
    for rank, page in enumerate([link.get_attribute("href") for link in links]):
        buyer.visit(page)
        if rank == 0:
            buyer.press("Enregistrer les quantités").sees("obligatoire").pose("couts")
        buyer.page.locator("[name^=quantity-]").first.fill(str(4 + rank))
        buyer.page.locator("[name^=evidence-]").first.fill("Mémoire, page 14")
        buyer.press("Enregistrer les quantités")
    buyer.visit(first).pose("classement-final")


def own_bid(firm: Person, number: int) -> str:
    """The address of the firm's bid in force."""
    firm.visit(f"/consultations/{number}/")
    return firm.page.locator("a[href*='/reponses/']").first.get_attribute("href")
