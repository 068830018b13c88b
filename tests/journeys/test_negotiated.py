"""A negotiated procedure in a browser: candidatures, short list, offers, meetings, final offers sealed again."""

from typing import Any

from tests.journeys import backstage
from tests.journeys.ageing import the_deadline_passes
from tests.journeys.chapters import answering, conclusion, judging, negotiation, opening
from tests.journeys.people import Person, Stage
from tests.journeys.post import letter

CANDIDATES = ("fournisseur", "fournisseur2", "titulaire")


def apply(supplier: Person, call: str) -> None:
    """A candidature alone: a lot must be ticked, no price is asked."""
    supplier.visit(f"{call}/repondre/").does_not_see("Bordereau des prix")
    supplier.main.get_by_role("button", name="Vérifier ma réponse").click()
    supplier.sees("Cochez au moins un lot").pose("candidature-refus")
    supplier.tick("Je déclare sur l'honneur").tick("Lot 1")
    answering.deposit(supplier)
    supplier.pose("candidature-recue")


def short_list(stage: Stage, number: int, platform: Any) -> None:
    """Three of four are kept, invited to offer together; the fourth reads why."""
    the_deadline_passes(platform, number)
    opening.together(stage, number)
    buyer, page = stage.person("acheteuse"), f"/consultations/{number}/candidatures/"
    opening.decide(buyer, page, but="Grand Large")
    buyer.follow("Inviter les candidats à remettre une offre").fill(
        "Offres attendues avant", negotiation.in_days(3)
    )
    buyer.press("Inviter ces candidats").sees("jours francs").pose("inviter-a-offrir")
    buyer.fill("Offres attendues avant", negotiation.in_days(28)).press("Inviter ces candidats")


def first_offers(stage: Stage, platform: Any, number: int, database: Any) -> None:
    """One firm offers in its browser, two behind the scenes; custodians open again, under another key."""
    answering.answer(stage.person("fournisseur"), f"/consultations/{number}", price=700, lots=(1,))
    for name, factor in (("fournisseur2", "0.97"), ("titulaire", "1.04")):
        backstage.tell(platform, "offer_of", number, name, factor)
    the_deadline_passes(platform, number)
    opening.together(stage, number)


def negotiate(stage: Stage, number: int) -> None:
    """Two candidates are heard, the third keeps its offer."""
    buyer = stage.person("acheteuse")
    page, meetings = negotiation.prepare(buyer, number)
    negotiation.keep(stage.person("titulaire"), number)
    firms = [stage.person(name) for name in CANDIDATES[:2]]
    for firm in firms:
        negotiation.choose(firm, number)
    for meeting in meetings:
        buyer.visit(meeting)
        heard = [
            firm for firm, name in zip(firms, ("Atelier", "Octave"), strict=True) if name in title(buyer)
        ]
        for firm in heard:
            negotiation.hear(stage, meeting, firm, number)
    negotiation.ask_final_offers(buyer, page)


def title(person: Person) -> str:
    """The heading of the page."""
    return person.page.locator("h1").inner_text()


def test_a_negotiated_procedure(stage: Stage, platform, database, mailbox) -> None:
    number = backstage.tell(platform, "negotiated")
    apply(stage.person("fournisseur"), f"/consultations/{number}")
    short_list(stage, number, platform)
    first_offers(stage, platform, number, database)
    negotiate(stage, number)
    answering.answer(stage.person("fournisseur"), f"/consultations/{number}", price=610, lots=(1,))
    for name, factor in (("fournisseur2", "0.93"), ("titulaire", "1.04")):
        backstage.tell(platform, "offer_of", number, name, factor)
    the_deadline_passes(platform, number)
    opening.together(stage, number)
    judging.mark(stage.person("evaluatrice"), number, ("4", "3", "3"))
    judging.note_costs(stage.person("acheteuse"), number)
    conclusion.decide(stage, number)
    stage.person("fournisseur").visit(judging.own_bid(stage.person("fournisseur"), number)).pose(
        "avancement-candidat"
    )
    assert letter(mailbox, "fournisseur@jalon.example", "Compte rendu à contresigner")
    stage.at_ease()
