"""Custodians prove their sentence beforehand, then open together; candidatures come first."""

import re

from tenders.demo.custodians import PASSPHRASE
from tests.journeys.chapters.tender import CUSTODIANS, declare_no_interest
from tests.journeys.people import Person, Stage


def declare_once(person: Person) -> None:
    """The declaration of interests, when the page asks it."""
    if person.page.get_by_role("button", name="Enregistrer ma déclaration").count():
        declare_no_interest(person)


def rehearse(custodian: Person) -> None:
    """A wrong sentence is refused in words; the right one proves the key."""
    custodian.visit("/consultations/ma-cle/").fill("Ma phrase secrète", "pas la bonne phrase du tout")
    custodian.main.get_by_role("button", name="Vérifier ma phrase").click()
    custodian.sees("n'ouvre pas votre clé").pose("ma-cle")
    custodian.fill("Ma phrase secrète", PASSPHRASE).press(re.compile("^Vérifier ma phrase"))
    custodian.sees("la répétition est enregistrée")


def together(stage: Stage, number: int, *, shown: bool = False) -> None:
    """Each declares interests once, then gives a part; a wrong sentence opens nothing."""
    page = f"/consultations/{number}/ouverture/"
    for name in CUSTODIANS[:2]:
        custodian = stage.person(name).visit(page)
        declare_once(custodian)
        if shown and name == CUSTODIANS[0]:
            custodian.fill("Votre phrase secrète", "une tout autre phrase")
            custodian.main.get_by_role("button", name="Donner ma part").click()
            custodian.sees("n'ouvre pas votre clé").pose("ouverture-phrase-fausse")
        custodian.fill("Votre phrase secrète", PASSPHRASE).press("Donner ma part")
    stage.person(CUSTODIANS[1]).visit(page).sees("Les plis sont ouverts")


def examine(buyer: Person, number: int) -> None:
    """What misses is asked from all concerned; every candidature is admitted, the list is closed."""
    page = f"/consultations/{number}/candidatures/"
    buyer.visit(page).pose("candidatures")
    buyer.follow("Demander des compléments").fill("Réponses attendues avant", "2020-01-01T12:00")
    buyer.press("Envoyer à tous").pose("complements")
    decide(buyer, page)


def decide(buyer: Person, page: str, *, but: str = "") -> None:
    """Admit each, but one left out of the short list; close the list."""
    buyer.visit(page)
    rows = buyer.page.locator("main tbody th a").all()
    for rank, (name, address) in enumerate([(row.inner_text(), row.get_attribute("href")) for row in rows]):
        buyer.visit(address)
        if rank == 0:
            buyer.pose("candidature")
        if but and but in name:
            buyer.follow(re.compile("^Rejeter")).pose("candidature-rejet").choose("Motif", "hors de la liste")
            buyer.fill("Raisons", "Quatrième : ses références sont plus loin de l'objet.")
            buyer.press(re.compile("^Rejeter"))
        else:
            buyer.press(re.compile("^Admettre"))
    buyer.visit(page).press(re.compile("^Arrêter la liste")).sees("La liste est arrêtée")
